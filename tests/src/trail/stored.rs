//! The documents of a collection, and their entries.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use futures_util::TryStreamExt;
use mongodb::Database;
use mongodb::bson::{Bson, Document, doc, oid::ObjectId};
use monguard::audit::RawEntry;

use super::life;

/// What a guarantee promises once nothing is under way any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// Every version has exactly one entry: carried and transactional, after `recover`.
    EveryVersion,
    /// An entry may be missing, none is double or wrong: after a crash in after_write.
    GapsAllowed,
}

/// What a database holds of one collection: its documents and their entries in `audit_logs`.
#[derive(Debug, Default)]
pub struct Trail {
    /// By the id as a text.
    pub(super) documents: BTreeMap<String, Document>,
    pub(super) entries: BTreeMap<String, Vec<RawEntry>>,
    left_out: BTreeSet<String>,
    unreadable: Vec<String>,
}

impl Trail {
    /// Reads everything. Nothing may be written meanwhile.
    ///
    /// # Panics
    /// If the server does not answer.
    pub async fn read(database: &Database, collection: &str) -> Self {
        let mut trail = Self::default();
        for document in all(database, collection, doc! {}).await {
            let id = document.get("_id").map(Bson::to_string);
            trail.documents.insert(id.unwrap_or_default(), document);
        }
        let of_collection = doc! { "ref.collection": collection };
        for entry in all(database, "audit_logs", of_collection).await {
            let shown = entry.to_string();
            match RawEntry::from_document(entry) {
                Ok(entry) => {
                    let id = entry.document_id.to_string();
                    trail.entries.entry(id).or_default().push(entry);
                }
                Err(error) => trail.unreadable.push(format!("{error}: {shown}")),
            }
        }
        trail
    }

    /// The model leaves these fields out of its entries (`audit = "skip"`).
    #[must_use]
    pub fn leaving_out(mut self, fields: &[&str]) -> Self {
        self.left_out.extend(fields.iter().map(|&name| name.into()));
        self
    }

    /// The entry of this operation.
    #[must_use]
    pub fn entry(&self, operation: ObjectId) -> Option<&RawEntry> {
        let id = Bson::ObjectId(operation);
        self.entries.values().flatten().find(|entry| entry.id == id)
    }

    /// The entries with this trace id.
    #[must_use]
    pub fn traced(&self, trace_id: &str) -> Vec<&RawEntry> {
        let entries = self.entries.values().flatten();
        entries
            .filter(|entry| entry.trace_id.as_deref() == Some(trace_id))
            .collect()
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.values().map(Vec::len).sum()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many lives were begun: documents that were created, also those that are gone.
    #[must_use]
    pub fn lives(&self) -> usize {
        let entries = self.entries.values().flatten();
        entries.filter(|entry| entry.prev.is_none()).count()
    }

    /// What does not hold, each in a sentence:
    ///
    /// - an entry follows the one whose operation it names (`prev`), replaces that one's version,
    ///   and makes the next; no two entries follow the same one;
    /// - a life begins with a create at version 1, and ends in a hard delete, after which nothing
    ///   follows, or in the stored document, whose version and operation (`__w`) are the entry's;
    /// - the images and deltas from the create on give the stored document, but for what is hidden;
    /// - no tombstone is left, and what a document carries (`__audit`) is in the log.
    #[must_use]
    pub fn faults(&self, promise: Promise) -> Vec<String> {
        let ids: BTreeSet<_> = self.documents.keys().chain(self.entries.keys()).collect();
        let mut faults = self.unreadable.clone();
        for id in ids {
            let entries = self.entries.get(id).map_or(&[][..], Vec::as_slice);
            let found = life::faults(self.documents.get(id), entries, promise, &self.left_out);
            faults.extend(found.into_iter().map(|fault| format!("{id}: {fault}")));
        }
        faults
    }

    /// Asserts that everything holds.
    ///
    /// # Panics
    /// If something does not; the message has all of it, and what is stored of those documents.
    #[track_caller]
    pub fn assert_keeps(&self, promise: Promise) {
        let faults = self.faults(promise);
        assert!(faults.is_empty(), "{}", self.describe(&faults));
    }

    /// The faults, and what is stored of the documents that they are about.
    #[must_use]
    pub fn describe(&self, faults: &[String]) -> String {
        let mut text = format!("{faults:#?}\n");
        let ids = self.documents.keys().chain(self.entries.keys());
        let ids: BTreeSet<_> = ids
            .filter(|id| faults.iter().any(|fault| fault.contains(*id)))
            .collect();
        for id in ids {
            let document = self.documents.get(id).map(Document::to_string);
            let document = document.unwrap_or_else(|| "gone".to_owned());
            writeln!(text, "{id}: {document}").expect("a string takes all text");
            let mut entries: Vec<_> = self.entries.get(id).into_iter().flatten().collect();
            entries.sort_by_key(|entry| entry.timestamp);
            for entry in entries {
                writeln!(text, "  {entry:?}").expect("a string takes all text");
            }
        }
        text
    }
}

async fn all(database: &Database, collection: &str, filter: Document) -> Vec<Document> {
    let collection = database.collection::<Document>(collection);
    let found = collection.find(filter).await.expect("the server answers");
    found.try_collect().await.expect("the server answers")
}
