use mongodb::bson::doc;

use super::*;
use crate::document::{FieldMeta, ManagedField, Shape};
use crate::update::evaluate;

static LINE: [FieldMeta; 2] = [
    FieldMeta::new("sku", "sku").aliases(&["code"]),
    FieldMeta::new("unit_price", "unitPrice"),
];
static FIELDS: [FieldMeta; 9] = [
    FieldMeta::new("checkout_id", "checkoutId").idempotency_key(),
    FieldMeta::new("amount", "amount").aliases(&["sum"]),
    FieldMeta::new("price", "price"),
    FieldMeta::new("points", "points"),
    FieldMeta::new("lines", "lines").nested(lines),
    FieldMeta::new("by_region", "byRegion").nested(by_region),
    FieldMeta::new("stock", "stock"),
    FieldMeta::new("seen", "seen"),
    FieldMeta::new("created_at", "createdAt").managed(ManagedField::CreatedAt),
];
const META: Meta = Meta::new("Order", &FIELDS);

fn line() -> Shape {
    Shape::Struct(&LINE)
}
fn lines() -> Shape {
    Shape::List(line)
}
fn by_region() -> Shape {
    Shape::Map(line)
}

fn stored() -> Document {
    doc! {
        "amount": 7_i32, "price": 1.5, "points": [3, 1, 2],
        "lines": [{ "sku": "a", "unitPrice": 1 }, { "code": "b", "unitPrice": 2 }],
        "byRegion": { "eu": { "sku": "e", "unitPrice": 3 } }, "stock": { "7": 1, "x": 2 },
    }
}

fn at() -> DateTime {
    DateTime::from_millis(5)
}

fn run(update: Document) -> Result<Document, InvalidUpdate> {
    let operations = operations_of(&META, update)?;
    evaluate(&META, &stored(), &operations, at())
}

/// The document after the update, and the one that is expected, which differs in `changed`.
fn becomes(update: Document, changed: Document) {
    let mut expected = stored();
    for (name, value) in changed {
        expected.insert(name, value);
    }
    assert_eq!(run(update.clone()).unwrap(), expected, "{update}");
}

fn refused(update: Document) -> (String, InvalidReason) {
    let error = run(update.clone()).expect_err(&update.to_string());
    (error.path().to_owned(), error.reason().clone())
}

#[test]
fn operators_do_what_they_do_on_the_server() {
    for (update, changed) in [
        (
            doc! { "$set": { "price": 2.5, "stock.x": 9 } },
            doc! { "price": 2.5, "stock": { "7": 1, "x": 9 } },
        ),
        (
            doc! { "$set": { "stock.7": 9, "points.1": 8 } },
            doc! { "stock": { "7": 9, "x": 2 }, "points": [3, 8, 2] },
        ),
        (
            doc! { "$unset": { "stock.x": "" } },
            doc! { "stock": { "7": 1 } },
        ),
        (
            doc! { "$inc": { "amount": 5, "price": 1 } },
            doc! { "amount": 12_i32, "price": 2.5 },
        ),
        (
            doc! { "$inc": { "amount": i32::MAX } },
            doc! { "amount": 2_147_483_654_i64 },
        ),
        (doc! { "$inc": { "seen": 1 } }, doc! { "seen": 1_i64 }),
        (
            doc! { "$mul": { "amount": 2_i64, "price": 2.0 } },
            doc! { "amount": 14_i32, "price": 3.0 },
        ),
        (
            doc! { "$min": { "amount": 3 }, "$max": { "price": 1 } },
            doc! { "amount": 3 },
        ),
    ] {
        becomes(update, changed);
    }
}

