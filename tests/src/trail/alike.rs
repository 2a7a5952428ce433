//! Whether the log tells of what is stored.

use std::collections::BTreeSet;

use mongodb::bson::{Bson, Document};

/// What monguard owns at the top level, and entries need not show.
const OWNED: [&str; 10] = [
    "__v",
    "__w",
    "__audit",
    "__tombstone",
    "__replaced",
    "idempotentHash",
    "createdAt",
    "updatedAt",
    "createdBy",
    "updatedBy",
];

/// The names at which a document that the log tells of differs from another one.
pub(super) fn differing(
    told: &Document,
    stored: &Document,
    left_out: &BTreeSet<String>,
) -> Vec<String> {
    let names: BTreeSet<_> = told.keys().chain(stored.keys()).collect();
    names
        .into_iter()
        .filter(|name| !OWNED.contains(&name.as_str()) && !left_out.contains(*name))
        .filter(|name| !sides_alike(told.get(name), stored.get(name)))
        .cloned()
        .collect()
}

fn sides_alike(told: Option<&Bson>, stored: Option<&Bson>) -> bool {
    match (told, stored) {
        (Some(told), Some(stored)) => alike(told, stored),
        (None, None) => true,
        _ => false,
    }
}

/// Whether two values are the same: numbers whatever their width, maps whatever their order, and
/// what is redacted whatever it is.
fn alike(told: &Bson, stored: &Bson) -> bool {
    if is_marker(told) || is_marker(stored) {
        return true;
    }
    match (told, stored) {
        (Bson::Document(told), Bson::Document(stored)) => {
            let names: BTreeSet<_> = told.keys().chain(stored.keys()).collect();
            let mut names = names.into_iter();
            names.all(|name| sides_alike(told.get(name), stored.get(name)))
        }
        (Bson::Array(told), Bson::Array(stored)) => {
            told.len() == stored.len() && told.iter().zip(stored).all(|(a, b)| alike(a, b))
        }
        _ => match (whole(told), whole(stored)) {
            (Some(told), Some(stored)) => told == stored,
            _ => told == stored,
        },
    }
}

/// What stands in the place of a redacted value.
fn is_marker(value: &Bson) -> bool {
    let marker = value.as_document();
    marker.is_some_and(|marker| {
        marker.len() == 1 && marker.get("redacted") == Some(&Bson::Boolean(true))
    })
}

/// A whole number.
pub(super) fn whole(value: &Bson) -> Option<i64> {
    match value {
        Bson::Int32(number) => Some(i64::from(*number)),
        Bson::Int64(number) => Some(*number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;

    use super::*;

    fn names(told: Document, stored: Document) -> Vec<String> {
        differing(&told, &stored, &BTreeSet::from(["visits".to_owned()]))
    }

    #[test]
    fn only_what_the_log_does_not_tell_differs() {
        let told =
            doc! { "_id": 1, "n": 1, "m": { "a": 1, "b": [1, 2] }, "pin": { "redacted": true } };
        let stored = doc! {
            "_id": 1_i64, "n": 1_i64, "m": { "b": [1, 2], "a": 1 }, "pin": "1234", "__v": 3, "visits": 4,
        };
        assert!(names(told.clone(), stored.clone()).is_empty());
        for (name, value) in [
            ("n", Bson::Int32(2)),
            ("n", Bson::Null),
            ("m", Bson::Document(doc! { "a": 1, "b": [2, 1] })),
            ("m", Bson::Document(doc! { "a": 1 })),
            ("other", Bson::Null),
        ] {
            let mut other = stored.clone();
            other.insert(name, value);
            assert_eq!(names(told.clone(), other), [name]);
        }
        let mut without = stored;
        without.remove("pin");
        assert_eq!(names(told, without), ["pin"]);
    }
}
