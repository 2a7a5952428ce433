//! The way to the log for entries that a server made.

use std::collections::HashSet;
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

/// What is known of the documents that an operation has written, beside what they tell themselves.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    /// As many as this.
    pub(crate) documents: usize,
    /// They match this, unless others have come since, where it can be said.
    pub(crate) filter: Option<Document>,
}

/// Hands the entries that this operation has on its documents to the relay, in the background: only
/// what no failover can undo, so they are read again. What fails is traced; the entries stay on
/// their documents then.
pub(crate) fn copy_later(
    store: Arc<Store>,
    operation: ObjectId,
    written: Option<Written>,
    limit: Duration,
) {
    let copy = store.shared().copies.begin();
    tokio::spawn(async move {
        if let Err(error) = copy_entries(&store, operation, written, limit).await {
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

async fn copy_entries(
    store: &Store,
    operation: ObjectId,
    written: Option<Written>,
    limit: Duration,
) -> Result<()> {
    let path = format!("{}.{CARRIED_OPERATION}", names::AUDIT);
    let condition = doc! { path: operation };
    if let Some(Written { documents, filter }) = written {
        let found = match filter {
            _ if documents == 0 => 0,
            // By the indexes that led to them before.
            Some(filter) => {
                let filter = doc! { "$and": [filter, condition.clone()] };
                copy_from(store, operation, filter, limit).await?
            }
            None => 0,
        };
        if found >= documents {
            return Ok(());
        }
    }
    // The server looks at every document of the collection.
    copy_from(store, operation, condition, limit).await?;
    Ok(())
}

/// Hands over the entries of this operation on what matches. Returns how many documents had one.
async fn copy_from(
    store: &Store,
    operation: ObjectId,
    filter: Document,
    limit: Duration,
) -> Result<usize> {
    let own = doc! { "$elemMatch": { CARRIED_OPERATION: operation } };
    let mut find = store
        .documents()
        .find(filter)
        // Nothing else of a document is needed: the entry owes no image.
        .projection(doc! { names::ID: 1, names::AUDIT: own })
        .selection_criteria(SelectionCriteria::ReadPreference(ReadPreference::Primary));
    if store.shared().capabilities.has_linearizable_reads() {
        find = find.read_concern(ReadConcern::majority());
    }
    let mut documents = store.answer("find", limit, find).await?;
    let failed = |error| store.driver_error("find", None, error);
    let (mut entries, mut found) = (Vec::new(), HashSet::new());
    while let Some(raw) = documents.try_next().await.map_err(failed)? {
        let Some(entry) = entry_on(store, operation, &raw)? else {
            continue;
        };
        // A scan may meet a document again.
        found.insert(entry.id);
        if store.shared().relay.knows(entry.id) {
            continue;
        }
        entries.push(entry);
        if entries.len() >= AT_A_TIME {
            hand_over(store, std::mem::take(&mut entries)).await;
        }
    }
    hand_over(store, entries).await;
    Ok(found.len())
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
    Ok(draft.map(|draft| log_entry(store, draft)).transpose()?)
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
