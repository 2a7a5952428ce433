use std::time::Duration;

use mongodb::IndexModel;
use mongodb::bson::{Bson, Document};
use mongodb::options::IndexOptions;

use super::WantedIndex;
use super::wanted::Origin;
use crate::value::equal;

/// How a wanted index stands to those that are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// One that serves is there, under this name.
    Found(String),
    Missing,
    Conflict(InTheWay),
}

/// An index that is in the way of a wanted one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InTheWay {
    pub(crate) name: String,
    /// In what it differs, in words that quote no values of documents.
    pub(crate) differences: Vec<String>,
}

/// Compares a wanted index with those that are there.
pub(crate) fn standing(wanted: &WantedIndex, existing: &[IndexModel]) -> Standing {
    let mut in_the_way = None;
    for index in existing {
        // Under a collation, other values count as equal: it is another index on the same fields.
        let has_keys = is_same_order(&index.keys, &wanted.keys) && !has_collation(index);
        let name = name_of(index);
        let differences = differences(wanted, index, has_keys);
        if has_keys && differences.is_empty() {
            return Standing::Found(name);
        }
        if name == wanted.name || (has_keys && !covers_others(wanted, index)) {
            in_the_way = Some(InTheWay { name, differences });
        }
    }
    in_the_way.map_or(Standing::Missing, Standing::Conflict)
}

/// The names of the indexes that no wanted one is found by. That of the id is always there.
pub(crate) fn others(found: &[String], existing: &[IndexModel]) -> Vec<String> {
    const OF_THE_ID: &str = "_id_";
    existing
        .iter()
        .map(name_of)
        .filter(|name| name != OF_THE_ID && !found.contains(name))
        .collect()
}

/// Whether both are for a part of the documents, and not for the same one.
fn covers_others(wanted: &WantedIndex, index: &IndexModel) -> bool {
    let options = index.options.as_ref();
    let partial = options.and_then(|options| options.partial_filter_expression.as_ref());
    wanted.origin == Origin::Model
        && wanted.partial.is_some()
        && partial.is_some()
        && !is_same_filter(partial, wanted.partial.as_ref())
}

/// In what an index differs from the wanted one.
fn differences(wanted: &WantedIndex, index: &IndexModel, has_keys: bool) -> Vec<String> {
    let none = IndexOptions::default();
    let there = index.options.as_ref().unwrap_or(&none);
    let mut differences = Vec::new();
    if !has_keys {
        let collation = if has_collation(index) {
            ", under a collation"
        } else {
            ""
        };
        let (keys, wanted) = (written(&index.keys), written(&wanted.keys));
        differences.push(format!("it is on `{keys}`{collation}, not on `{wanted}`"));
    }
    if there.unique.unwrap_or(false) != wanted.unique {
        let is = if wanted.unique {
            "not unique"
        } else {
            "unique"
        };
        differences.push(format!("it is {is}"));
    }
    match wanted.origin {
        Origin::Promise => differences.extend(gaps(wanted, there)),
        Origin::Model => differences.extend(other_options(wanted, there)),
    }
    differences
}

/// What keeps an index from keeping the promise that the wanted one keeps.
fn gaps(wanted: &WantedIndex, there: &IndexOptions) -> Option<String> {
    let partial = there.partial_filter_expression.as_ref();
    let covers = match (partial, &wanted.partial) {
        // Every document, or every document that has the field.
        (None, Some(_)) => true,
        (None, None) => !there.sparse.unwrap_or(false),
        (Some(_), _) => is_same_filter(partial, wanted.partial.as_ref()),
    };
    (!covers).then(|| "it leaves documents out".to_owned())
}

/// Every option that is not as the model declares it.
fn other_options(wanted: &WantedIndex, there: &IndexOptions) -> Vec<String> {
    let mut differences = Vec::new();
    if there.sparse.unwrap_or(false) != wanted.sparse {
        let is = if wanted.sparse {
            "not sparse"
        } else {
            "sparse"
        };
        differences.push(format!("it is {is}"));
    }
    let partial = there.partial_filter_expression.as_ref();
    if !is_same_filter(partial, wanted.partial.as_ref()) {
        // The filters may hold values that a model hides.
        differences.push("its partial filter is another one".to_owned());
    }
    let expire_after = wanted.expire_after.map(u64::from).map(Duration::from_secs);
    if there.expire_after != expire_after {
        let (is, shall) = (lifetime(there.expire_after), lifetime(expire_after));
        differences.push(format!("documents in it expire {is}, not {shall}"));
    }
    if there.hidden.unwrap_or(false) {
        differences.push("it is hidden from queries".to_owned());
    }
    differences
}

fn lifetime(after: Option<Duration>) -> String {
    after.map_or_else(
        || "never".to_owned(),
        |after| format!("after {} s", after.as_secs()),
    )
}

fn is_same_filter(a: Option<&Document>, b: Option<&Document>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => equal(&Bson::Document(a.clone()), &Bson::Document(b.clone())),
        (Some(_), None) | (None, Some(_)) => false,
    }
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

/// `status: 1, createdAt: -1`
fn written(keys: &Document) -> String {
    let keys: Vec<String> = keys
        .iter()
        .map(|(field, direction)| format!("{field}: {direction}"))
        .collect();
    keys.join(", ")
}

pub(super) fn name_of(index: &IndexModel) -> String {
    let name = index
        .options
        .as_ref()
        .and_then(|options| options.name.clone());
    name.unwrap_or_default()
}

#[cfg(test)]
mod tests;
