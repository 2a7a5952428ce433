//! Values at the ends of their types end in a result, never in a panic.

use std::time::Duration;

use mongodb::bson::{Bson, Document, doc, oid::ObjectId};
use monguard::error::InvalidReason;
use monguard::prelude::*;
use monguard::{Actor, Retry};
use monguard_tests::fixture::{TestDb, after_write};
use monguard_tests::models::Tally;

async fn tallies(db: &TestDb) -> Collection<Tally> {
    let guard = after_write(db.database().clone())
        .time_limit(Duration::MAX)
        .margin(Duration::MAX);
    guard.build().await.unwrap().collection()
}

#[tokio::test(flavor = "multi_thread")]
async fn any_time_and_any_number_of_documents_can_be_asked_for() {
    let db = TestDb::new().await;
    let tallies = tallies(&db).await;
    let desk = tallies.by_actor(Actor::new(Bson::Null)).trace("");
    let tally = desk.create(Tally::default()).await.unwrap().into_stored();
    for limit in [Duration::ZERO, Duration::from_nanos(1), Duration::MAX] {
        // One millisecond may or may not do.
        let _ = tallies.find_by_id(tally.id()).time_limit(limit).await;
        let _ = tallies.count(|_| Filter::all()).time_limit(limit).await;
        let _ = tallies.history(tally.id()).time_limit(limit).await;
    }
    let found = tallies.find(|_| Filter::all()).skip(u64::MAX).await;
    assert!(found.is_err() || found.unwrap().is_empty());
    let found = tallies.find(|_| Filter::all()).limit(u32::MAX).await;
    assert_eq!(found.unwrap().len(), 1);
    let none = tallies.find(|_| Filter::any([])).await.unwrap();
    assert_eq!(none.len(), 0);
    let patient = Retry::default()
        .attempts(u32::MAX)
        .first_wait(Duration::MAX)
        .longest_wait(Duration::MAX);
    let raised = desk.update_latest(tally.id()).retry(patient);
    assert_eq!(
        raised.inc(|o| o.total, i64::MAX).await.unwrap().version(),
        2
    );
    let over = desk.update_latest(tally.id()).inc(|o| o.total, 1).await;
    assert!(matches!(over, Err(Error::InvalidUpdate(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_end_with_an_error() {
    let db = TestDb::new().await;
    let tallies = tallies(&db).await;
    let desk = tallies.by("desk");
    let documents = db.database().collection::<Document>("tallies");
    for (version, is_last) in [(i64::MAX, true), (i64::MIN, false), (-1, false)] {
        let id = ObjectId::new();
        let foreign = doc! { "_id": id, "total": 1_i64, "__v": version };
        documents.insert_one(foreign).await.unwrap();
        let revision = Revision::<Tally>::from_version(id, version);
        let raised = desk.update(&revision).inc(|o| o.total, 1).await;
        match raised {
            Ok(raised) => assert_eq!(raised.version(), version + 1),
            Err(Error::InvalidUpdate(error)) => {
                assert!(is_last);
                assert_eq!(*error.reason(), InvalidReason::VersionsUsedUp);
            }
            Err(error) => panic!("{error:?}"),
        }
        let _ = desk
            .update(Revision::from_version(id, i64::MIN))
            .inc(|o| o.total, 1)
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_tombstone_of_the_least_version_is_finished() {
    let db = TestDb::new().await;
    let tallies = tallies(&db).await;
    let desk = tallies.by("desk");
    let documents = db.database().collection::<Document>("tallies");
    let id = ObjectId::new();
    let tombstone = doc! {
        "_id": id, "total": 1_i64, "__v": i64::MIN, "__tombstone": true, "__w": ObjectId::new(),
        "updatedAt": mongodb::bson::DateTime::MIN, "deletedAt": "never",
    };
    documents.insert_one(tombstone).await.unwrap();
    let gone = desk.hard_delete(Revision::from_version(id, 1)).await;
    assert!(gone.unwrap_err().is_not_found());
    assert_eq!(documents.count_documents(doc! {}).await.unwrap(), 0);
    assert_eq!(tallies.history(id).await.unwrap().len(), 1);
}
