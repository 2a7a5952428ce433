//! What a database holds, past monguard.

use futures_util::TryStreamExt;
use mongodb::Collection;
use mongodb::bson::{Bson, Document, doc};

use crate::fixture::TestDb;

/// The driver's handle.
#[must_use]
pub fn raw(db: &TestDb, name: &str) -> Collection<Document> {
    db.database().collection(name)
}

/// A stored document, as the driver reads it.
pub async fn stored(db: &TestDb, name: &str, id: impl Into<Bson>) -> Document {
    let filter = doc! { "_id": { "$eq": id.into() } };
    let found = raw(db, name).find_one(filter).await.unwrap();
    found.expect("the document is there")
}

/// The documents of the audit log, oldest version first.
pub async fn entries(db: &TestDb) -> Vec<Document> {
    let log = raw(db, "audit_logs");
    let find = log
        .find(doc! {})
        .sort(doc! { "metadata.version": 1, "_id": 1 });
    find.await.unwrap().try_collect().await.unwrap()
}
