//! The order of values: MongoDB's, which decides what its filters match.

use std::cmp::Ordering;

use mongodb::bson::{Bson, Document};

use super::number::Number;

/// Compares two values as MongoDB does: by bracket of types, then by value. Numbers by value over
/// all widths, NaN below them all; documents field by field, in the order of their keys.
///
/// Strings are compared by their bytes, which is what a collection without a collation does.
pub(crate) fn compare(a: &Bson, b: &Bson) -> Ordering {
    bracket(a).cmp(&bracket(b)).then_with(|| within(a, b))
}

/// The bracket of types that a value belongs to. Only values of one bracket are compared by value,
/// and a filter matches only within one.
pub(crate) fn bracket(value: &Bson) -> u8 {
    match value {
        Bson::MinKey => 0,
        Bson::Undefined => 1,
        Bson::Null => 2,
        Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_) | Bson::Decimal128(_) => 3,
        Bson::String(_) | Bson::Symbol(_) => 4,
        Bson::Document(_) => 5,
        Bson::Array(_) => 6,
        Bson::Binary(_) => 7,
        Bson::ObjectId(_) => 8,
        Bson::Boolean(_) => 9,
        Bson::DateTime(_) => 10,
        Bson::Timestamp(_) => 11,
        Bson::RegularExpression(_) => 12,
        Bson::DbPointer(_) => 13,
        Bson::JavaScriptCode(_) => 14,
        Bson::JavaScriptCodeWithScope(_) => 15,
        Bson::MaxKey => 16,
    }
}

/// Whether the value is the number that is none.
pub(crate) fn is_nan(value: &Bson) -> bool {
    matches!(Number::of(value), Some(Number::NaN))
}

fn within(a: &Bson, b: &Bson) -> Ordering {
    if let (Some(a), Some(b)) = (text(a), text(b)) {
        return a.cmp(b);
    }
    if let (Some(a), Some(b)) = (Number::of(a), Number::of(b)) {
        return a.cmp(&b);
    }
    match (a, b) {
        (Bson::Document(a), Bson::Document(b)) => documents(a, b),
        (Bson::Array(a), Bson::Array(b)) => arrays(a, b),
        (Bson::Binary(a), Bson::Binary(b)) => {
            let key = |bytes: &[u8], subtype: u8| (bytes.len(), subtype);
            key(&a.bytes, a.subtype.into())
                .cmp(&key(&b.bytes, b.subtype.into()))
                .then_with(|| a.bytes.cmp(&b.bytes))
        }
        (Bson::ObjectId(a), Bson::ObjectId(b)) => a.bytes().cmp(&b.bytes()),
        (Bson::Boolean(a), Bson::Boolean(b)) => a.cmp(b),
        (Bson::DateTime(a), Bson::DateTime(b)) => a.cmp(b),
        (Bson::Timestamp(a), Bson::Timestamp(b)) => {
            (a.time, a.increment).cmp(&(b.time, b.increment))
        }
        (Bson::RegularExpression(a), Bson::RegularExpression(b)) => {
            (a.pattern.as_str(), a.options.as_str()).cmp(&(b.pattern.as_str(), b.options.as_str()))
        }
        (Bson::JavaScriptCode(a), Bson::JavaScriptCode(b)) => a.cmp(b),
        (Bson::JavaScriptCodeWithScope(a), Bson::JavaScriptCodeWithScope(b)) => a
            .code
            .cmp(&b.code)
            .then_with(|| documents(&a.scope, &b.scope)),
        // Equal or not is all that can be said of the driver's opaque pointers.
        (Bson::DbPointer(_), Bson::DbPointer(_)) if a != b => {
            format!("{a:?}").cmp(&format!("{b:?}"))
        }
        _ => Ordering::Equal,
    }
}

fn text(value: &Bson) -> Option<&str> {
    match value {
        Bson::String(text) | Bson::Symbol(text) => Some(text),
        _ => None,
    }
}

