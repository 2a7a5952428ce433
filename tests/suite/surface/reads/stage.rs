//! What the tests of reads set up.

use mongodb::bson::Document;
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};

/// A guard with monguard's defaults.
pub(super) async fn guard(db: &TestDb) -> Monguard {
    let guard = after_write(db.database().clone()).build();
    guard.await.unwrap()
}

/// A collection of that guard, with its indexes in place.
pub(super) async fn collection<T: Versioned>(db: &TestDb) -> Collection<T> {
    let collection = guard(db).await.collection();
    collection.ensure_indexes().await.unwrap();
    collection
}

/// Stores documents by other means.
pub(super) async fn insert(db: &TestDb, name: &str, documents: Vec<Document>) {
    let collection = db.database().collection::<Document>(name);
    collection.insert_many(documents).await.unwrap();
}

/// What the last command of this name was sent with.
pub(super) fn last(db: &TestDb, command: &str) -> Document {
    db.commands().named(command).pop().unwrap().body
}
