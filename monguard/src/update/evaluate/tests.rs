use mongodb::bson::doc;

use super::*;

static INSIDE: [FieldMeta; 1] = [FieldMeta::new("zip", "zip").aliases(&["postcode"])];
static FIELDS: [FieldMeta; 2] = [
    FieldMeta::new("total", "total").aliases(&["sum"]),
    FieldMeta::new("address", "address").nested(inside),
];
const META: Meta = Meta::new("Invoice", &FIELDS);

fn inside() -> Shape {
    Shape::Struct(&INSIDE)
}

fn at(path: &[&'static str], operator: Operator) -> Operation {
    Operation {
        path: path.iter().map(|name| Step::Name(name)).collect(),
        operator,
        is_raw: false,
    }
}

fn by(amount: i128, kind: NumberKind) -> Operator {
    Operator::Increment(Amount {
        by: Number::Integer(amount),
        kind: Some(kind),
    })
}

fn run(stored: &Document, operator: Operator) -> Result<Document, InvalidReason> {
    evaluate(&META, stored, &[at(&["total"], operator)]).map_err(|e| e.reason().clone())
}

#[test]
fn a_sum_stays_in_the_type_of_its_field() {
    assert_eq!(
        run(&doc! { "total": 1_i32 }, by(1, NumberKind::I64)),
        Ok(doc! { "total": 2_i64 })
    );
    assert_eq!(
        run(&doc! {}, by(2, NumberKind::U8)),
        Ok(doc! { "total": 2_i32 })
    );
    assert_eq!(
        run(&doc! { "total": 2.0 }, by(1, NumberKind::I64)),
        Ok(doc! { "total": 3_i64 })
    );
    for (stored, amount, kind) in [
        (doc! { "total": i64::MAX }, 1, NumberKind::I64),
        (doc! { "total": 0_i32 }, -1, NumberKind::U32),
        (doc! { "total": 250_i32 }, 6, NumberKind::U8),
        (doc! { "total": i64::MAX }, 1, NumberKind::U64),
        (doc! { "total": 0.5 }, 1, NumberKind::I64),
        (doc! { "total": 1_i32 }, i128::MAX, NumberKind::I64),
    ] {
        assert_eq!(
            run(&stored, by(amount, kind)),
            Err(InvalidReason::OutOfRange(kind.name()))
        );
    }
}

#[test]
fn only_numbers_are_added_to_and_only_lists_appended_to() {
    let null = doc! { "total": null };
    assert_eq!(
        run(&null, by(1, NumberKind::I64)),
        Err(InvalidReason::NotANumber("null"))
    );
    assert_eq!(
        run(&null, Operator::Push(Bson::Int32(1))),
        Err(InvalidReason::NotAList("null"))
    );
    assert_eq!(
        run(&doc! {}, Operator::Push(Bson::Int32(1))),
        Ok(doc! { "total": [1] })
    );
}

#[test]
fn a_path_through_nothing_is_refused() {
    for (stored, found) in [
        (doc! {}, "nothing"),
        (doc! { "address": null }, "null"),
        (doc! { "address": "x" }, "a string"),
    ] {
        let set = at(&["address", "zip"], Operator::Set(Bson::Int32(1)));
        let error = evaluate(&META, &stored, &[set]).unwrap_err();
        assert_eq!(*error.reason(), InvalidReason::NotADocument(found));
        assert_eq!(error.path(), "address.zip");
    }
    let unset = at(&["address", "zip"], Operator::Unset);
    assert_eq!(evaluate(&META, &doc! {}, &[unset]).unwrap(), doc! {});
}

#[test]
fn a_value_under_an_old_name_moves_to_the_current_one() {
    assert_eq!(
        run(&doc! { "sum": 1_i64 }, by(1, NumberKind::I64)),
        Ok(doc! { "total": 2_i64 })
    );
    let set = at(&["address", "zip"], Operator::Set(Bson::Int32(2)));
    let stored = doc! { "address": { "postcode": 1 } };
    assert_eq!(
        evaluate(&META, &stored, &[set]).unwrap(),
        doc! { "address": { "zip": 2 } }
    );
}

#[test]
fn overlapping_paths_are_refused() {
    let whole = at(&["address"], Operator::Set(Bson::Null));
    let part = at(&["address", "zip"], Operator::Set(Bson::Null));
    for pair in [
        [whole.clone(), part.clone()],
        [part.clone(), whole],
        [part.clone(), part],
    ] {
        let error = evaluate(&META, &doc! { "address": {} }, &pair).unwrap_err();
        assert_eq!(*error.reason(), InvalidReason::Overlap);
    }
    assert_eq!(
        *evaluate(&META, &doc! {}, &[]).unwrap_err().reason(),
        InvalidReason::Empty
    );
}
