//! The one equality: it decides both "nothing changed" and what an audit entry shows.

use mongodb::bson::{Bson, Document};

use super::number::Number;

/// Whether two values are worth the same.
///
/// Numbers by value over all widths (NaN equals NaN, minus zero is zero), dates by milliseconds,
/// documents whatever the order of their keys, arrays in order. Null, an absent field and an
/// empty document or array are three things, and a value never equals one of another kind.
pub(crate) fn equal(a: &Bson, b: &Bson) -> bool {
    match (a, b) {
        (Bson::String(a), Bson::String(b)) => a == b,
        (Bson::Document(a), Bson::Document(b)) => equal_documents(a, b),
        (Bson::Array(a), Bson::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Bson::Int32(a), Bson::Int32(b)) => a == b,
        (Bson::Int64(a), Bson::Int64(b)) => a == b,
        (Bson::Double(a), Bson::Double(b)) => equal_doubles(*a, *b),
        (Bson::JavaScriptCodeWithScope(a), Bson::JavaScriptCodeWithScope(b)) => {
            a.code == b.code && equal_documents(&a.scope, &b.scope)
        }
        _ => match (Number::of(a), Number::of(b)) {
            (Some(a), Some(b)) => a == b,
            // What is left holds no numbers, so that its own equality is the right one.
            _ => a == b,
        },
    }
}

/// [`equal`] for documents.
pub(crate) fn equal_documents(a: &Document, b: &Document) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut others = b.iter();
    // Documents in the same order, as nearly all are, need no look-up.
    a.iter().all(|(key, value)| match others.next() {
        Some((other_key, other)) if other_key == key => equal(value, other),
        _ => b.get(key).is_some_and(|other| equal(value, other)),
    })
}

#[allow(clippy::float_cmp, reason = "by value, and exactly")]
fn equal_doubles(a: f64, b: f64) -> bool {
    a == b || a.is_nan() && b.is_nan()
}

#[cfg(test)]
mod tests {
    use mongodb::bson::{DateTime, JavaScriptCodeWithScope, bson, oid::ObjectId};
    use proptest::prelude::*;

    use super::*;
    use crate::value::{arbitrary, write_canonical};

    #[test]
    fn null_absent_and_empty_are_three_things() {
        let values = [
            bson!({}),
            bson!({ "a": null }),
            bson!({ "a": {} }),
            bson!({ "a": [] }),
            bson!({ "a": [null] }),
        ];
        for (i, a) in values.iter().enumerate() {
            for (j, b) in values.iter().enumerate() {
                assert_eq!(equal(a, b), i == j, "{a} {b}");
            }
        }
    }

    #[test]
    fn keys_have_no_order_and_elements_do() {
        assert!(equal(
            &bson!({ "a": 1, "b": { "c": 1, "d": 2.0 } }),
            &bson!({ "b": { "d": 2, "c": 1_i64 }, "a": 1.0 })
        ));
        assert!(!equal(&bson!([1, 2]), &bson!([2, 1])));
        assert!(!equal(&bson!({ "a": 1 }), &bson!({ "b": 1 })));
        assert!(!equal(&bson!({ "a": 1 }), &bson!({ "a": 1, "b": 1 })));
        assert!(!equal(&bson!({ "0": 1 }), &bson!([1])));
    }

    #[test]
    fn kinds_do_not_mix() {
        let id = ObjectId::from_bytes([1; 12]);
        let values = [
            bson!("1"),
            bson!(1),
            bson!(true),
            Bson::Null,
            Bson::Undefined,
            Bson::Symbol("1".into()),
            Bson::DateTime(DateTime::from_millis(1)),
            Bson::ObjectId(id),
            bson!(id.to_hex()),
            Bson::MinKey,
            Bson::MaxKey,
            Bson::JavaScriptCode("1".into()),
        ];
        for (i, a) in values.iter().enumerate() {
            for (j, b) in values.iter().enumerate() {
                assert_eq!(equal(a, b), i == j, "{a} {b}");
            }
        }
    }

    #[test]
    fn a_scope_is_a_document() {
        let code = |scope| {
            Bson::JavaScriptCodeWithScope(JavaScriptCodeWithScope {
                code: "f".into(),
                scope,
            })
        };
        assert!(equal(
            &code(mongodb::bson::doc! { "a": 1 }),
            &code(mongodb::bson::doc! { "a": 1.0 })
        ));
    }

    fn canonical(value: &Bson) -> Vec<u8> {
        let mut out = Vec::new();
        write_canonical(value, &mut out);
        out
    }

    proptest! {
        #[test]
        fn equality_is_an_equivalence_and_agrees_with_the_canonical_form(
            values in proptest::collection::vec(arbitrary::value(3), 3),
        ) {
            for a in &values {
                prop_assert!(equal(a, a));
                let other = arbitrary::restored(a);
                prop_assert!(equal(a, &other), "{} {}", a, other);
                prop_assert_eq!(canonical(a), canonical(&other));
                for b in &values {
                    prop_assert_eq!(equal(a, b), equal(b, a));
                    prop_assert_eq!(equal(a, b), canonical(a) == canonical(b), "{} {}", a, b);
                    for c in &values {
                        prop_assert!(!(equal(a, b) && equal(b, c)) || equal(a, c));
                    }
                }
            }
        }

        #[test]
        fn scalars_agree_with_the_canonical_form(a in arbitrary::scalar(), b in arbitrary::scalar()) {
            prop_assert_eq!(equal(&a, &b), canonical(&a) == canonical(&b), "{} {}", a, b);
        }
    }
}