#[test]
fn operators_for_lists_and_maps_do_what_they_do_on_the_server() {
    for (update, changed) in [
        (
            doc! { "$push": { "points": 9 } },
            doc! { "points": [3, 1, 2, 9] },
        ),
        (
            doc! { "$push": { "points": { "$each": [9, 0], "$position": 1, "$slice": -3 } } },
            doc! { "points": [0, 1, 2] },
        ),
        (
            doc! { "$push": { "points": { "$each": [], "$sort": -1, "$slice": 2 } } },
            doc! { "points": [3, 2] },
        ),
        (
            doc! { "$addToSet": { "points": { "$each": [3, 4] } } },
            doc! { "points": [3, 1, 2, 4] },
        ),
        (doc! { "$pull": { "points": 3 } }, doc! { "points": [1, 2] }),
        (
            doc! { "$pull": { "points": { "$gte": 2 } } },
            doc! { "points": [1] },
        ),
        (
            doc! { "$pullAll": { "points": [1, 2] } },
            doc! { "points": [3] },
        ),
        (doc! { "$pop": { "points": 1 } }, doc! { "points": [3, 1] }),
        (doc! { "$pop": { "points": -1 } }, doc! { "points": [1, 2] }),
        (
            doc! { "$rename": { "stock.x": "stock.y" } },
            doc! { "stock": { "7": 1, "y": 2 } },
        ),
        (
            doc! { "$currentDate": { "seen": true } },
            doc! { "seen": at() },
        ),
        (
            doc! { "$currentDate": { "seen": { "$type": "date" } } },
            doc! { "seen": at() },
        ),
        (
            doc! { "$set": { "byRegion.eu.unitPrice": 4 } },
            doc! { "byRegion": { "eu": { "sku": "e", "unitPrice": 4 } } },
        ),
    ] {
        becomes(update, changed);
    }
}

#[test]
fn elements_are_written_by_index_all_at_once_and_taken_by_condition() {
    let lines = |first: Document, second: Document| doc! { "lines": [first, second] };
    becomes(
        doc! { "$set": { "lines.0.sku": "z" } },
        lines(
            doc! { "sku": "z", "unitPrice": 1 },
            doc! { "code": "b", "unitPrice": 2 },
        ),
    );
    becomes(
        doc! { "$inc": { "lines.$[].unitPrice": 1 } },
        lines(
            doc! { "sku": "a", "unitPrice": 2 },
            doc! { "code": "b", "unitPrice": 3 },
        ),
    );
    // Under its old name too.
    becomes(
        doc! { "$pull": { "lines": { "sku": "b" } } },
        doc! { "lines": [{ "sku": "a", "unitPrice": 1 }] },
    );
}

#[test]
fn names_that_the_model_lacks_are_refused_with_what_was_meant() {
    for (update, path, meant) in [
        (doc! { "$set": { "version": 2 } }, "version", Some("__v")),
        (doc! { "$set": { "sum": 2 } }, "sum", Some("amount")),
        (
            doc! { "$inc": { "lines.0.unit_price": 2 } },
            "lines.0.unit_price",
            Some("unitPrice"),
        ),
        (
            doc! { "$set": { "lines.$[].code": 2 } },
            "lines.$[].code",
            Some("sku"),
        ),
        (
            doc! { "$set": { "lines": [{ "code": 2 }] } },
            "lines.code",
            Some("sku"),
        ),
        (
            doc! { "$push": { "lines": { "skuu": 2 } } },
            "lines.skuu",
            Some("sku"),
        ),
        (
            doc! { "$push": { "lines": { "$each": [{ "skuu": 2 }] } } },
            "lines.skuu",
            Some("sku"),
        ),
        (
            doc! { "$push": { "lines": { "$each": [], "$sort": { "price": 1 } } } },
            "lines.price",
            None,
        ),
        (doc! { "$set": { "colour": 2 } }, "colour", None),
        (
            doc! { "$rename": { "stock.x": "stok.y" } },
            "stok",
            Some("stock"),
        ),
    ] {
        let expected = (path.to_owned(), InvalidReason::UnknownField(meant));
        assert_eq!(refused(update), expected);
    }
    let (path, reason) = refused(doc! { "$pull": { "lines": { "skuu": 2 } } });
    assert_eq!(path, "lines");
    assert!(matches!(reason, InvalidReason::Condition(_)), "{reason:?}");
}

