use mongodb::bson::{Bson, Document, doc};

use super::Keys;
use crate::filter::Order;

/// On which side of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    After,
    Before,
}

/// The condition that a document stands on one side of a place in a sort.
///
/// `$expr` compares as a sort does, across types, where `$gt` of a filter keeps to the type of its
/// value. No index serves it, so that a condition on the first key which holds for every document
/// that is looked for, and for few others, goes before it.
pub(crate) fn beyond(keys: &Keys, values: &[Bson], way: Way) -> Document {
    let keys = match way {
        Way::After => keys.clone(),
        Way::Before => keys.reversed(),
    };
    let expression = keys.iter().zip(values).rev().fold(
        None,
        |rest: Option<Document>, ((path, order), value)| {
            let (key, value) = (key(path), doc! { "$literal": value.clone() });
            let passes = doc! { comparison(*order): [key.clone(), value.clone()] };
            Some(match rest {
                None => passes,
                Some(rest) => doc! { "$or": [
                    passes,
                    { "$and": [ { "$eq": [key, value] }, rest ] },
                ] },
            })
        },
    );
    let exact = doc! { "$expr": expression.unwrap_or_default() };
    match keys.iter().zip(values).next().and_then(near) {
        Some(near) => doc! { "$and": [near, exact] },
        None => exact,
    }
}

/// A sort takes a missing field for a null; an expression does not.
fn key(path: &str) -> Document {
    let field = format!("${path}");
    doc! { "$cond": [ { "$eq": [ { "$type": field.clone() }, "missing" ] }, Bson::Null, field ] }
}

fn comparison(order: Order) -> &'static str {
    match order {
        Order::Ascending => "$gt",
        Order::Descending => "$lt",
    }
}

/// That the first key is not of the values before its place: nothing that comes after is, of
/// whatever type. An index on the key serves it.
fn near(((path, order), value): (&(String, Order), &Bson)) -> Option<Document> {
    let before = match order {
        Order::Ascending => "$lt",
        Order::Descending => "$gt",
    };
    is_comparable(value).then(|| doc! { path: { "$not": { before: value.clone() } } })
}

/// Whether a filter's comparison with the value means what a sort does among values of its type.
fn is_comparable(value: &Bson) -> bool {
    match value {
        Bson::Int32(_)
        | Bson::Int64(_)
        | Bson::Decimal128(_)
        | Bson::String(_)
        | Bson::ObjectId(_)
        | Bson::DateTime(_)
        | Bson::Boolean(_) => true,
        Bson::Double(double) => !double.is_nan(),
        Bson::Array(_)
        | Bson::Document(_)
        | Bson::Null
        | Bson::RegularExpression(_)
        | Bson::JavaScriptCode(_)
        | Bson::JavaScriptCodeWithScope(_)
        | Bson::Timestamp(_)
        | Bson::Binary(_)
        | Bson::Symbol(_)
        | Bson::Undefined
        | Bson::MaxKey
        | Bson::MinKey
        | Bson::DbPointer(_) => false,
    }
}
