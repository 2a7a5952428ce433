//! What operators make of documents.

mod lists;
mod numbers;
mod paths;

use mongodb::bson::doc;
use serde::Serialize;

use super::*;
use crate::document::{FieldMeta, Shape};
use crate::field::{MapKey, Number, NumberKind, Step};
use crate::update::{Amount, Push};

static INSIDE: [FieldMeta; 1] = [FieldMeta::new("zip", "zip").aliases(&["postcode"])];
static FIELDS: [FieldMeta; 4] = [
    FieldMeta::new("total", "total").aliases(&["sum"]),
    FieldMeta::new("address", "address").nested(inside),
    FieldMeta::new("places", "places")
        .aliases(&["spots"])
        .nested(places),
    FieldMeta::new("by_name", "byName").nested(by_name),
];
const META: Meta = Meta::new("Invoice", &FIELDS);

fn inside() -> Shape {
    Shape::Struct(&INSIDE)
}

fn places() -> Shape {
    Shape::List(inside)
}

fn by_name() -> Shape {
    Shape::Map(inside)
}

fn at(path: &[&'static str], operator: Operator) -> Operation {
    Operation {
        path: path.iter().map(|name| Step::Name(name)).collect(),
        operator,
        is_raw: false,
    }
}

fn along(path: Vec<Step>, operator: Operator) -> Operation {
    Operation {
        path,
        operator,
        is_raw: false,
    }
}

fn key(key: impl Serialize) -> Step {
    Step::Key(MapKey::of(&key))
}

fn set(value: impl Into<Bson>) -> Operator {
    Operator::Set(value.into())
}

fn by(amount: i128, kind: NumberKind) -> Operator {
    Operator::Increment(Amount {
        by: Number::Integer(amount),
        kind: Some(kind),
    })
}

fn made(stored: &Document, operations: &[Operation]) -> Result<Document, InvalidUpdate> {
    evaluate(&META, stored, operations, DateTime::from_millis(7))
}

fn run(stored: &Document, operator: Operator) -> Result<Document, InvalidReason> {
    made(stored, &[at(&["total"], operator)]).map_err(|e| e.reason().clone())
}

/// Why the operations are refused, and where.
fn refusal(stored: &Document, operations: &[Operation]) -> (String, InvalidReason) {
    let error = made(stored, operations).unwrap_err();
    (error.path().to_owned(), error.reason().clone())
}