/// Field by field: bracket, then name, then value. Of two that begin alike the shorter is less.
fn documents(a: &Document, b: &Document) -> Ordering {
    let mut others = b.iter();
    for (name, value) in a {
        let Some((other_name, other)) = others.next() else {
            return Ordering::Greater;
        };
        let order = bracket(value)
            .cmp(&bracket(other))
            .then_with(|| name.cmp(other_name))
            .then_with(|| within(value, other));
        if order.is_ne() {
            return order;
        }
    }
    match others.next() {
        Some(_) => Ordering::Less,
        None => Ordering::Equal,
    }
}

fn arrays(a: &[Bson], b: &[Bson]) -> Ordering {
    let differing = a
        .iter()
        .zip(b)
        .map(|(a, b)| compare(a, b))
        .find(|order| order.is_ne());
    differing.unwrap_or_else(|| a.len().cmp(&b.len()))
}

#[cfg(test)]
mod tests {
    use mongodb::bson::{Binary, bson, spec::BinarySubtype};
    use proptest::prelude::*;

    use super::*;
    use crate::value::{arbitrary, equal};

    fn ascend(values: &[Bson]) {
        for (i, a) in values.iter().enumerate() {
            for (j, b) in values.iter().enumerate() {
                assert_eq!(compare(a, b), i.cmp(&j), "{a} {b}");
            }
        }
    }

    #[test]
    fn kinds_come_in_the_order_of_the_server() {
        ascend(&[
            Bson::MinKey,
            Bson::Undefined,
            Bson::Null,
            bson!(f64::NAN),
            bson!(5),
            bson!(""),
            bson!({}),
            bson!([]),
            Bson::Binary(Binary {
                subtype: BinarySubtype::Generic,
                bytes: vec![],
            }),
            bson!(false),
            bson!(true),
            Bson::MaxKey,
        ]);
    }

    #[test]
    fn documents_are_compared_by_kind_then_name_then_value() {
        ascend(&[
            bson!({}),
            bson!({ "b": 1 }),
            bson!({ "b": 1, "a": 0 }),
            bson!({ "b": 2 }),
            bson!({ "c": 1 }),
            bson!({ "a": "x" }),
            bson!({ "b": "x" }),
        ]);
        assert!(compare(&bson!({ "a": 1, "b": 1 }), &bson!({ "b": 1, "a": 1 })).is_lt());
    }

    #[test]
    fn binary_data_is_compared_by_length_first() {
        let binary = |subtype, bytes: &[u8]| {
            Bson::Binary(Binary {
                subtype,
                bytes: bytes.to_vec(),
            })
        };
        ascend(&[
            binary(BinarySubtype::Generic, &[9]),
            binary(BinarySubtype::Uuid, &[1]),
            binary(BinarySubtype::Generic, &[1, 1]),
        ]);
    }

    /// A symbol is compared as the string that it spells, and equals none.
    fn without_symbols(values: &[Bson]) -> bool {
        !format!("{values:?}").contains("Symbol(")
    }

    /// Equal, and with the keys of its documents in the same order.
    fn same(a: &Bson, b: &Bson) -> bool {
        match (a, b) {
            (Bson::Document(a), Bson::Document(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|((a, x), (b, y))| a == b && same(x, y))
            }
            (Bson::Array(a), Bson::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
            }
            _ => equal(a, b),
        }
    }

    proptest! {
        #[test]
        fn it_is_a_total_order_that_agrees_with_equality(
            values in proptest::collection::vec(arbitrary::value(2), 3)
                .prop_filter("no symbols", |values| without_symbols(values)),
        ) {
            for a in &values {
                for b in &values {
                    prop_assert_eq!(compare(a, b), compare(b, a).reverse(), "{} {}", a, b);
                    prop_assert_eq!(compare(a, b).is_eq(), same(a, b), "{} {}", a, b);
                    for c in &values {
                        prop_assert!(
                            !(compare(a, b).is_le() && compare(b, c).is_le())
                                || compare(a, c).is_le(),
                            "{} {} {}", a, b, c
                        );
                    }
                }
            }
        }
    }
}
