//! The audit entry comes after the write that it is about.

use std::sync::Arc;
use std::time::Duration;

use mongodb::bson::{Bson, Document, doc, oid::ObjectId};

use super::compose::{owed_creation_entry, owed_tombstone_entry};
use crate::client::{EntryInsert, OnAuditFailure, Store};
use crate::document::{Version, names};
use crate::error::{AuditNotWritten, DriverError, Error, Result};
use crate::guard::{Landed, Patience};

/// A write that landed, and what became of its entry.
#[derive(Debug)]
pub(crate) struct Recorded {
    pub(crate) landed: Landed,
    pub(crate) operation: ObjectId,
    pub(crate) version: Version,
    /// Why the entry could not be written.
    pub(crate) unwritten: Option<Arc<Error>>,
}

/// Writes the entry of a write that landed.
///
/// # Errors
/// [`Error::AuditNotWritten`] where that fails, if the guard was built so.
pub(crate) async fn record(
    store: &Store,
    landed: Landed,
    operation: ObjectId,
    version: Version,
    entry: &Document,
    limit: Duration,
) -> Result<Recorded> {
    let Err(cause) = insert_entry(store, entry, limit).await else {
        return Ok(Recorded {
            landed,
            operation,
            version,
            unwritten: None,
        });
    };
    report(store, operation, &cause);
    let cause = Arc::new(cause);
    match store.shared().settings.on_audit_failure {
        OnAuditFailure::Report => Ok(Recorded {
            landed,
            operation,
            version,
            unwritten: Some(cause),
        }),
        OnAuditFailure::Fail => {
            let document = landed.document;
            let id = document.get(names::ID).ok().flatten();
            let id = id.and_then(|id| Bson::try_from(id).ok());
            let subject = store.subject(id.as_ref());
            Err(AuditNotWritten::new(subject, operation, version, document, cause).into())
        }
    }
}

/// Traces and counts an entry that is missing.
fn report(store: &Store, operation: ObjectId, cause: &Error) {
    store.shared().count_unwritten_entry();
    tracing::error!(
        collection = %store.name(),
        operation_id = %operation,
        error = %cause,
        "a write stands whose audit entry could not be written"
    );
}

/// Inserts an entry, and again after a failure that may pass: it has an id of its own, so it
/// cannot be there twice.
pub(crate) async fn insert_entry(store: &Store, entry: &Document, limit: Duration) -> Result<()> {
    let mut patience = Patience::new(limit, store.shared().settings.margin);
    loop {
        let failure: Error = match store.bounded(limit, store.log().insert(entry, limit)).await {
            Some(EntryInsert::Written) => return Ok(()),
            Some(EntryInsert::Taken) => {
                let of = subject(store, entry);
                return Err(Error::Unsupported(format!(
                    "{INSERT} of {of} failed: {TAKEN}"
                )));
            }
            Some(EntryInsert::Failed(error)) => {
                let error = log_error(store, entry, error);
                if !error.is_transient() {
                    return Err(error.into());
                }
                error.into()
            }
            None => DriverError::timed_out(INSERT, subject(store, entry)).into(),
        };
        if patience.is_over() {
            return Err(failure);
        }
        let wait = patience.next_wait();
        tokio::time::sleep(wait).await;
    }
}

const INSERT: &str = "insert of the audit entry";
const TAKEN: &str =
    "the log has another entry under the id of this operation; look for a foreign writer";

fn log_error(store: &Store, entry: &Document, error: mongodb::error::Error) -> DriverError {
    DriverError::new(INSERT, subject(store, entry), error, store.meta().redacts())
}

fn subject(store: &Store, entry: &Document) -> crate::error::Subject {
    store.subject(
        entry
            .get_document("ref")
            .ok()
            .and_then(|reference| reference.get("id")),
    )
}

/// Writes the create entry of a document whose creator died before writing it. What fails is
/// traced and counted: the document is there all the same.
pub(crate) async fn complete_creation(store: &Store, document: &Document, limit: Duration) {
    let Ok(operation) = document.get_object_id(names::OPERATION) else {
        return;
    };
    let Some(entry) = owed_creation_entry(store, document) else {
        return;
    };
    match store.log().of_operation(operation, limit).await {
        Ok(Some(_)) => {}
        Ok(None) => {
            if let Err(cause) = insert_entry(store, &entry, limit).await {
                report(store, operation, &cause);
            }
        }
        Err(error) => report(store, operation, &log_error(store, &entry, error).into()),
    }
}

/// The entry that a tombstone still owes the log; `None` where the log has it.
pub(crate) async fn ensure_tombstone_entry(
    store: &Store,
    tombstone: &Document,
    limit: Duration,
) -> Result<Option<Document>> {
    let id = tombstone.get(names::ID).cloned().unwrap_or(Bson::Null);
    let failed = |error| store.driver_error("read of the audit log", Some(&id), error);
    if let Ok(operation) = tombstone.get_object_id(names::OPERATION)
        && store
            .log()
            .of_operation(operation, limit)
            .await
            .map_err(failed)?
            .is_some()
    {
        return Ok(None);
    }
    let version = tombstone.get(store.versions().field());
    let version = store
        .versions()
        .read(version, || store.subject(Some(&id)))?
        .shown;
    let before = version.as_i64().and_then(|version| version.checked_sub(1));
    let replaced = store
        .log()
        .of_document(
            store.name(),
            &id,
            doc! { "metadata.version": before },
            limit,
        )
        .await
        .map_err(failed)?;
    Ok(owed_tombstone_entry(store, tombstone, replaced.as_ref()))
}
