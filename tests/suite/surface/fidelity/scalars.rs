//! Numbers, texts, and what else is one value.

use std::borrow::Cow;
use std::num::NonZeroU32;

use monguard::prelude::*;

use super::stage::{ROUNDS, Random, Specimen, Stage, check_fields};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "scalars")]
struct Scalars {
    i8: i8,
    i16: i16,
    i32: i32,
    i64: i64,
    u8: u8,
    u16: u16,
    u32: u32,
    u64: u64,
    usize: usize,
    isize: isize,
    f32: f32,
    f64: f64,
    bool: bool,
    char: char,
    unit: (),
    text: String,
    boxed: Box<i64>,
    boxed_text: Box<str>,
    borrowed: Cow<'static, str>,
    non_zero: NonZeroU32,
    tuple: (i32, String, Option<bool>),
    array: [i16; 3],
    marker: Marker,
    newtype: Newtype,
    generic: Wrapper<Wrapper<u32>>,
    pair: Pair,
    r#type: i32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Marker;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Newtype(String);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Wrapper<T>(T);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Pair(i64, f64);

impl Specimen for Scalars {
    fn any(random: &mut Random) -> Self {
        Scalars {
            i8: random.any(),
            i16: random.any(),
            i32: random.any(),
            i64: random.any(),
            u8: random.any(),
            u16: random.any(),
            u32: random.any(),
            u64: random.of(0..=i64::MAX.unsigned_abs()),
            usize: random.of(0..=usize::MAX / 2),
            isize: random.any(),
            f32: random.of(proptest::num::f32::NORMAL),
            f64: random.float(),
            bool: random.any(),
            char: random.any(),
            unit: (),
            text: random.any(),
            boxed: random.any(),
            boxed_text: random.word().into(),
            borrowed: random.word().into(),
            non_zero: random.any(),
            tuple: (random.any(), random.word(), random.any()),
            array: random.any(),
            marker: Marker,
            newtype: Newtype(random.word()),
            generic: Wrapper(Wrapper(random.any())),
            pair: Pair(random.any(), random.float()),
            r#type: random.any(),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_and_texts_are_stored_as_serde_writes_them() {
    check_fields!(Scalars: i8, i16, i32, i64, u8, u16, u32, u64, usize, isize, f32, f64, bool, char);
    check_fields!(Scalars: text, boxed, boxed_text, borrowed, non_zero, r#type);
}

#[tokio::test(flavor = "multi_thread")]
async fn tuples_and_structs_without_names_are_stored_as_serde_writes_them() {
    check_fields!(Scalars: unit, tuple, array, marker, newtype, generic, pair);
}

#[tokio::test(flavor = "multi_thread")]
async fn ordinary_types_compare_in_their_order() {
    let mut stage = Stage::<Scalars>::new().await;
    let (low, high) = stage.pair();
    let (low, high) = (
        Scalars {
            usize: 1,
            non_zero: 1.try_into().unwrap(),
            boxed_text: "a".into(),
            borrowed: "a".into(),
            ..low
        },
        Scalars {
            usize: 2,
            non_zero: 2.try_into().unwrap(),
            boxed_text: "b".into(),
            borrowed: "b".into(),
            ..high
        },
    );
    stage.desk.create(low).await.unwrap();
    stage.desk.create(high).await.unwrap();
    let scalars = stage.desk.collection();
    let filters = [
        Scalars::fields().usize.gt(1_usize),
        Scalars::fields()
            .non_zero
            .gte(std::num::NonZeroU32::new(2).unwrap()),
        Scalars::fields().boxed_text.gt("a"),
        Scalars::fields().borrowed.gt("a"),
        Scalars::fields()
            .text
            .gte("")
            .and(Scalars::fields().boxed_text.eq(&String::from("b")[..])),
    ];
    for filter in filters {
        assert_eq!(scalars.find_matching(filter).await.unwrap().len(), 1);
    }
}
