use super::*;

fn times(amount: i128, kind: NumberKind) -> Operator {
    Operator::Multiply(Amount {
        by: Number::Integer(amount),
        kind: Some(kind),
    })
}

fn push(item: i32) -> Operator {
    Operator::Push(Push {
        items: vec![item.into()],
        ..Push::default()
    })
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
    assert_eq!(run(&null, push(1)), Err(InvalidReason::NotAList("null")));
    assert_eq!(run(&doc! {}, push(1)), Ok(doc! { "total": [1] }));
}

#[test]
fn a_product_stays_in_the_type_of_its_field() {
    let stored = doc! { "total": 6_i32 };
    assert_eq!(
        run(&stored, times(7, NumberKind::U8)),
        Ok(doc! { "total": 42_i32 })
    );
    assert_eq!(
        run(&doc! {}, times(7, NumberKind::I64)),
        Ok(doc! { "total": 0_i64 })
    );
    for (stored, amount, kind) in [
        (doc! { "total": i64::MAX }, 2, NumberKind::I64),
        (doc! { "total": 16_i32 }, 16, NumberKind::U8),
        (doc! { "total": 1_i32 }, -1, NumberKind::U64),
        (doc! { "total": i64::MAX }, i128::MAX, NumberKind::I64),
    ] {
        assert_eq!(
            run(&stored, times(amount, kind)),
            Err(InvalidReason::OutOfRange(kind.name()))
        );
    }
}

#[test]
fn floats_are_computed_as_in_rust() {
    let amount = |by, kind| Amount {
        by: Number::Float(by),
        kind: Some(kind),
    };
    assert_eq!(
        run(
            &doc! { "total": 0.1 },
            Operator::Increment(amount(0.2, NumberKind::F64))
        ),
        Ok(doc! { "total": 0.1 + 0.2 })
    );
    assert_eq!(
        run(
            &doc! { "total": f64::from(0.1_f32) },
            Operator::Multiply(amount(3.0, NumberKind::F32))
        ),
        Ok(doc! { "total": f64::from(0.1_f32 * 3.0) })
    );
}

#[test]
fn a_decimal_is_not_computed_with() {
    let decimal: mongodb::bson::Decimal128 = "1.5".parse().unwrap();
    assert_eq!(
        run(&doc! { "total": decimal }, by(1, NumberKind::I64)),
        Err(InvalidReason::NotANumber("a decimal"))
    );
}

#[test]
fn the_lesser_and_the_greater_value_win() {
    let stored = doc! { "total": 5_i64 };
    let min = |value: i64| Operator::Min(Some(value.into()));
    let max = |value: i64| Operator::Max(Some(value.into()));
    assert_eq!(run(&stored, min(3)), Ok(doc! { "total": 3_i64 }));
    assert_eq!(run(&stored, min(7)), Ok(stored.clone()));
    assert_eq!(run(&stored, max(7)), Ok(doc! { "total": 7_i64 }));
    assert_eq!(run(&stored, max(3)), Ok(stored.clone()));
    assert_eq!(run(&doc! {}, max(3)), Ok(doc! { "total": 3_i64 }));
    assert_eq!(run(&doc! {}, min(3)), Ok(doc! { "total": 3_i64 }));
    let null = doc! { "total": null };
    assert_eq!(run(&null, min(3)), Ok(null.clone()));
    assert_eq!(run(&null, max(3)), Ok(doc! { "total": 3_i64 }));
    assert_eq!(run(&stored, Operator::Min(None)), Ok(doc! {}));
    assert_eq!(run(&stored, Operator::Max(None)), Ok(stored));
}

#[test]
fn the_clock_reads_the_moment_of_the_write() {
    let clock = |at: DateTime| Ok(Some(Bson::Int64(at.timestamp_millis())));
    let clock = Operator::CurrentDate(crate::update::Clock(std::sync::Arc::new(clock)));
    assert_eq!(run(&doc! {}, clock), Ok(doc! { "total": 7_i64 }));
}
