//! Bad input that is refused before it is sent: a typed error, and nothing half-written.

use std::collections::BTreeMap;

use mongodb::bson::{Bson, doc};
use monguard::Revision;
use monguard::error::{InvalidFilterReason, InvalidReason};
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Numbers, Profile, Wide};

use super::stage::{Contents, collection, refusal};

#[tokio::test(flavor = "multi_thread")]
async fn names_that_no_path_can_reach_are_refused() {
    let db = TestDb::new().await;
    let desk = collection::<Profile>(&db).await.by("desk");
    let small = desk.create(Profile::named("n")).await.unwrap();
    let contents = Contents::of(&db).await;
    for key in ["a.b", "$set", "$", "."] {
        let labels = BTreeMap::from([(key.to_owned(), "1".to_owned())]);
        let mut bad = Profile::named("n");
        bad.labels = labels.clone();
        let path = format!("labels.{key}");
        let expected = (InvalidReason::Name, path);
        assert_eq!(refusal(desk.create(bad.clone()).await), expected);
        assert_eq!(refusal(desk.replace(&small, bad).await), expected);
        let set = desk.update(&small).set(|p| p.labels, labels).await;
        assert_eq!(refusal(set), expected);
        let extra = Bson::Array(vec![Bson::Document(doc! { key: 1 })]);
        let set = desk.update(&small).set(|p| p.extra, extra).await;
        assert_eq!(
            refusal(set),
            (InvalidReason::Name, format!("extra.0.{key}"))
        );
    }
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_look_odd_and_can_be_reached_are_written() {
    let db = TestDb::new().await;
    let desk = collection::<Profile>(&db).await.by("desk");
    let mut last = desk
        .create(Profile::named("n"))
        .await
        .unwrap()
        .into_stored();
    for key in ["", "0", "a$", "__v", "_id", "deletedAt", "with space", "ü"] {
        for value in ["1", "2"] {
            let mut labels = last.labels.clone();
            labels.insert(key.to_owned(), value.to_owned());
            last = desk
                .update(&last)
                .set(|p| p.labels, labels.clone())
                .await
                .unwrap();
            assert_eq!(last.labels, labels, "{key:?}");
        }
    }
    let emptied = desk.update(&last).set(|p| p.labels, BTreeMap::new()).await;
    assert!(emptied.unwrap().labels.is_empty());
}

/// One more than BSON holds.
const LARGE: u64 = 1 << 63;

#[track_caller]
fn assert_not_encodable(results: impl IntoIterator<Item = monguard::Result<()>>) {
    for (call, result) in results.into_iter().enumerate() {
        let is_it = match &result {
            Err(Error::InvalidUpdate(error)) => {
                matches!(error.reason(), InvalidReason::NotEncodable(_))
            }
            Err(Error::InvalidFilter(error)) => {
                matches!(error.reason(), InvalidFilterReason::NotEncodable(_))
            }
            _ => false,
        };
        assert!(is_it, "call {call}: {result:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsigned_number_that_does_not_fit_into_bson_is_not_written() {
    let db = TestDb::new().await;
    let desk = collection::<Wide>(&db).await.by("desk");
    let wide = |number, size| Wide { number, size };
    let good = desk.create(wide(1, 1)).await.unwrap();
    let contents = Contents::of(&db).await;
    let set = desk.update(&good).set(|w| w.size, LARGE).await;
    let when = desk.update(&good).when(|w| w.size.lt(LARGE));
    let when = when.set(|w| w.size, 2).await;
    assert_not_encodable([
        desk.create(wide(2, LARGE)).await.map(|_| ()),
        desk.create(wide(LARGE, 2)).await.map(|_| ()),
        desk.replace(&good, wide(1, u64::MAX)).await.map(|_| ()),
        set.map(|_| ()),
        when.map(|_| ()),
    ]);
    contents.assert_kept(&db).await;
    let most = LARGE - 1;
    let set = desk.update(&good).set(|w| w.size, most).await.unwrap();
    assert_eq!(set.size, most);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsigned_number_that_does_not_fit_into_bson_is_not_searched_for() {
    let db = TestDb::new().await;
    let wides = collection::<Wide>(&db).await;
    assert_not_encodable([
        wides.find(|w| w.size.lt(LARGE)).await.map(|_| ()),
        wides
            .find_one(|w| w.size.is_in([1, LARGE]))
            .await
            .map(|_| ()),
        wides.count(|w| !w.size.eq(LARGE)).await.map(|_| ()),
        wides.exists(|w| w.number.eq(LARGE)).await.map(|_| ()),
    ]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_does_not_fit_into_bson_is_refused() {
    let db = TestDb::new().await;
    let wides = collection::<Wide>(&db).await;
    let desk = wides.by("desk");
    let base = || Revision::<Wide>::from_version(LARGE, 1);
    let updated = desk.update(base()).set(|w| w.size, 1).await;
    let latest = desk.update_latest(LARGE).set(|w| w.size, 1).await;
    assert_not_encodable([
        updated.map(|_| ()),
        latest.map(|_| ()),
        desk.delete(base()).await.map(|_| ()),
        desk.hard_delete(base()).await.map(|_| ()),
        desk.modify(LARGE, |_, update| update).await.map(|_| ()),
        wides.find_by_id(LARGE).await.map(|_| ()),
        wides.history(LARGE).await.map(|_| ()),
    ]);
    let value = Wide { number: 1, size: 1 };
    assert!(Stored::from_parts(LARGE, 1, value).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_of_nothing_and_two_operators_on_one_place_are_refused() {
    let db = TestDb::new().await;
    let desk = collection::<Profile>(&db).await.by("desk");
    let created = desk.create(Profile::named("n")).await.unwrap();
    let contents = Contents::of(&db).await;
    assert_eq!(refusal(desk.update(&created).await).0, InvalidReason::Empty);
    let only_condition = desk.update(&created).when(|p| p.name.eq("n")).await;
    assert_eq!(refusal(only_condition).0, InvalidReason::Empty);
    let latest = desk.update_latest(created.id()).await;
    assert_eq!(refusal(latest).0, InvalidReason::Empty);

    let twice = desk
        .update(&created)
        .set(|p| p.name, "a")
        .set(|p| p.name, "b");
    assert_eq!(
        refusal(twice.await),
        (InvalidReason::Overlap, "name".to_owned())
    );
    let both = desk.update(&created).set(|p| p.name, "a").unset(|p| p.name);
    assert_eq!(refusal(both.await).0, InvalidReason::Overlap);
    let inside = desk.update(&created).unset(|p| p.address);
    let inside = inside.set(|p| p.address.street, "s").await;
    assert_eq!(
        refusal(inside),
        (InvalidReason::Overlap, "address.street".to_owned())
    );
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_that_does_not_fit_the_stored_value_is_refused() {
    let db = TestDb::new().await;
    let profiles = collection::<Profile>(&db).await.by("desk");
    let numbers = collection::<Numbers>(&db).await.by("desk");
    let profile = profiles.create(Profile::named("n")).await.unwrap();
    let number = numbers.create(Numbers::default()).await.unwrap();
    let contents = Contents::of(&db).await;
    let through = profiles
        .update(&profile)
        .set(|p| p.address.street, "s")
        .await;
    assert_eq!(
        refusal(through),
        (
            InvalidReason::NotADocument("null"),
            "address.street".to_owned()
        )
    );
    let push = numbers.update(&number).push(|n| n.list, 1).await;
    assert_eq!(
        refusal(push),
        (InvalidReason::NotAList("null"), "list".to_owned())
    );
    let inc = numbers.update(&number).inc(|n| n.optional, 1).await;
    assert_eq!(
        refusal(inc),
        (InvalidReason::NotANumber("null"), "optional".to_owned())
    );
    contents.assert_kept(&db).await;
    // Where nothing is stored, a list begins and a number counts from zero.
    let unset = numbers
        .update(&number)
        .unset(|n| n.list)
        .unset(|n| n.optional);
    let unset = unset.await.unwrap();
    let filled = numbers
        .update(&unset)
        .push(|n| n.list, 1)
        .inc(|n| n.optional, 5);
    let filled = filled.await.unwrap();
    assert_eq!(
        (filled.list.as_deref(), filled.optional),
        (Some(&[1][..]), Some(5))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_number_leaves_the_range_of_its_type() {
    let db = TestDb::new().await;
    let desk = collection::<Numbers>(&db).await.by("desk");
    let greatest = Numbers {
        i8: i8::MAX,
        i16: i16::MAX,
        i32: i32::MAX,
        i64: i64::MAX,
        u8: u8::MAX,
        u16: u16::MAX,
        u32: u32::MAX,
        u64: i64::MAX.try_into().unwrap(),
        optional: Some(i32::MIN),
        ..Numbers::default()
    };
    let stored = desk.create(greatest).await.unwrap();
    let zero = desk.create(Numbers::default()).await.unwrap();
    let contents = Contents::of(&db).await;
    for (result, name, kind) in [
        (desk.update(&stored).inc(|n| n.i8, 1).await, "i8", "i8"),
        (desk.update(&stored).inc(|n| n.i16, 1).await, "i16", "i16"),
        (desk.update(&stored).inc(|n| n.i32, 1).await, "i32", "i32"),
        (desk.update(&stored).inc(|n| n.i64, 1).await, "i64", "i64"),
        (
            desk.update(&stored).inc(|n| n.i64, i64::MAX).await,
            "i64",
            "i64",
        ),
        (desk.update(&stored).inc(|n| n.u8, 1).await, "u8", "u8"),
        (desk.update(&stored).inc(|n| n.u16, 1).await, "u16", "u16"),
        (desk.update(&stored).inc(|n| n.u32, 1).await, "u32", "u32"),
        (desk.update(&stored).inc(|n| n.u64, 1).await, "u64", "u64"),
        (
            desk.update(&stored).inc(|n| n.optional, -1).await,
            "optional",
            "i32",
        ),
        (desk.update(&zero).inc(|n| n.u8, -1).await, "u8", "u8"),
        (desk.update(&zero).inc(|n| n.u16, -1).await, "u16", "u16"),
        (desk.update(&zero).inc(|n| n.u32, -1).await, "u32", "u32"),
        (desk.update(&zero).inc(|n| n.u64, -1).await, "u64", "u64"),
    ] {
        let expected = (InvalidReason::OutOfRange(kind), name.to_owned());
        assert_eq!(refusal(result), expected);
    }
    contents.assert_kept(&db).await;
    let lowered = desk.update(&stored).inc(|n| n.u8, -255).inc(|n| n.i8, -128);
    let lowered = lowered
        .inc(|n| n.f32, 0.5)
        .inc(|n| n.f64, 0.25)
        .await
        .unwrap();
    assert_eq!((lowered.u8, lowered.i8), (0, -1));
    assert_eq!((lowered.f32, lowered.f64), (0.5, 0.25));
}
