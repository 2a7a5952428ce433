//! What the log may show of a value: skipped fields are left out, redacted ones hold a marker.

use mongodb::bson::{Bson, Document, doc};

use crate::{
    document::{AuditPolicy, FieldMeta, Meta, Shape, names},
    value::{Pairs, equal},
};

/// The only field of the marker that stands for a redacted value.
const REDACTED: &str = "redacted";

/// What stands in the place of a redacted value.
pub(crate) fn marker() -> Bson {
    Bson::Document(doc! { REDACTED: true })
}

/// A document as the log shows it: without what serves monguard's protocol, masked.
pub(crate) fn image(meta: &Meta, document: &Document) -> Document {
    image_without(meta, document, names::is_left_out_of_images)
}

/// A document, masked, without the top-level fields that `is_left_out` names.
pub(crate) fn image_without(
    meta: &Meta,
    document: &Document,
    is_left_out: impl Fn(&str) -> bool,
) -> Document {
    let shape = hiding(Some(meta.shape()));
    let shown = document.iter().filter(|(name, _)| !is_left_out(name));
    match shape {
        None => shown
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
        Some(_) => masked_fields(shown, meta.fields()),
    }
}

/// A value as the log shows it.
pub(crate) fn masked(value: &Bson, shape: Option<Shape>) -> Bson {
    let Some(shape) = hiding(shape) else {
        return value.clone();
    };
    match (value, shape) {
        (Bson::Null, _) => Bson::Null,
        _ if is_marker(value) => marker(),
        (Bson::Document(document), Shape::Struct(fields)) => {
            Bson::Document(masked_fields(document.iter(), fields))
        }
        (Bson::Document(document), Shape::Map(item)) => {
            let item = item();
            let fields = document.iter();
            Bson::Document(
                fields
                    .map(|(key, value)| (key.clone(), masked(value, Some(item))))
                    .collect(),
            )
        }
        (Bson::Array(items), Shape::List(item)) => {
            let item = item();
            Bson::Array(
                items
                    .iter()
                    .map(|value| masked(value, Some(item)))
                    .collect(),
            )
        }
        // Of another kind than the model says: nobody knows which part of it is secret.
        (_, Shape::Struct(_) | Shape::List(_) | Shape::Map(_)) => marker(),
    }
}

/// The shape, if a value of it can hold something that the log must not show.
pub(crate) fn hiding(shape: Option<Shape>) -> Option<Shape> {
    shape.filter(|shape| shape.hides())
}

/// Whether a value is of the kind that its shape says; null is of every kind.
pub(crate) fn fits(value: &Bson, shape: Shape) -> bool {
    matches!(
        (value, shape),
        (Bson::Null, _)
            | (Bson::Document(_), Shape::Struct(_) | Shape::Map(_))
            | (Bson::Array(_), Shape::List(_))
    )
}

/// Whether two values differ nowhere but in skipped fields. Redacted fields are compared by
/// their values.
pub(crate) fn equal_where_logged(old: &Bson, new: &Bson, shape: Option<Shape>) -> bool {
    let Some(shape) = hiding(shape) else {
        return equal(old, new);
    };
    match (old, new, shape) {
        (Bson::Document(old), Bson::Document(new), Shape::Struct(_) | Shape::Map(_)) => {
            Pairs::of(old, new).all(|(key, old, new)| match (treatment(shape, key), old, new) {
                (Treatment::LeaveOut, _, _) => true,
                (Treatment::Redact, Some(old), Some(new)) => equal(old, new),
                (Treatment::Show(shape), Some(old), Some(new)) => {
                    equal_where_logged(old, new, shape)
                }
                (Treatment::Redact | Treatment::Show(_), _, _) => false,
            })
        }
        (Bson::Array(old), Bson::Array(new), Shape::List(item)) => {
            let item = item();
            old.len() == new.len()
                && old
                    .iter()
                    .zip(new)
                    .all(|(old, new)| equal_where_logged(old, new, Some(item)))
        }
        _ => equal(old, new),
    }
}

/// What the log does with one field of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Treatment {
    /// Its value is shown, by this shape.
    Show(Option<Shape>),
    /// A marker is shown.
    Redact,
    /// Nothing is shown.
    LeaveOut,
}

