use std::time::Duration;

use mongodb::bson::{Bson, DateTime, Document, RawDocument, RawDocumentBuf, doc, oid::ObjectId};
use mongodb::options::{CollectionOptions, ReadConcern, ReadPreference, SelectionCriteria};
use mongodb::{ClientSession, Cursor, Database};

use super::batch::EntryKey;
use super::failure::duplicate_key;
use super::{Capabilities, Settings};
use crate::document::stored_field;

/// The audit log, as the driver reaches it.
#[derive(Clone)]
pub(crate) struct LogStore {
    entries: mongodb::Collection<Document>,
    /// With which the entry of an operation is looked for.
    settling: Option<ReadConcern>,
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
    pub(crate) fn new(
        database: &Database,
        settings: &Settings,
        capabilities: Capabilities,
    ) -> Self {
        let options = CollectionOptions::builder()
            .write_concern(settings.write_concern.clone())
            .selection_criteria(SelectionCriteria::ReadPreference(ReadPreference::Primary));
        let name = &settings.audit_collection;
        LogStore {
            entries: database.collection_with_options(name, options.build()),
            settling: settings.settling_concern(&capabilities),
        }
    }

    /// Whether what was written can be undone by a failover, and reads can ask that it cannot.
    pub(super) fn is_replicated(&self) -> bool {
        self.settling.is_some()
    }

    pub(crate) fn entries(&self) -> &mongodb::Collection<Document> {
        &self.entries
    }

    /// The same, for entries that are bytes.
    pub(super) fn raw_entries(&self) -> mongodb::Collection<RawDocumentBuf> {
        self.entries.clone_with_type()
    }

    /// Inserts an entry. One that is there already, with the same id, document and version, is the
    /// same entry.
    pub(crate) async fn insert(&self, entry: &RawDocumentBuf, limit: Duration) -> EntryInsert {
        match self.raw_entries().insert_one(entry).await {
            Ok(_) => EntryInsert::Written,
            Err(refusal) => self.after_refusal(entry, refusal, limit).await,
        }
    }

    /// What it means that the log refused an entry.
    pub(crate) async fn after_refusal(
        &self,
        entry: &RawDocumentBuf,
        refusal: mongodb::error::Error,
        limit: Duration,
    ) -> EntryInsert {
        if !duplicate_key(&refusal).is_some_and(|(index, fields)| may_be_id_index(&index, &fields))
        {
            return EntryInsert::Failed(refusal);
        }
        match self.with_id_of(entry, limit).await {
            Ok(Some(stored)) if is_same_entry(&stored, entry) => EntryInsert::Written,
            Ok(Some(_)) => EntryInsert::Taken,
            Ok(None) => EntryInsert::Failed(refusal),
            Err(error) => EntryInsert::Failed(error),
        }
    }

    /// Inserts entries in a transaction. One that is there already makes it fail.
    pub(crate) async fn insert_within(
        &self,
        entries: &[RawDocumentBuf],
        session: &mut ClientSession,
    ) -> mongodb::error::Result<()> {
        let raw = self.raw_entries();
        raw.insert_many(entries).session(session).await?;
        Ok(())
    }

    /// Whether both are the same collection.
    pub(crate) fn is(&self, other: &LogStore) -> bool {
        self.entries.namespace() == other.entries.namespace()
    }

    async fn with_id_of(
        &self,
        entry: &RawDocumentBuf,
        limit: Duration,
    ) -> mongodb::error::Result<Option<RawDocumentBuf>> {
        let id = stored_field(entry, "_id").unwrap_or(Bson::Null);
        self.raw_entries()
            .find_one(doc! { "_id": id })
            .max_time(limit)
            .await
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
        if let Some(concern) = &self.settling {
            find = find.read_concern(concern.clone());
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
        let mut find = self.entries.find_one(condition).max_time(limit);
        if self.settling.is_some() {
            // An entry that a failover takes back tells nothing.
            find = find.read_concern(ReadConcern::majority());
        }
        find.await
    }

    /// Which documents of a collection the entries are about that have this time or a later one.
    pub(crate) async fn since(
        &self,
        collection: &str,
        at: DateTime,
        limit: Duration,
    ) -> mongodb::error::Result<Cursor<Document>> {
        let mut find = self
            .entries
            .find(doc! { "ref.collection": collection, "timestamp": { "$gte": at } })
            .projection(doc! { "ref.id": 1 })
            .max_time(limit);
        if self.settling.is_some() {
            find = find.read_concern(ReadConcern::majority());
        }
        find.await
    }
}

/// Whether it is the index of `_id` that was violated, as far as the server says.
pub(crate) fn may_be_id_index(index: &str, fields: &[String]) -> bool {
    match fields {
        [] => index.is_empty() || index.ends_with("_id_"),
        [field] => field == "_id",
        _ => false,
    }
}

/// Whether both are about the same version of the same document.
fn is_same_entry(stored: &RawDocument, entry: &RawDocument) -> bool {
    EntryKey::of(stored) == EntryKey::of(entry)
}

#[cfg(test)]
mod tests {
    use mongodb::bson::rawdoc;

    use super::*;

    #[test]
    fn only_the_index_of_the_id_says_that_an_entry_is_there_already() {
        let fields = |names: &[&str]| {
            names
                .iter()
                .map(|&name| name.to_owned())
                .collect::<Vec<_>>()
        };
        assert!(may_be_id_index("_id_", &fields(&["_id"])));
        assert!(may_be_id_index("shop.audit_logs.$_id_", &[]));
        assert!(may_be_id_index("", &[]));
        assert!(!may_be_id_index("trace_id_", &fields(&["traceId"])));
        assert!(!may_be_id_index("ref.id_1", &[]));
    }

    #[test]
    fn an_entry_is_the_same_if_document_and_version_are() {
        let entry = |id: i32, version: i32| rawdoc! { "ref": { "collection": "orders", "id": id }, "metadata": { "version": version } };
        assert!(is_same_entry(&entry(1, 2), &entry(1, 2)));
        assert!(!is_same_entry(&entry(1, 2), &entry(1, 3)));
        assert!(!is_same_entry(&entry(1, 2), &entry(2, 2)));
    }
}
