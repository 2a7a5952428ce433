use mongodb::IndexModel;
use mongodb::bson::{Bson, Document};

use super::WantedIndex;
use crate::value::equal;

/// How a wanted index stands to those that are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// One that serves is there, under this name.
    Found(String),
    Missing,
    /// This one is in the way.
    Conflict(String),
}

/// Compares a wanted index with those that are there.
pub(crate) fn standing(wanted: &WantedIndex, existing: &[IndexModel]) -> Standing {
    let mut in_the_way = None;
    for index in existing {
        // Under a collation, other values count as equal: it is another index on the same fields.
        let has_keys = is_same_order(&index.keys, &wanted.keys) && !has_collation(index);
        let name = name(index);
        if has_keys && serves(wanted, index) {
            return Standing::Found(name);
        }
        if has_keys || name == wanted.name {
            in_the_way = Some(name);
        }
    }
    in_the_way.map_or(Standing::Missing, Standing::Conflict)
}

/// Whether an index with the wanted keys keeps what the wanted one is for.
fn serves(wanted: &WantedIndex, index: &IndexModel) -> bool {
    let options = index.options.as_ref();
    let is_unique = options.and_then(|options| options.unique).unwrap_or(false);
    let is_sparse = options.and_then(|options| options.sparse).unwrap_or(false);
    let partial = options.and_then(|options| options.partial_filter_expression.as_ref());
    let covers = match (partial, &wanted.partial) {
        // Every document, or every document that has the field.
        (None, Some(_)) => true,
        (None, None) => !is_sparse,
        (Some(partial), Some(wanted)) => equal(
            &Bson::Document(partial.clone()),
            &Bson::Document(wanted.clone()),
        ),
        (Some(_), None) => false,
    };
    is_unique == wanted.unique && covers
}

fn has_collation(index: &IndexModel) -> bool {
    /// Compares bytes, as without a collation.
    const SIMPLE: &str = "simple";
    let options = index.options.as_ref();
    let collation = options.and_then(|options| options.collation.as_ref());
    collation.is_some_and(|collation| collation.locale != SIMPLE)
}

/// The order of an index's keys matters, and the number 1 may be stored as a double.
fn is_same_order(a: &Document, b: &Document) -> bool {
    a.len() == b.len()
        && a.iter()
            .zip(b)
            .all(|((a_name, a), (b_name, b))| a_name == b_name && equal(a, b))
}

fn name(index: &IndexModel) -> String {
    let name = index
        .options
        .as_ref()
        .and_then(|options| options.name.clone());
    name.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;
    use mongodb::options::IndexOptions;

    use super::super::wanted::key_index;
    use super::*;

    fn index(keys: Document, options: IndexOptions) -> IndexModel {
        IndexModel::builder().keys(keys).options(options).build()
    }

    fn named(name: &str) -> IndexOptions {
        IndexOptions::builder().name(name.to_owned()).build()
    }

    #[test]
    fn an_index_that_serves_is_found_whatever_its_name() {
        let wanted = key_index(&crate::audit::models::OPEN, "checkoutId");
        let mut unique = named("own");
        unique.unique = Some(true);
        let existing = [index(doc! { "checkoutId": 1.0 }, unique)];
        assert_eq!(
            standing(&wanted, &existing),
            Standing::Found("own".to_owned())
        );
        let same = [wanted.model()];
        assert_eq!(
            standing(&wanted, &same),
            Standing::Found(wanted.name.clone())
        );
    }

    #[test]
    fn other_options_or_keys_are_in_the_way() {
        let wanted = key_index(&crate::audit::models::OPEN, "checkoutId");
        let plain = [index(doc! { "checkoutId": 1 }, named("plain"))];
        assert_eq!(
            standing(&wanted, &plain),
            Standing::Conflict("plain".to_owned())
        );
        let other = [index(doc! { "x": 1 }, named(&wanted.name))];
        assert_eq!(
            standing(&wanted, &other),
            Standing::Conflict(wanted.name.clone())
        );
    }

    #[test]
    fn an_index_under_a_collation_is_another_one() {
        let wanted = key_index(&crate::audit::models::OPEN, "checkoutId");
        let mut options = named("own");
        options.unique = Some(true);
        let collation = |locale: &str| {
            let collation = mongodb::options::Collation::builder();
            Some(collation.locale(locale.to_owned()).build())
        };
        options.collation = collation("en");
        let existing = [index(doc! { "checkoutId": 1 }, options.clone())];
        assert_eq!(standing(&wanted, &existing), Standing::Missing);
        options.collation = collation("simple");
        let existing = [index(doc! { "checkoutId": 1 }, options)];
        let found = Standing::Found("own".to_owned());
        assert_eq!(standing(&wanted, &existing), found);
    }

    #[test]
    fn an_index_on_other_fields_does_not_matter() {
        let wanted = key_index(&crate::audit::models::OPEN, "checkoutId");
        let existing = [index(doc! { "checkoutId": 1, "x": 1 }, named("compound"))];
        assert_eq!(standing(&wanted, &existing), Standing::Missing);
    }
}
