//! What a test of the audit sets up and looks at.

use mongodb::bson::{Bson, Document};
use monguard::Audit;
use monguard::prelude::*;
pub(super) use monguard_tests::contents::{entries as log, stored};
use monguard_tests::fixture::{TestClient, TestDb};

/// A guard of the test's database with this audit.
pub(super) async fn guard(db: &TestDb, audit: Audit) -> Monguard {
    let builder = Monguard::builder(db.database().clone()).audit(audit);
    builder.build().await.unwrap()
}

/// The same, through another client.
pub(super) async fn guard_through(client: &TestClient, audit: Audit) -> Monguard {
    let builder = Monguard::builder(client.database().clone()).audit(audit);
    builder.build().await.unwrap()
}

/// The entries that a stored document carries, as they are.
pub(super) async fn carried(db: &TestDb, name: &str, id: impl Into<Bson>) -> Vec<Document> {
    let document = stored(db, name, id).await;
    let elements = document.get_array("__audit").cloned().unwrap_or_default();
    let elements = elements.into_iter();
    elements
        .map(|element| element.as_document().unwrap().clone())
        .collect()
}

/// What entries of the log say beside ids and times.
pub(super) fn told(mut entries: Vec<Document>) -> Vec<Document> {
    for entry in &mut entries {
        entry.remove("_id");
        entry.remove("timestamp");
        entry.get_document_mut("ref").unwrap().remove("id");
        let metadata = entry.get_document_mut("metadata").unwrap();
        metadata.remove("prev");
        for part in ["before", "after", "deltaChanges"] {
            if let Ok(part) = metadata.get_document_mut(part) {
                for name in ["_id", "createdAt", "updatedAt", "deletedAt"] {
                    part.remove(name);
                }
            }
        }
    }
    entries
}