/// What the log does with the field `key` of a document of this shape.
pub(crate) fn treatment(shape: Shape, key: &str) -> Treatment {
    match shape {
        Shape::Struct(fields) => {
            let own = fields.iter().find(|field| field.stored_name() == key);
            let field = own.or_else(|| fields.iter().find(|field| field.is_stored_as(key)));
            match field.map(|field| (field, field.audit_policy())) {
                // A field that the model does not know is data like any other.
                None => Treatment::Show(None),
                Some((field, AuditPolicy::Log)) => Treatment::Show(field.shape()),
                Some((_, AuditPolicy::Redact)) => Treatment::Redact,
                Some((_, AuditPolicy::Skip)) => Treatment::LeaveOut,
            }
        }
        Shape::Map(item) => Treatment::Show(Some(item())),
        // A document where a list should be: its owner masks the whole before it comes here.
        Shape::List(_) => Treatment::Redact,
    }
}

fn masked_fields<'a>(
    fields: impl Iterator<Item = (&'a String, &'a Bson)>,
    metas: &'static [FieldMeta],
) -> Document {
    let mut shown = Document::new();
    for (name, value) in fields {
        match treatment(Shape::Struct(metas), name) {
            Treatment::Show(shape) => shown.insert(name, masked(value, shape)),
            Treatment::Redact => shown.insert(name, marker()),
            Treatment::LeaveOut => None,
        };
    }
    shown
}

/// A marker stays one when it is masked again.
fn is_marker(value: &Bson) -> bool {
    let Bson::Document(document) = value else {
        return false;
    };
    document.len() == 1 && document.get(REDACTED) == Some(&Bson::Boolean(true))
}

#[cfg(test)]
mod tests {
    use mongodb::bson::bson;

    use super::*;
    use crate::audit::models::{ACCOUNT, SECRET};

    #[test]
    fn an_image_hides_what_is_secret_and_what_is_monguards() {
        let document = doc! {
            "_id": 1, "__v": 2, "__w": 3, "__audit": [], "__tombstone": true, "idempotentHash": "h",
            "name": "n", "cardToken": SECRET, "pin": SECRET, "oldPin": null,
            "note": SECRET, "address": { "street": "s", "door": SECRET, "extra": 1 },
            "contacts": [{ "door": SECRET, "street": 1 }, null], "byName": { "a": { "door": null } },
        };
        let expected = doc! {
            "_id": 1, "__v": 2, "name": "n", "cardToken": { "redacted": true },
            "pin": { "redacted": true }, "oldPin": { "redacted": true },
            "address": { "street": "s", "door": { "redacted": true }, "extra": 1 },
            "contacts": [{ "door": { "redacted": true }, "street": 1 }, null],
            "byName": { "a": { "door": { "redacted": true } } },
        };
        assert_eq!(image(&ACCOUNT, &document), expected);
        assert_eq!(image(&ACCOUNT, &expected), expected);
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_masked_as_a_whole() {
        let document = doc! {
            "address": SECRET, "contacts": { "a": SECRET }, "byName": [{ "door": SECRET }],
        };
        let expected = doc! {
            "address": { "redacted": true }, "contacts": { "redacted": true }, "byName": { "redacted": true },
        };
        assert_eq!(image(&ACCOUNT, &document), expected);
        let inside = doc! { "contacts": [[SECRET], 1], "byName": { "k": SECRET } };
        let expected = doc! {
            "contacts": [{ "redacted": true }, { "redacted": true }], "byName": { "k": { "redacted": true } },
        };
        assert_eq!(image(&ACCOUNT, &inside), expected);
    }

    #[test]
    fn only_skipped_fields_are_left_out_of_the_comparison() {
        let shape = Some(ACCOUNT.shape());
        let old = bson!({ "note": 1, "pin": 1, "contacts": [{ "memo": 1, "street": 1 }] });
        let skipped = bson!({ "note": 2, "pin": 1, "contacts": [{ "street": 1 }] });
        let redacted = bson!({ "note": 1, "pin": 2, "contacts": [{ "memo": 1, "street": 1 }] });
        let shown = bson!({ "note": 1, "pin": 1, "contacts": [{ "memo": 1, "street": 2 }] });
        assert!(equal_where_logged(&old, &skipped, shape));
        assert!(!equal_where_logged(&old, &redacted, shape));
        assert!(!equal_where_logged(&old, &shown, shape));
    }
}
