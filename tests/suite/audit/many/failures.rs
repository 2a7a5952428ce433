//! What a write of many documents says of those that it did not write.

use mongodb::bson::{DateTime, doc};
use monguard::error::InvalidReason;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;

use super::stage::{AUDITS, Item, assert_life, audits, counts, direct, raw, stock, stored};

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_would_leave_its_type_fails_for_its_document_alone() {
    for audit in audits().await {
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
        assert!(
            matches!(error.reason(), InvalidReason::OutOfRange { .. }),
            "{error:?}"
        );
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
    assert_eq!(
        (report.failures().len(), report.failures_left_out()),
        (2, 3)
    );
    assert!(report.to_string().contains("5 failed"), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unique_value_that_is_taken_fails_for_its_document_alone() {
    // The server of the tests lets transactions that run at the same time take one value twice.
    for audit in AUDITS {
        let db = TestDb::new().await;
        let (_client, items) = direct(&db, audit).await;
        let made = stock(&items, 4).await;
        let mover = items.by("mover");
        let all = mover.update_many(|_| Filter::all());

        let report = all.set(|i| i.name, "the one").await.unwrap();

        assert_eq!(counts(&report), [4, 1, 0, 0, 3]);
        for failure in report.failures() {
            let Error::DuplicateKey(error) = failure.error() else {
                panic!("{failure:?}")
            };
            assert_eq!(error.fields(), ["name", "deletedAt"]);
            assert_eq!(error.subject().id(), Some(failure.id()));
            let id = failure.id().as_object_id().unwrap();
            assert_life(&db, &items, id, 1).await;
        }
        let one = items.find_one(|i| i.name.eq("the one")).await.unwrap();
        assert_life(&db, &items, one.unwrap().id(), 2).await;
        assert_eq!(made.len(), 4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_in_the_millisecond_of_another_is_made_a_little_later() {
    for audit in audits().await {
        let db = TestDb::new().await;
        let (_client, items) = direct(&db, audit).await;
        let made = stock(&items, 3).await;
        let at = DateTime::now().timestamp_millis() + 60_000;
        let later = |by: i64| DateTime::from_millis(at + by);
        let stamp = doc! { "$set": { "updatedAt": later(0) } };
        raw(&db, "items").update_many(doc! {}, stamp).await.unwrap();
        // Others of these names were deleted in just that moment and the next.
        for (item, by) in [(0, 0), (0, 1), (2, 0)] {
            let deleted = doc! { "name": &made[item].name, "deletedAt": later(by) };
            raw(&db, "items").insert_one(deleted).await.unwrap();
        }

        let report = items.by("mover").delete_many(|_| Filter::all()).await;

        assert_eq!(counts(&report.unwrap()), [3, 3, 0, 0, 0]);
        for (item, by) in [(0, 2), (1, 0), (2, 1)] {
            let deleted = stored(&db, made[item].id()).await;
            assert_eq!(deleted.get_datetime("deletedAt").ok(), Some(&later(by)));
            assert_life(&db, &items, made[item].id(), 2).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_version_fails_for_its_document_alone() {
    for audit in audits().await {
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
        assert!(matches!(
            report.failures()[0].error(),
            Error::ForeignVersion(_)
        ));
        assert_eq!(
            stored(&db, made[1].id()).await.get_str("status").ok(),
            Some("new")
        );
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
    assert!(
        matches!(refused, Err(Error::InvalidFilter(_))),
        "{refused:?}"
    );
}