#[test]
fn what_monguard_writes_and_what_never_changes_is_refused() {
    for (name, reason) in [
        ("_id", InvalidReason::Immutable),
        ("_id.part", InvalidReason::Immutable),
        ("checkoutId", InvalidReason::Immutable),
        ("__v", InvalidReason::Owned),
        ("__w", InvalidReason::Owned),
        ("__audit.0", InvalidReason::Owned),
        ("__tombstone", InvalidReason::Owned),
        ("createdAt", InvalidReason::Owned),
        ("updatedBy", InvalidReason::Owned),
        ("deletedAt", InvalidReason::Owned),
        ("idempotentHash", InvalidReason::Owned),
        ("idempotentKey", InvalidReason::Owned),
    ] {
        for operator in ["$set", "$unset", "$max", "$rename"] {
            let (_, found) = refused(doc! { operator: { name: "stock.y" } });
            assert_eq!(found, reason, "{operator} {name}");
        }
        let (_, found) = refused(doc! { "$rename": { "stock.x": name } });
        assert_eq!(found, reason, "$rename to {name}");
    }
}

#[test]
fn forms_that_cannot_be_applied_here_are_refused() {
    for (update, reason) in [
        (doc! {}, InvalidReason::Empty),
        (doc! { "$set": {} }, InvalidReason::Empty),
        (doc! { "amount": 5 }, InvalidReason::NoOperator),
        (doc! { "$set": 5 }, InvalidReason::Operand),
        (doc! { "$inc": { "amount": "5" } }, InvalidReason::Operand),
        (doc! { "$pop": { "points": 2 } }, InvalidReason::Operand),
        (
            doc! { "$push": { "points": { "$each": 1 } } },
            InvalidReason::Operand,
        ),
        (
            doc! { "$push": { "points": { "$each": [], "$position": -1 } } },
            InvalidReason::Operand,
        ),
        (
            doc! { "$addToSet": { "points": { "$each": [], "$slice": 1 } } },
            InvalidReason::Operand,
        ),
        (doc! { "$pullAll": { "points": 1 } }, InvalidReason::Operand),
        (
            doc! { "$currentDate": { "seen": { "$type": "timestamp" } } },
            InvalidReason::Operand,
        ),
    ] {
        assert_eq!(refused(update.clone()).1, reason, "{update}");
    }
}

#[test]
fn places_that_cannot_be_written_are_refused() {
    for (update, reason) in [
        (
            doc! { "$set": { "lines.$.sku": 1 } },
            InvalidReason::Position,
        ),
        (
            doc! { "$set": { "lines.$[line].sku": 1 } },
            InvalidReason::Position,
        ),
        (doc! { "$set": { "lines.sku": 1 } }, InvalidReason::Position),
        (
            doc! { "$rename": { "price": "amount" } },
            InvalidReason::NotAKey,
        ),
        (
            doc! { "$rename": { "stock.x": "byRegion.x" } },
            InvalidReason::NotAKey,
        ),
        (
            doc! { "$rename": { "lines.0": "lines.1" } },
            InvalidReason::NotAKey,
        ),
        (
            doc! { "$set": { "lines.9.sku": 1 } },
            InvalidReason::BeyondTheEnd(9, 2),
        ),
        (
            doc! { "$set": { "price": 1 }, "$inc": { "price": 1 } },
            InvalidReason::Overlap,
        ),
    ] {
        assert_eq!(refused(update.clone()).1, reason, "{update}");
    }
    for operator in ["$bit", "$setOnInsert", "$pushAll", "$whatever"] {
        let (path, reason) = refused(doc! { operator: { "amount": 1 } });
        assert!(
            matches!(reason, InvalidReason::NotOnClient(_)),
            "{operator}"
        );
        assert_eq!(path, operator);
    }
    let (_, reason) = refused(doc! { "$pull": { "points": { "$mod": [2, 0] } } });
    assert!(matches!(reason, InvalidReason::Condition(_)));
}
