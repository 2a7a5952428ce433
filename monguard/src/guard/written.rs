//! Which documents an operation over many documents has written.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::TryStreamExt;
use mongodb::bson::{Bson, DateTime, Document, doc, oid::ObjectId};
use mongodb::options::{ReadPreference, SelectionCriteria};

use crate::audit::{CARRIED_OPERATION, entry_of_many};
use crate::client::{LOG_READ, Store};
use crate::document::names;
use crate::error::Result;

/// A command over many documents, by what it leaves on them and in the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ManyOperation {
    pub(crate) id: ObjectId,
    /// None of its entries has an earlier time.
    pub(crate) at: DateTime,
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

impl Store {
    /// How many documents this operation has written, whoever has written them since.
    pub(crate) async fn count_written_by(
        &self,
        operation: ManyOperation,
        limit: Duration,
    ) -> Result<u64> {
        // In this order: an entry that is taken off its document is in the log by then.
        let mut entries = self.shown_by_documents(operation, limit).await?;
        self.add_logged(operation, &mut entries, limit).await?;
        Ok(u64::try_from(entries.len()).unwrap_or(u64::MAX))
    }

    /// The entries for the documents which tell that this operation has written them.
    async fn shown_by_documents(
        &self,
        operation: ManyOperation,
        limit: Duration,
    ) -> Result<HashSet<ObjectId>> {
        let carried = format!("{}.{CARRIED_OPERATION}", names::AUDIT);
        let written =
            doc! { "$or": [{ names::OPERATION: operation.id }, { carried: operation.id }] };
        let find = self
            .documents()
            .find(written)
            .projection(doc! { names::ID: 1 })
            .selection_criteria(SelectionCriteria::ReadPreference(ReadPreference::Primary))
            .max_time(limit);
        let mut documents = self.answer("find", limit, find).await?;
        let failed = |error| self.driver_error("find", None, error);
        let mut entries = HashSet::new();
        while let Some(raw) = documents.try_next().await.map_err(failed)? {
            let document = self.parse(&raw, None)?;
            let id = document.get(names::ID).unwrap_or(&Bson::Null);
            entries.insert(entry_of_many(operation.id, self.name(), id));
        }
        Ok(entries)
    }

    /// Adds the entries that the log holds.
    async fn add_logged(
        &self,
        operation: ManyOperation,
        entries: &mut HashSet<ObjectId>,
        limit: Duration,
    ) -> Result<()> {
        let since = self.log().since(self.name(), operation.at, limit);
        let mut logged = self.answer(LOG_READ, limit, Box::pin(since)).await?;
        let failed = |error| self.driver_error(LOG_READ, None, error);
        while let Some(entry) = logged.try_next().await.map_err(failed)? {
            let document_id = document_id(&entry);
            let own = entry_of_many(operation.id, self.name(), document_id);
            if entry.get("_id") == Some(&Bson::ObjectId(own)) {
                entries.insert(own);
            }
        }
        Ok(())
    }
}

/// The id of the document that an entry of the log is about.
fn document_id(entry: &Document) -> &Bson {
    let about = entry.get_document("ref").ok();
    about
        .and_then(|about| about.get("id"))
        .unwrap_or(&Bson::Null)
}
