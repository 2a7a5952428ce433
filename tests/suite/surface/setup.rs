//! What the tests of the surface set up and look at.

use futures_util::TryStreamExt;
use mongodb::bson::{Document, doc};
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};

/// A collection of a guard with the defaults, with its indexes in place.
pub(super) async fn collection<T: Versioned>(db: &TestDb) -> Collection<T> {
    let guard = after_write(db.database().clone()).build().await;
    let collection = guard.unwrap().collection();
    collection.ensure_indexes().await.unwrap();
    collection
}

/// The driver's handle.
pub(super) fn raw(db: &TestDb, name: &str) -> mongodb::Collection<Document> {
    db.database().collection(name)
}

/// The only document of a collection, as it is stored.
pub(super) async fn only(db: &TestDb, name: &str) -> Document {
    let all: Vec<Document> = raw(db, name)
        .find(doc! {})
        .await
        .unwrap()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(all.len(), 1, "{all:#?}");
    all.into_iter().next().unwrap()
}

/// The documents of the audit log, by time.
pub(super) async fn entries(db: &TestDb) -> Vec<Document> {
    let log = raw(db, "audit_logs");
    let find = log.find(doc! {}).sort(doc! { "timestamp": 1, "_id": 1 });
    find.await.unwrap().try_collect().await.unwrap()
}
