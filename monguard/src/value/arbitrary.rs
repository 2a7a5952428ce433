//! Generated values for property tests: small alphabets, so that values meet.

use mongodb::bson::{
    Binary, Bson, DateTime, Document, Timestamp, oid::ObjectId, spec::BinarySubtype,
};
use proptest::{collection::vec, prelude::*, sample::select};

/// Names that coincide, hold dots, look like indexes, or belong to monguard.
const NAMES: &[&str] = &[
    "a",
    "b",
    "c",
    "d",
    "0",
    "1",
    "a.b",
    "b.0",
    "",
    "$x",
    "updatedAt",
    "createdBy",
    "__v",
    "deletedAt",
    "_id",
    "ü",
];

/// A scalar of any kind, numbers most often.
pub(crate) fn scalar() -> impl Strategy<Value = Bson> {
    prop_oneof![
        4 => number(),
        2 => select(&["", "x", "y", "1"][..]).prop_map(|text| Bson::String(text.to_owned())),
        1 => any::<bool>().prop_map(Bson::Boolean),
        2 => Just(Bson::Null),
        1 => (0_i64..3).prop_map(|millis| Bson::DateTime(DateTime::from_millis(millis))),
        1 => (0_u8..3).prop_map(|byte| Bson::ObjectId(ObjectId::from_bytes([byte; 12]))),
        1 => vec(0_u8..2, 0..3).prop_map(|bytes| Bson::Binary(Binary { subtype: BinarySubtype::Generic, bytes })),
        1 => (0_u32..2).prop_map(|time| Bson::Timestamp(Timestamp { time, increment: 0 })),
        1 => select(vec![Bson::Undefined, Bson::MinKey, Bson::MaxKey, Bson::Symbol("x".into())]),
    ]
}

fn number() -> impl Strategy<Value = Bson> {
    let decimals = &[
        "0", "-0", "1", "1.0", "10E-1", "0.5", "0.1", "NaN", "Infinity", "1E+22", "-2",
    ][..];
    prop_oneof![
        (-2_i32..3).prop_map(Bson::Int32),
        (-2_i64..3).prop_map(Bson::Int64),
        select(
            &[
                0.0,
                -0.0,
                1.0,
                0.5,
                0.1,
                1e22,
                1e300,
                f64::NAN,
                f64::INFINITY,
                -2.0
            ][..]
        )
        .prop_map(Bson::Double),
        select(decimals).prop_map(|text| Bson::Decimal128(text.parse().unwrap())),
        any::<i64>().prop_map(Bson::Int64),
        any::<f64>().prop_map(Bson::Double),
    ]
}

/// A value that nests up to `levels` deep.
pub(crate) fn value(levels: u32) -> BoxedStrategy<Bson> {
    if levels == 0 {
        return scalar().boxed();
    }
    prop_oneof![
        3 => scalar(),
        3 => document(levels - 1).prop_map(Bson::Document),
        2 => vec(value(levels - 1), 0..4).prop_map(Bson::Array),
        1 => (18_usize..24, 0_i32..2).prop_map(|(len, first)| {
            Bson::Array((0..len).map(|i| Bson::Int32(if i == 0 { first } else { 0 })).collect())
        }),
    ]
    .boxed()
}

/// A document whose values nest up to `levels` deep.
pub(crate) fn document(levels: u32) -> BoxedStrategy<Document> {
    vec((select(NAMES), value(levels)), 0..6)
        .prop_map(|fields| {
            fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()
        })
        .boxed()
}

/// The document after a few of its values were changed, somewhere inside, from `edits`.
pub(crate) fn edited(before: &Document, edits: &[(u16, Option<Bson>)]) -> Document {
    let mut after = before.clone();
    for (place, edit) in edits {
        edit_document(&mut after, *place, edit.as_ref());
    }
    after
}

fn edit_document(document: &mut Document, place: u16, edit: Option<&Bson>) {
    let Some(key) = document
        .keys()
        .nth(usize::from(place) % (document.len() + 1))
        .cloned()
    else {
        let name = NAMES[usize::from(place) % NAMES.len()];
        if let Some(edit) = edit {
            document.insert(name, edit.clone());
        }
        return;
    };
    let deeper = place / 7;
    match (document.get_mut(&key), edit) {
        (Some(Bson::Document(inner)), _) if !place.is_multiple_of(5) => {
            edit_document(inner, deeper, edit);
        }
        (Some(Bson::Array(items)), _) if !place.is_multiple_of(5) => {
            edit_array(items, deeper, edit);
        }
        (_, Some(edit)) => {
            document.insert(key, edit.clone());
        }
        (_, None) => {
            document.remove(&key);
        }
    }
}

fn edit_array(items: &mut Vec<Bson>, place: u16, edit: Option<&Bson>) {
    let index = usize::from(place) % (items.len() + 1);
    match (items.get_mut(index), edit) {
        (Some(Bson::Document(inner)), _) if !place.is_multiple_of(3) => {
            edit_document(inner, place / 5, edit);
        }
        (Some(Bson::Array(inner)), _) if !place.is_multiple_of(3) => {
            edit_array(inner, place / 5, edit);
        }
        (Some(item), Some(edit)) if place.is_multiple_of(2) => *item = edit.clone(),
        (_, Some(edit)) => items.insert(index, edit.clone()),
        (Some(_), None) => {
            items.remove(index);
        }
        (None, None) => {
            items.pop();
        }
    }
}

/// The same value with its keys in another order and its numbers in other widths.
pub(crate) fn restored(value: &Bson) -> Bson {
    match value {
        Bson::Document(document) => {
            let fields: Vec<(&String, &Bson)> = document.iter().collect();
            fields
                .into_iter()
                .rev()
                .map(|(key, value)| (key.clone(), restored(value)))
                .collect::<Document>()
                .into()
        }
        Bson::Array(items) => items.iter().map(restored).collect::<Vec<_>>().into(),
        Bson::Int32(int) => Bson::Double(f64::from(*int)),
        Bson::Int64(int) => Bson::Decimal128(int.to_string().parse().unwrap()),
        other => other.clone(),
    }
}
