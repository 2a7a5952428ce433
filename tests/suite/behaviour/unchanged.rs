//! Writes that change nothing.

use mongodb::bson::{Bson, doc};
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Numbers, Profile, Tally};

use super::stage::{Contents, collection, is_unchanged, raw};

#[tokio::test(flavor = "multi_thread")]
async fn an_update_to_the_same_values_makes_no_version_no_entry_and_no_stamp() {
    let db = TestDb::new().await;
    let desk = collection::<Tally>(&db).await.by("desk");
    let placed = desk.create(Tally { total: 7 }).await.unwrap();
    let contents = Contents::of(&db).await;

    let replaced = desk.replace(&placed, Tally { total: 7 }).await.unwrap();
    let modify = desk.modify(placed.id(), |_, update| update.set(|t| t.total, 7));
    for same in [
        replaced,
        modify.await.unwrap(),
        desk.update(&placed).set(|t| t.total, 7).await.unwrap(),
        desk.update(&placed).inc(|t| t.total, 0).await.unwrap(),
        desk.update(placed.revision())
            .set(|t| t.total, 7)
            .await
            .unwrap(),
        desk.update_latest(placed.id())
            .set(|t| t.total, 7)
            .await
            .unwrap(),
    ] {
        assert!(is_unchanged(&same), "{same:?}");
        assert_eq!(same.version(), 1);
        assert_eq!(*same, **placed);
    }
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_width_of_a_number_is_no_change() {
    let db = TestDb::new().await;
    let numbers = collection::<Numbers>(&db).await;
    let desk = numbers.by("desk");
    let created = desk.create(Numbers::default()).await.unwrap();
    let filter = doc! { "_id": created.id() };
    let widths = doc! { "$set": { "i64": 5_i32, "i32": 5_i64, "f64": 5_i32, "u64": 5_i32 } };
    raw(&db, "numbers")
        .update_one(filter, widths)
        .await
        .unwrap();
    let contents = Contents::of(&db).await;
    let id = created.id();
    let set = desk.update_latest(id).set(|n| n.i64, 5).set(|n| n.i32, 5);
    let set = set.set(|n| n.f64, 5.0).set(|n| n.u64, 5).await.unwrap();
    assert!(is_unchanged(&set));
    let found = numbers.find_by_id(id).await.unwrap().unwrap();
    let replaced = desk.replace(&found, (*found).clone()).await.unwrap();
    assert!(is_unchanged(&replaced));
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_of_keys_is_no_change_but_null_absent_and_empty_are_three_things() {
    let db = TestDb::new().await;
    let desk = collection::<Profile>(&db).await.by("desk");
    let mut profile = Profile::named("n");
    profile.extra = Bson::Document(doc! { "a": 1, "b": { "x": null, "y": [] } });
    let created = desk.create(profile).await.unwrap();
    let turned = doc! { "b": { "y": [], "x": null }, "a": 1.0 };
    let same = desk
        .update(&created)
        .set(|p| p.extra, Bson::Document(turned))
        .await
        .unwrap();
    assert!(is_unchanged(&same));

    let mut last = same;
    for (extra, version) in [
        (doc! { "a": 1, "b": { "y": [] } }, 2),
        (doc! { "a": 1, "b": { "y": null } }, 3),
        (doc! { "a": 1, "b": {} }, 4),
        (doc! { "a": 1 }, 5),
        (doc! {}, 6),
    ] {
        let extra = Bson::Document(extra);
        last = desk
            .update(&last)
            .set(|p| p.extra, extra.clone())
            .await
            .unwrap();
        assert_eq!((last.version(), &last.extra), (version.into(), &extra));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_caller_gets_the_conflict_though_nothing_would_change() {
    let db = TestDb::new().await;
    let desk = collection::<Tally>(&db).await.by("desk");
    let placed = desk.create(Tally::default()).await.unwrap();
    desk.update(&placed).set(|t| t.total, 1).await.unwrap();
    let contents = Contents::of(&db).await;

    let by_own_copy = desk.update(&placed).set(|t| t.total, 0).await;
    assert!(by_own_copy.is_err_and(|error| error.is_conflict()));
    let by_stored_value = desk.update(placed.revision()).set(|t| t.total, 1).await;
    assert!(by_stored_value.is_err_and(|error| error.is_conflict()));
    let replaced = desk.replace(&placed, Tally::default()).await;
    assert!(replaced.is_err_and(|error| error.is_conflict()));
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_condition_counts_though_nothing_would_change() {
    let db = TestDb::new().await;
    let desk = collection::<Tally>(&db).await.by("desk");
    let placed = desk.create(Tally::default()).await.unwrap();
    let contents = Contents::of(&db).await;
    let failing = desk
        .update(&placed)
        .when(|t| t.total.eq(9))
        .set(|t| t.total, 0);
    let failing = failing.await;
    assert!(
        matches!(failing, Err(Error::ConditionFailed(_))),
        "{failing:?}"
    );
    let holding = desk
        .update(&placed)
        .when(|t| t.total.eq(0))
        .set(|t| t.total, 0);
    assert!(is_unchanged(&holding.await.unwrap()));
    let replaced = desk
        .replace(&placed, Tally::default())
        .when(|t| t.total.eq(9));
    let replaced = replaced.await;
    assert!(
        matches!(replaced, Err(Error::ConditionFailed(_))),
        "{replaced:?}"
    );
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_condition_counts_though_the_document_is_deleted_or_live_already() {
    let db = TestDb::new().await;
    let desk = collection::<Tally>(&db).await.by("desk");
    let live = desk.create(Tally::default()).await.unwrap().into_stored();
    let restored = desk.restore(&live).when(|t| t.total.eq(9)).await;
    assert!(
        matches!(restored, Err(Error::ConditionFailed(_))),
        "{restored:?}"
    );
    let gone = desk.delete(&live).await.unwrap();
    let deleted = desk.delete(&gone).when(|t| t.total.eq(9)).await;
    assert!(
        matches!(deleted, Err(Error::ConditionFailed(_))),
        "{deleted:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_or_restoring_what_is_so_already_writes_nothing() {
    let db = TestDb::new().await;
    let desk = collection::<Tally>(&db).await.by("desk");
    let live = desk.create(Tally::default()).await.unwrap().into_stored();
    let contents = Contents::of(&db).await;
    assert!(is_unchanged(&desk.restore(&live).await.unwrap()));
    assert!(is_unchanged(&desk.restore(live.revision()).await.unwrap()));
    contents.assert_kept(&db).await;

    let gone = desk.delete(&live).await.unwrap();
    let contents = Contents::of(&db).await;
    assert!(is_unchanged(&desk.delete(&gone).await.unwrap()));
    assert!(is_unchanged(&desk.delete(gone.revision()).await.unwrap()));
    contents.assert_kept(&db).await;
}
