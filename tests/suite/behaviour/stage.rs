//! What a test of the behaviour sets up and looks at, past monguard.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use mongodb::bson::{Document, doc};
use monguard::Audit;
use monguard::error::InvalidReason;
use monguard::prelude::*;
pub(super) use monguard_tests::contents::{entries, raw, stored};
use monguard_tests::fixture::{TestDb, after_write};

/// A guard with monguard's defaults.
pub(super) async fn guard(db: &TestDb) -> Monguard {
    after_write(db.database().clone()).build().await.unwrap()
}

/// A collection of that guard, with its indexes in place.
pub(super) async fn collection<T: Versioned>(db: &TestDb) -> Collection<T> {
    let collection = guard(db).await.collection();
    collection.ensure_indexes().await.unwrap();
    collection
}

/// A collection whose entries hold whole images.
pub(super) async fn in_full<T: Versioned>(db: &TestDb) -> Collection<T> {
    let builder = after_write(db.database().clone());
    let monguard = builder.audit(Audit::after_write().full()).build().await;
    monguard.unwrap().collection()
}

/// Everything that a database holds.
#[derive(Debug, PartialEq)]
pub(super) struct Contents(BTreeMap<String, Vec<Document>>);

impl Contents {
    pub(super) async fn of(db: &TestDb) -> Self {
        let mut contents = BTreeMap::new();
        for name in db.database().list_collection_names().await.unwrap() {
            let collection = raw(db, &name);
            let all = collection.find(doc! {}).sort(doc! { "_id": 1 });
            let documents: Vec<Document> = all.await.unwrap().try_collect().await.unwrap();
            if !documents.is_empty() {
                contents.insert(name, documents);
            }
        }
        Contents(contents)
    }

    /// Checks that the database holds the same still.
    pub(super) async fn assert_kept(&self, db: &TestDb) {
        assert_eq!(*self, Contents::of(db).await);
    }
}

/// Why a write was refused, and where.
#[track_caller]
pub(super) fn refusal<R: std::fmt::Debug>(result: monguard::Result<R>) -> (InvalidReason, String) {
    match result {
        Err(Error::InvalidUpdate(error)) => (error.reason().clone(), error.path().to_owned()),
        other => panic!("not refused: {other:?}"),
    }
}

/// Whether the operation that returned this wrote nothing.
pub(super) fn is_unchanged<T: Versioned>(stored: &Stored<T>) -> bool {
    matches!(stored.outcome(), Outcome::Unchanged)
}
