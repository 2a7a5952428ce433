//! The way to the log for entries that a server made.

use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt;
use mongodb::bson::{Bson, Document, RawDocumentBuf, doc, oid::ObjectId};
use mongodb::options::{ReadConcern, ReadPreference, SelectionCriteria};
use tokio::sync::watch;

use super::carry::{carrier, log_entry};
use crate::audit::{CARRIED_OPERATION, Trail, entry_of_many};
use crate::client::Store;
use crate::document::names;
use crate::error::Result;
use crate::relay::LogEntry;

/// How many copies are being made, so that a flush can wait for them.
#[derive(Debug)]
pub(crate) struct Copies(watch::Sender<usize>);

/// One of them.
struct Copy(Arc<Copies>);

impl Copies {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Copies(watch::Sender::new(0)))
    }

    fn begin(self: &Arc<Self>) -> Copy {
        self.0.send_modify(|copies| *copies += 1);
        Copy(self.clone())
    }

    /// Waits until none is being made.
    pub(crate) async fn done(&self) {
        // The sender is here: it is not closed.
        let _ = self.0.subscribe().wait_for(|copies| *copies == 0).await;
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        self.0.0.send_modify(|copies| *copies -= 1);
    }
}

/// Matches the documents that this operation has written, as far as they tell.
pub(crate) fn written_by(operation: ObjectId) -> Document {
    let carried = format!("{}.{CARRIED_OPERATION}", names::AUDIT);
    doc! { "$or": [{ names::OPERATION: operation }, { carried: operation }] }
}

/// The ids in the log of the entries that an operation over many documents has for these.
pub(crate) fn entries_of_many(
    store: &Store,
    operation: ObjectId,
    ids: impl IntoIterator<Item = Bson>,
) -> Vec<ObjectId> {
    let ids = ids.into_iter();
    ids.map(|id| entry_of_many(operation, store.name(), &id))
        .collect()
}

/// Hands the entries that this operation has on its documents to the relay, in the background: only
/// what no failover can undo, so they are read again. What fails is traced; the entries stay on
/// their documents then.
pub(crate) fn copy_later(store: Arc<Store>, operation: ObjectId, limit: Duration) {
    let copy = store.shared().copies.begin();
    tokio::spawn(async move {
        if let Err(error) = copy_entries(&store, operation, limit).await {
            tracing::warn!(
                collection = %store.name(),
                operation_id = %operation,
                %error,
                "the entries of an operation stay on its documents for now"
            );
        }
        drop(copy);
    });
}

async fn copy_entries(store: &Store, operation: ObjectId, limit: Duration) -> Result<()> {
    let mut find = store
        .documents()
        .find(written_by(operation))
        .selection_criteria(SelectionCriteria::ReadPreference(ReadPreference::Primary));
    if store.shared().capabilities.has_linearizable_reads() {
        find = find.read_concern(ReadConcern::majority());
    }
    let mut documents = store.answer("find", limit, find).await?;
    let failed = |error| store.driver_error("find", None, error);
    let mut entries = Vec::new();
    while let Some(raw) = documents.try_next().await.map_err(failed)? {
        entries.extend(entry_on(store, operation, &raw)?);
        if entries.len() >= AT_A_TIME {
            hand_over(store, std::mem::take(&mut entries)).await;
        }
    }
    hand_over(store, entries).await;
    Ok(())
}

/// How many entries are handed over at a time.
const AT_A_TIME: usize = 500;

/// The entry of this operation that a document carries.
fn entry_on(store: &Store, operation: ObjectId, raw: &RawDocumentBuf) -> Result<Option<LogEntry>> {
    let document = store.parse(raw, None)?;
    let Ok(trail) = Trail::of(&document) else {
        return Ok(None);
    };
    let id = document.get(names::ID).cloned().unwrap_or(Bson::Null);
    let entry = entry_of_many(operation, store.name(), &id);
    let (drafts, _) = trail.drafts(carrier(store, &document));
    let draft = drafts.into_iter().find(|draft| draft.id == entry);
    let unknown = draft.filter(|draft| !store.shared().relay.knows(draft.id));
    Ok(unknown.map(|draft| log_entry(store, draft)).transpose()?)
}

async fn hand_over(store: &Store, entries: Vec<LogEntry>) {
    if entries.is_empty() {
        return;
    }
    let relay = &store.shared().relay;
    if let Some(permit) = relay.reserve_after_others(entries.len()).await {
        permit.hand_over(entries);
    }
}
