use std::sync::Arc;
use std::time::Duration;

use mongodb::bson::{Bson, Document, doc, oid::ObjectId};
use mongodb::options::{CollectionOptions, ReadConcern, ReadPreference, SelectionCriteria};

use super::Shared;
use super::store::duplicate_key;

/// The audit log, as the driver reaches it.
#[derive(Clone)]
pub(crate) struct LogStore {
    entries: mongodb::Collection<Document>,
    linearizable: bool,
}

/// What became of an entry that was to be inserted.
#[derive(Debug)]
pub(crate) enum EntryInsert {
    /// It is in the log.
    Written,
    /// Another entry has its id.
    Taken,
    /// It could not be inserted.
    Failed(mongodb::error::Error),
}

impl LogStore {
    pub(crate) fn new(shared: &Arc<Shared>) -> Self {
        let settings = &shared.settings;
        let options = CollectionOptions::builder()
            .write_concern(settings.write_concern.clone())
            .selection_criteria(SelectionCriteria::ReadPreference(ReadPreference::Primary));
        let name = &settings.audit_collection;
        LogStore {
            entries: shared
                .database
                .collection_with_options(name, options.build()),
            linearizable: shared.capabilities.has_linearizable_reads(),
        }
    }

    pub(crate) fn entries(&self) -> &mongodb::Collection<Document> {
        &self.entries
    }

    /// Inserts an entry. One that is there already, with the same id, document and version, is the
    /// same entry.
    pub(crate) async fn insert(&self, entry: &Document, limit: Duration) -> EntryInsert {
        match self.entries.insert_one(entry).await {
            Ok(_) => EntryInsert::Written,
            Err(error) => match duplicate_key(&error) {
                Some((index, _)) if index.is_empty() || index.ends_with("_id_") => {
                    match self.agrees(entry, limit).await {
                        Ok(true) => EntryInsert::Written,
                        Ok(false) => EntryInsert::Taken,
                        Err(error) => EntryInsert::Failed(error),
                    }
                }
                _ => EntryInsert::Failed(error),
            },
        }
    }

    /// Whether the stored entry of this id is about the same document and version.
    async fn agrees(&self, entry: &Document, limit: Duration) -> mongodb::error::Result<bool> {
        let id = entry.get("_id").cloned().unwrap_or(Bson::Null);
        let stored = self
            .entries
            .find_one(doc! { "_id": id })
            .max_time(limit)
            .await?;
        let version = |entry: &Document| {
            entry
                .get_document("metadata")
                .ok()
                .and_then(|data| data.get("version").cloned())
        };
        Ok(stored.is_some_and(|stored| {
            stored.get("ref") == entry.get("ref") && version(&stored) == version(entry)
        }))
    }

    /// The entry of an operation.
    pub(crate) async fn of_operation(
        &self,
        operation: ObjectId,
        limit: Duration,
    ) -> mongodb::error::Result<Option<Document>> {
        let mut find = self
            .entries
            .find_one(doc! { "_id": operation })
            .max_time(limit);
        if self.linearizable {
            find = find.read_concern(ReadConcern::linearizable());
        }
        find.await
    }

    /// The first entry of a document that matches, by what its write replaced.
    pub(crate) async fn of_document(
        &self,
        collection: &str,
        id: &Bson,
        mut condition: Document,
        limit: Duration,
    ) -> mongodb::error::Result<Option<Document>> {
        condition.insert("ref.collection", collection);
        condition.insert("ref.id", doc! { "$eq": id.clone() });
        self.entries.find_one(condition).max_time(limit).await
    }
}
