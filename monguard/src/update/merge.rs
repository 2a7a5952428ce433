use mongodb::bson::{Bson, Document};

use crate::document::{FieldMeta, Meta, Shape, names};
use crate::error::{InvalidReason, InvalidUpdate};
use crate::value::equal;

/// What a stored document becomes when the model's value in it is replaced.
///
/// Fields that the model does not know stay, at the top level (unless the value has a map of them)
/// and inside nested structs; so do those that monguard owns.
pub(crate) fn merge(
    meta: &Meta,
    stored: &Document,
    value: &Document,
) -> Result<Document, InvalidUpdate> {
    let mut merged = stored.clone();
    for field in meta.fields() {
        let name = field.stored_name();
        if name == names::ID && !same(stored.get(name), value.get(name)) {
            return Err(InvalidUpdate::new(name, InvalidReason::Immutable));
        }
        if names::is_owned(name, meta.version_name()) {
            continue;
        }
        replace_field(field, &mut merged, value.get(name));
        if field.is_idempotency_key() && !same(stored.get(name), merged.get(name)) {
            return Err(InvalidUpdate::new(name, InvalidReason::Immutable));
        }
    }
    if meta.has_unknown_fields() {
        replace_unknown_fields(meta, &mut merged, value);
    }
    Ok(merged)
}

/// The value of such a model holds every field that the model does not declare.
fn replace_unknown_fields(meta: &Meta, merged: &mut Document, value: &Document) {
    let is_unknown = |name: &str| !meta.is_taken(name);
    let gone = merged
        .keys()
        .filter(|name| is_unknown(name) && !value.contains_key(name.as_str()));
    let gone: Vec<String> = gone.cloned().collect();
    for name in gone {
        merged.remove(name);
    }
    for (name, value) in value.iter().filter(|(name, _)| is_unknown(name)) {
        merged.insert(name, value.clone());
    }
}

