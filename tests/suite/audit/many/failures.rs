//! What a write of many documents says of those that it did not write.

use mongodb::bson::doc;
use monguard::error::InvalidReason;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;

use super::stage::{AUDITS, Item, assert_life, counts, direct, raw, stock, stored};

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_would_leave_its_type_fails_for_its_document_alone() {
    for audit in AUDITS {
        let db = TestDb::new().await;
        let (_client, items) = direct(&db, audit).await;
        let made = stock(&items, 5).await;
        let mover = items.by("mover");
        let full = mover.update(&made[3]).set(|i| i.amount, i32::MAX);
        full.await.unwrap();

        let all = mover.update_many(|_| Filter::all()).inc(|i| i.amount, 10);
        let report = all.await.unwrap();

        assert_eq!(counts(&report), [5, 4, 0, 0, 1]);
        assert!(!report.is_complete());
        let [failure] = report.failures() else {
            panic!("{report:?}")
        };
        assert_eq!(failure.id().as_object_id(), Some(made[3].id()));
        let Error::InvalidUpdate(error) = failure.error() else {
            panic!("{failure:?}")
        };
        assert!(matches!(error.reason(), InvalidReason::OutOfRange { .. }), "{error:?}");
        assert_life(&db, &items, made[3].id(), 2).await;
        assert_life(&db, &items, made[4].id(), 2).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_are_counted_beyond_those_that_are_kept() {
    let db = TestDb::new().await;
    let (_client, items) = direct(&db, monguard::Audit::after_write()).await;
    let mover = items.by("mover");
    stock(&items, 5).await;
    let all = mover.update_many(|_| Filter::all());
    let report = all.inc(|i| i.amount, i32::MAX).keep_failures(2);
    let report = report.await.unwrap();
    assert_eq!(counts(&report), [5, 0, 0, 0, 5]);
    assert_eq!((report.failures().len(), report.failures_left_out()), (2, 3));
    assert!(report.to_string().contains("5 failed"), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unique_value_that_is_taken_fails_for_its_document_alone() {
    for audit in AUDITS {
        let db = TestDb::new().await;
        let (_client, items) = direct(&db, audit).await;
        let made = stock(&items, 4).await;
        let mover = items.by("mover");
        for item in &made[..3] {
            mover.delete(item).await.unwrap();
        }
        // Somebody took the name of the second meanwhile.
        mover.create(Item::numbered(2)).await.unwrap();

        let report = mover.restore_many(|_| Filter::all()).await.unwrap();

        assert_eq!(counts(&report), [3, 2, 0, 0, 1]);
        let failure = &report.failures()[0];
        assert_eq!(failure.id().as_object_id(), Some(made[1].id()));
        let Error::DuplicateKey(error) = failure.error() else {
            panic!("{failure:?}")
        };
        assert!(error.fields().iter().any(|field| field == "name"), "{error:?}");
        assert!(stored(&db, made[1].id()).await.contains_key("deletedAt"));
        assert_life(&db, &items, made[0].id(), 3).await;
        assert_life(&db, &items, made[1].id(), 2).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_of_one_name_are_deleted_in_one_batch() {
    let db = TestDb::new().await;
    let (_client, items) = direct(&db, monguard::Audit::after_write()).await;
    let mover = items.by("mover");
    let mut made = Vec::new();
    for _ in 0..3 {
        let item = mover.create(Item::numbered(1)).await.unwrap().into_stored();
        made.push(item.id());
        mover.delete(&item).await.unwrap();
    }
    // All live at once, as before the index was there.
    raw(&db, "items").drop_indexes().await.unwrap();
    let report = mover.restore_many(|_| Filter::all()).await.unwrap();
    assert_eq!(report.modified(), 3);
    let report = mover.delete_many(|_| Filter::all()).await.unwrap();
    assert_eq!(counts(&report), [3, 3, 0, 0, 0]);
    for id in made {
        assert_life(&db, &items, id, 4).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_version_fails_for_its_document_alone() {
    for audit in AUDITS {
        let db = TestDb::new().await;
        let (_client, items) = direct(&db, audit).await;
        let mover = items.by("mover");
        let made = stock(&items, 3).await;
        let broken = doc! { "$set": { "__v": "three" } };
        let filter = doc! { "_id": made[1].id() };
        raw(&db, "items").update_one(filter, broken).await.unwrap();
        let all = mover.update_many(|_| Filter::all());
        let report = all.set(|i| i.status, "x").await.unwrap();
        assert_eq!(counts(&report), [3, 2, 0, 0, 1]);
        assert!(matches!(report.failures()[0].error(), Error::ForeignVersion(_)));
        assert_eq!(stored(&db, made[1].id()).await.get_str("status").ok(), Some("new"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_is_refused_writes_nothing() {
    let db = TestDb::new().await;
    let (_client, items) = direct(&db, monguard::Audit::after_write()).await;
    let mover = items.by("mover");
    stock(&items, 2).await;
    let refused = Filter::<Item>::document(doc! { "colour": 1 });
    let refused = mover.update_many(|_| refused);
    let refused = refused.set(|i| i.status, "x").await;
    assert!(matches!(refused, Err(Error::InvalidFilter(_))), "{refused:?}");
}
