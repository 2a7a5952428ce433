//! What a write by filter does, when nothing is in its way.

use mongodb::bson::doc;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;

use super::stage::{assert_life, audits, counts, direct, raw, stock, stored};

#[tokio::test(flavor = "multi_thread")]
async fn each_document_gets_a_version_and_an_entry_of_its_own() {
    for audit in audits().await {
        let db = TestDb::new().await;
        let (_client, items) = direct(&db, audit).await;
        let made = stock(&items, 20).await;
        let report = items
            .by("mover")
            .trace("t-1")
            .update_many(|i| i.amount.gt(10))
            .set(|i| i.status, "moved")
            .inc(|i| i.amount, 100)
            .push(|i| i.tags, "seen")
            .await
            .unwrap();
        assert_eq!(counts(&report), [10, 10, 0, 0, 0]);
        assert!(report.is_complete() && report.interrupted().is_none());

        for item in &made {
            let is_moved = item.amount > 10;
            assert_life(&db, &items, item.id(), 1 + i64::from(is_moved)).await;
            let now = items.find_by_id(item.id()).await.unwrap().unwrap();
            assert_eq!(now.amount, item.amount + if is_moved { 100 } else { 0 });
            assert_eq!(now.status == "moved", is_moved);
        }
        let history = items.history(made[15].id()).await.unwrap();
        assert_eq!(history[1].trace_id.as_deref(), Some("t-1"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_write_path_stamps_who_and_when() {
    for audit in audits().await {
        let db = TestDb::new().await;
        let (_client, items) = direct(&db, audit).await;
        let made = stock(&items, 3).await;
        let created = stored(&db, made[0].id()).await;
        assert_eq!(created.get_str("createdBy").ok(), Some("author"));
        assert_eq!(created.get_str("updatedBy").ok(), Some("author"));
        assert_eq!(created.get("createdAt"), created.get("updatedAt"));

        let mover = items.by("mover");
        let update = mover.update_many(|_| Filter::all()).inc(|i| i.amount, 1);
        assert_eq!(counts(&update.await.unwrap()), [3, 3, 0, 0, 0]);
        let updated = stored(&db, made[0].id()).await;
        assert_eq!(updated.get_str("updatedBy").ok(), Some("mover"));
        assert_eq!(updated.get("createdAt"), created.get("createdAt"));
        assert!(updated.get_datetime("updatedAt").ok() >= created.get_datetime("updatedAt").ok());

        let report = items.by("cleaner").delete_many(|_| Filter::all()).await;
        assert_eq!(counts(&report.unwrap()), [3, 3, 0, 0, 0]);
        let deleted = stored(&db, made[0].id()).await;
        assert_eq!(deleted.get_str("deletedBy").ok(), Some("cleaner"));
        assert_eq!(deleted.get_str("updatedBy").ok(), Some("cleaner"));
        assert_eq!(deleted.get("deletedAt"), deleted.get("updatedAt"));

        let report = items.by("keeper").restore_many(|i| i.amount.gt(2)).await;
        assert_eq!(counts(&report.unwrap()), [2, 2, 0, 0, 0]);
        let restored = stored(&db, made[2].id()).await;
        assert_eq!(restored.get_str("updatedBy").ok(), Some("keeper"));
        assert!(!restored.contains_key("deletedAt") && !restored.contains_key("deletedBy"));
        assert_life(&db, &items, made[2].id(), 4).await;
        assert_life(&db, &items, made[0].id(), 3).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_equal_already_gets_no_version() {
    for audit in audits().await {
        let db = TestDb::new().await;
        let (_client, items) = direct(&db, audit).await;
        let mover = items.by("mover");
        let made = stock(&items, 6).await;
        // A number of another width is the same number.
        let wide = doc! { "$set": { "amount": 3_i64 } };
        let filter = doc! { "_id": made[2].id() };
        raw(&db, "items").update_one(filter, wide).await.unwrap();
        let before = stored(&db, made[2].id()).await;

        let three = mover.update_many(|_| Filter::all());
        let report = three.set(|i| i.amount, 3).await.unwrap();

        assert_eq!(counts(&report), [6, 5, 1, 0, 0]);
        assert_eq!(stored(&db, made[2].id()).await, before);
        let again = mover.update_many(|_| Filter::all());
        let report = again.set(|i| i.amount, 3).await.unwrap();
        assert_eq!(counts(&report), [6, 0, 6, 0, 0]);
        assert_life(&db, &items, made[0].id(), 2).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn soft_deleted_documents_are_left_out_unless_asked_for() {
    for audit in audits().await {
        let db = TestDb::new().await;
        let (_client, items) = direct(&db, audit).await;
        let made = stock(&items, 4).await;
        let mover = items.by("mover");
        mover.delete(&made[0]).await.unwrap();

        let live = mover.update_many(|_| Filter::all()).set(|i| i.status, "a");
        assert_eq!(counts(&live.await.unwrap()), [3, 3, 0, 0, 0]);
        let all = mover.update_many(|_| Filter::all()).set(|i| i.status, "b");
        let report = all.including_deleted().await.unwrap();
        assert_eq!(counts(&report), [4, 4, 0, 0, 0]);
        assert!(stored(&db, made[0].id()).await.contains_key("deletedAt"));
        let report = mover.restore_many(|i| i.status.eq("a")).await.unwrap();
        assert_eq!(counts(&report), [0; 5]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_documents_are_a_few_commands() {
    let db = TestDb::new().await;
    let (client, items) = direct(&db, monguard::Audit::after_write()).await;
    let mover = items.by("mover");
    client.commands().clear();
    stock(&items, 1000).await;
    let names = client.commands().names();
    assert_eq!(names, ["update", "insert"], "a create of a thousand");

    client.commands().clear();
    let all = mover.update_many(|_| Filter::all());
    let report = all.inc(|i| i.amount, 1).await.unwrap();
    assert_eq!(counts(&report), [1000, 1000, 0, 0, 0]);
    let mut names = client.commands().names();
    names.retain(|name| name != "getMore");
    assert_eq!(names, ["find", "find", "update", "insert"]);

    let small = mover.update_many(|i| i.amount.lte(11));
    client.commands().clear();
    let report = small.inc(|i| i.amount, 1).batch_size(4).await.unwrap();
    assert_eq!(report.modified(), 10);
    assert_eq!(client.commands().count("update"), 3);
    let sent = &client.commands().named("update")[0];
    let body = sent.body.clone();
    assert_eq!(body.get_bool("ordered").ok(), Some(false));
    assert_eq!(body.get_i64("maxTimeMS").ok(), Some(20_000));
    let concern = body.get_document("writeConcern").unwrap();
    assert_eq!(concern.get_str("w").ok(), Some("majority"));
    assert_eq!(concern.get_bool("j").ok(), Some(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_when_narrows_the_filter() {
    let db = TestDb::new().await;
    let (_client, items) = direct(&db, monguard::Audit::after_write()).await;
    let mover = items.by("mover");
    stock(&items, 6).await;
    let some = mover.update_many(|i| i.amount.gt(2));
    let some = some.when(|i| i.amount.lt(5)).inc(|i| i.amount, 100);
    assert_eq!(counts(&some.await.unwrap()), [2, 2, 0, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_still_matches_afterwards_is_written_once() {
    let db = TestDb::new().await;
    let (_client, items) = direct(&db, monguard::Audit::after_write()).await;
    let mover = items.by("mover");
    let made = stock(&items, 30).await;
    let keys = doc! { "amount": 1 };
    let index = mongodb::IndexModel::builder().keys(keys).build();
    raw(&db, "items").create_index(index).await.unwrap();
    let all = mover.update_many(|i| i.amount.gt(0));
    let report = all.inc(|i| i.amount, 1000).batch_size(3).await.unwrap();
    assert_eq!(counts(&report), [30, 30, 0, 0, 0]);
    for item in made {
        let now = items.find_by_id(item.id()).await.unwrap().unwrap();
        assert_eq!(now.amount, item.amount + 1000);
    }
}
