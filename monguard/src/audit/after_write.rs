//! The audit entry comes after the write that it is about.

mod batch;

use std::sync::Arc;
use std::time::Duration;

use mongodb::bson::{DateTime, Document, RawDocumentBuf, oid::ObjectId};

use super::Trail;
use super::compose::{owed_creation_entry, owed_tombstone_entry};
use crate::client::{EntryInsert, OnAuditFailure, Store, TAKEN, was_refused};
use crate::document::{Version, names, stored_field};
use crate::error::{AuditNotWritten, DriverError, Error, Result};
use crate::guard::{Landed, Patience, bring_all};

use batch::insert_entries;

/// A write that landed, and what became of its entry.
#[derive(Debug)]
pub(crate) struct Recorded {
    pub(crate) landed: Landed,
    pub(crate) operation: ObjectId,
    pub(crate) version: Version,
    /// Why the entry could not be written.
    pub(crate) unwritten: Option<Arc<Error>>,
}

impl Recorded {
    /// A write whose entry is where it belongs.
    pub(crate) fn with_entry(landed: Landed, (operation, version): (ObjectId, Version)) -> Self {
        Recorded {
            landed,
            operation,
            version,
            unwritten: None,
        }
    }
}

/// A write that landed, and its entry.
pub(crate) struct Unrecorded<'a> {
    pub(crate) landed: Landed,
    pub(crate) of: (ObjectId, Version),
    pub(crate) entry: &'a RawDocumentBuf,
}

/// Writes the entry of a write that landed.
///
/// # Errors
/// [`Error::AuditNotWritten`] where that fails, if the guard was built so.
pub(crate) async fn record(
    store: &Store,
    landed: Landed,
    of: (ObjectId, Version),
    entry: &RawDocumentBuf,
    limit: Duration,
) -> Result<Recorded> {
    let inserted = insert_entry(store, entry, limit).await;
    recorded(store, (landed, of), inserted)
}

/// Writes the entries of writes that landed. Returns what became of each, in their order.
pub(crate) async fn record_all(
    store: &Store,
    writes: Vec<Unrecorded<'_>>,
    limit: Duration,
) -> Vec<Result<Recorded>> {
    let entries: Vec<_> = writes.iter().map(|write| write.entry).collect();
    let inserted = insert_entries(store, &entries, limit).await;
    let written = writes.into_iter().zip(inserted);
    written
        .map(|(write, inserted)| recorded(store, (write.landed, write.of), inserted))
        .collect()
}

/// What is reported of a write, by what became of its entry.
fn recorded(
    store: &Store,
    (landed, of): (Landed, (ObjectId, Version)),
    inserted: Result<()>,
) -> Result<Recorded> {
    let (operation, version) = of;
    let Err(cause) = inserted else {
        return Ok(Recorded::with_entry(landed, of));
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
            let subject = store.subject(stored_field(document.as_ref(), names::ID).as_ref());
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
pub(crate) async fn insert_entry(
    store: &Store,
    entry: &RawDocumentBuf,
    limit: Duration,
) -> Result<()> {
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
                let was_refused = was_refused(&error);
                let error = log_error(store, entry, error);
                if was_refused && !error.is_transient() {
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

fn log_error(store: &Store, entry: &RawDocumentBuf, error: mongodb::error::Error) -> DriverError {
    DriverError::new(INSERT, subject(store, entry), error, store.meta().redacts())
}

fn subject(store: &Store, entry: &RawDocumentBuf) -> crate::error::Subject {
    let reference = entry.get_document("ref").ok();
    let id = reference.and_then(|reference| stored_field(reference, "id"));
    store.subject(id.as_ref())
}

/// How long the writer of a state is given to write its entry before somebody else does, who knows
/// neither its trace id nor its custom data: much longer than an insert takes, and short enough to
/// be waited for.
const GRACE: Duration = Duration::from_secs(1);

/// Whether a stamp is as old as that. It may be any that a foreign tool made up.
fn is_past_grace(at: DateTime) -> bool {
    let age = DateTime::now()
        .timestamp_millis()
        .saturating_sub(at.timestamp_millis());
    u64::try_from(age).is_ok_and(|age| Duration::from_millis(age) >= GRACE)
}

/// Whether the log has the entry of the operation that left a document in this state. Where that
/// was just now, it is waited for a little.
async fn has_entry_of(
    store: &Store,
    document: &Document,
    operation: ObjectId,
    limit: Duration,
) -> Result<bool> {
    let written = document.get_datetime(names::UPDATED_AT).ok();
    let mut patience = Patience::new(GRACE, Duration::ZERO);
    loop {
        if store.entry_of(operation, limit).await?.is_some() {
            return Ok(true);
        }
        if patience.is_over() || written.is_none_or(|at| is_past_grace(*at)) {
            return Ok(false);
        }
        let wait = patience.next_wait();
        tokio::time::sleep(wait).await;
    }
}

/// Writes the create entry of a document whose creator died before writing it. What fails is
/// traced and counted: the document is there all the same.
pub(crate) async fn complete_creation(store: &Store, document: &Document, limit: Duration) {
    let Ok(operation) = document.get_object_id(names::OPERATION) else {
        return;
    };
    if Trail::document_holds(document, operation) {
        return;
    }
    let Some(entry) = owed_creation_entry(store, document) else {
        return;
    };
    let completed = async {
        if !has_entry_of(store, document, operation, limit).await? {
            insert_entry(store, &entry, limit).await?;
        }
        Ok(())
    };
    if let Err(cause) = completed.await {
        report(store, operation, &cause);
    }
}

/// Brings the entries of a tombstone to the log, its own and those that it carries, whoever made
/// it.
pub(crate) async fn complete_removal(
    store: &Store,
    tombstone: &Document,
    limit: Duration,
) -> Result<()> {
    bring_all(store, tombstone, limit).await?;
    // Without an operation it is not monguard's, and owes no entry.
    let Ok(operation) = tombstone.get_object_id(names::OPERATION) else {
        return Ok(());
    };
    let is_brought = Trail::document_holds(tombstone, operation);
    if is_brought || has_entry_of(store, tombstone, operation, limit).await? {
        return Ok(());
    }
    match owed_tombstone_entry(store, tombstone)? {
        Some(entry) => insert_entry(store, &entry, limit).await,
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_stamp_is_too_odd_to_have_an_age() {
        assert!(is_past_grace(DateTime::MIN));
        assert!(!is_past_grace(DateTime::MAX));
        assert!(!is_past_grace(DateTime::now()));
    }
}