fn same(a: Option<&Bson>, b: Option<&Bson>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => equal(a, b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

fn replace_field(field: &FieldMeta, place: &mut Document, value: Option<&Bson>) {
    let name = field.stored_name();
    let mut stored = place.get(name).cloned();
    for alias in field.other_names() {
        let old = place.remove(alias);
        stored = stored.or(old);
    }
    match value {
        None => {
            place.remove(name);
        }
        Some(value) => {
            let merged = match (field.shape(), &stored) {
                (Some(shape), Some(stored)) => merge_value(shape, stored, value),
                _ => value.clone(),
            };
            place.insert(name, merged);
        }
    }
}

fn merge_value(shape: Shape, stored: &Bson, value: &Bson) -> Bson {
    match (shape, stored, value) {
        (Shape::Struct(fields), Bson::Document(stored), Bson::Document(value)) => {
            Bson::Document(merge_struct(fields, stored, value))
        }
        (Shape::Map(item), Bson::Document(stored), Bson::Document(value)) => {
            let merged = value.iter().map(|(key, value)| {
                let merged = stored
                    .get(key)
                    .map(|stored| merge_value(item(), stored, value));
                (key.clone(), merged.unwrap_or_else(|| value.clone()))
            });
            Bson::Document(merged.collect())
        }
        (Shape::List(item), Bson::Array(stored), Bson::Array(values)) => {
            Bson::Array(merge_list(item(), stored, values))
        }
        _ => value.clone(),
    }
}

fn merge_struct(fields: &[FieldMeta], stored: &Document, value: &Document) -> Document {
    let mut merged = stored.clone();
    for field in fields {
        replace_field(field, &mut merged, value.get(field.stored_name()));
    }
    merged
}

/// Elements have no identity. One that is there unchanged keeps its unknown fields wherever it
/// moved; one that was changed takes those of the element in its place, unless that one moved.
fn merge_list(shape: Shape, stored: &[Bson], values: &[Bson]) -> Vec<Bson> {
    let mut is_taken = vec![false; stored.len()];
    let mut merged: Vec<Option<Bson>> = Vec::with_capacity(values.len());
    for value in values {
        let unchanged = stored.iter().enumerate().find(|(index, stored)| {
            !is_taken.get(*index).copied().unwrap_or(true)
                && equal(&merge_value(shape, stored, value), stored)
        });
        merged.push(unchanged.map(|(index, stored)| {
            if let Some(taken) = is_taken.get_mut(index) {
                *taken = true;
            }
            stored.clone()
        }));
    }
    let places = merged.into_iter().zip(values).enumerate();
    places
        .map(|(index, (unchanged, value))| {
            unchanged.unwrap_or_else(|| match (stored.get(index), is_taken.get(index)) {
                (Some(stored), Some(false)) => merge_value(shape, stored, value),
                _ => value.clone(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;

    use super::*;

    static LINE: [FieldMeta; 2] = [FieldMeta::new("sku", "sku"), FieldMeta::new("n", "n")];
    static FIELDS: [FieldMeta; 4] = [
        FieldMeta::new("key", "key").idempotency_key(),
        FieldMeta::new("total", "total").aliases(&["sum"]),
        FieldMeta::new("first", "first").nested(line),
        FieldMeta::new("lines", "lines").nested(lines),
    ];
    const META: Meta = Meta::new("Invoice", &FIELDS);

    fn line() -> Shape {
        Shape::Struct(&LINE)
    }

    fn lines() -> Shape {
        Shape::List(line)
    }

    #[test]
    fn fields_that_the_model_does_not_know_stay() {
        let stored = doc! { "_id": 1, "__v": 2, "sum": 1, "legacy": true,
        "first": { "sku": "a", "n": 1, "note": "x" } };
        let value = doc! { "total": 5, "first": { "sku": "b" } };
        let expected = doc! { "_id": 1, "__v": 2, "legacy": true,
        "first": { "sku": "b", "note": "x" }, "total": 5 };
        assert!(equal(
            &Bson::Document(merge(&META, &stored, &value).unwrap()),
            &Bson::Document(expected)
        ));
    }

    #[test]
    fn elements_keep_their_unknown_fields_when_they_move() {
        let stored = doc! { "lines": [{ "sku": "a", "n": 1, "note": "of a" },
        { "sku": "b", "n": 1, "note": "of b" }] };
        let moved = doc! { "lines": [{ "sku": "b", "n": 1 }, { "sku": "a", "n": 1 }] };
        let merged = merge(&META, &stored, &moved).unwrap();
        assert_eq!(
            merged,
            doc! { "lines": [{ "sku": "b", "n": 1, "note": "of b" },
            { "sku": "a", "n": 1, "note": "of a" }] }
        );
        let edited = doc! { "lines": [{ "sku": "a", "n": 7 }, { "sku": "b", "n": 1 }] };
        let merged = merge(&META, &stored, &edited).unwrap();
        assert_eq!(
            merged,
            doc! { "lines": [{ "sku": "a", "n": 7, "note": "of a" },
            { "sku": "b", "n": 1, "note": "of b" }] }
        );
    }

    #[test]
    fn the_idempotency_key_never_changes() {
        let error = merge(&META, &doc! { "key": "a" }, &doc! { "key": "b" }).unwrap_err();
        assert_eq!(*error.reason(), InvalidReason::Immutable);
        assert!(merge(&META, &doc! { "key": "a" }, &doc! { "key": "a" }).is_ok());
    }

    #[test]
    fn a_map_of_unknown_fields_is_the_truth_about_them() {
        let meta = Meta::new("Invoice", &FIELDS).keeps_unknown_fields();
        let stored = doc! { "key": "k", "__v": 1, "createdAt": 2, "sum": 3, "gone": 4, "kept": 5 };
        let value = doc! { "key": "k", "total": 3, "kept": 6, "new": null };
        let expected =
            doc! { "key": "k", "__v": 1, "createdAt": 2, "total": 3, "kept": 6, "new": null };
        assert_eq!(merge(&meta, &stored, &value).unwrap(), expected);
        let forgetful =
            doc! { "key": "k", "__v": 1, "createdAt": 2, "total": 3, "gone": 4, "kept": 5 };
        assert_eq!(merge(&META, &stored, &value).unwrap(), forgetful);
    }
}
