//! Many entries in one insert, and what the log says to each of them.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::TryStreamExt;
use mongodb::bson::{Bson, RawDocument, RawDocumentBuf, doc, oid::ObjectId};
use mongodb::error::{ErrorKind, IndexedWriteError};
use mongodb::options::ReadConcern;

use super::LogStore;
use super::failure::{MAY_HAVE_BEGUN, index_of_duplicate};
use crate::document::stored_field;

/// What the log says to a batch.
#[derive(Debug)]
pub(crate) struct BatchInsert {
    /// In the order of the entries.
    pub(crate) answers: Vec<EntryAnswer>,
    /// Why some of the answers are not known.
    pub(crate) failure: Option<mongodb::error::Error>,
}

/// What the log says to one entry of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EntryAnswer {
    Inserted,
    /// The unique index of this name has its values.
    Duplicate(String),
    /// Refused with this code, and it will be again.
    Refused(i32),
    Unknown,
}

/// What an entry is about: two entries of one id are the same where this is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EntryKey {
    reference: Option<Bson>,
    version: Option<Bson>,
    /// One operation over many documents may meet two lives of an id at the same version.
    prev: Option<Bson>,
}

impl EntryKey {
    pub(crate) fn of(entry: &RawDocument) -> Self {
        let metadata = entry.get_document("metadata").ok();
        EntryKey {
            reference: stored_field(entry, "ref"),
            version: metadata.and_then(|metadata| stored_field(metadata, "version")),
            prev: metadata.and_then(|metadata| stored_field(metadata, "prev")),
        }
    }
}

impl LogStore {
    /// Inserts entries in one command, each whatever becomes of the others. They must be few and
    /// small enough for one, or the driver makes several of it.
    pub(crate) async fn insert_batch(&self, entries: &[RawDocumentBuf]) -> BatchInsert {
        let answer = self.raw_entries().insert_many(entries).ordered(false).await;
        BatchInsert::of(entries.len(), answer.err())
    }

    /// What the log holds under these ids, as no failover can undo it.
    pub(crate) async fn keys_of(
        &self,
        ids: &[ObjectId],
        limit: Duration,
    ) -> mongodb::error::Result<HashMap<ObjectId, EntryKey>> {
        let raw = self.raw_entries();
        let mut find = raw
            .find(doc! { "_id": { "$in": ids } })
            .projection(doc! { "ref": 1, "metadata.version": 1, "metadata.prev": 1 })
            .max_time(limit);
        if self.is_replicated() {
            find = find.read_concern(ReadConcern::majority());
        }
        let stored: Vec<RawDocumentBuf> = find.await?.try_collect().await?;
        let with_id = |entry: &RawDocument| entry.get_object_id("_id").ok();
        Ok(stored
            .iter()
            .filter_map(|entry| Some((with_id(entry)?, EntryKey::of(entry))))
            .collect())
    }
}

impl BatchInsert {
    fn of(entries: usize, error: Option<mongodb::error::Error>) -> Self {
        let Some(error) = error else {
            return BatchInsert {
                answers: vec![EntryAnswer::Inserted; entries],
                failure: None,
            };
        };
        let ErrorKind::InsertMany(answer) = &*error.kind else {
            return BatchInsert {
                answers: vec![EntryAnswer::Unknown; entries],
                failure: Some(error),
            };
        };
        // What was not confirmed as the write concern asks may be rolled back.
        let unnamed = match answer.write_concern_error {
            None => EntryAnswer::Inserted,
            Some(_) => EntryAnswer::Unknown,
        };
        let mut answers = vec![unnamed; entries];
        for refusal in answer.write_errors.iter().flatten() {
            if let Some(answer) = answers.get_mut(refusal.index) {
                *answer = EntryAnswer::of(refusal);
            }
        }
        let failure = answers.contains(&EntryAnswer::Unknown).then_some(error);
        BatchInsert { answers, failure }
    }
}

impl EntryAnswer {
    fn of(refusal: &IndexedWriteError) -> Self {
        /// Lock conflicts, a full disk, and a routing table that is being renewed: they pass, and
        /// are not about the entry.
        const PASSING: [i32; 9] = [24, 43, 46, 63, 112, 133, 150, 13388, 14031];
        const DUPLICATE_KEY: i32 = 11000;
        match refusal.code {
            DUPLICATE_KEY => EntryAnswer::Duplicate(index_of_duplicate(&refusal.message)),
            code if MAY_HAVE_BEGUN.contains(&code) || PASSING.contains(&code) => {
                EntryAnswer::Unknown
            }
            code => EntryAnswer::Refused(code),
        }
    }
}

/// Whether a batch failed as a whole for what one of its entries is, so that the others would be
/// taken without it.
pub(crate) fn is_about_an_entry(error: &mongodb::error::Error) -> bool {
    /// Too deep, invalid BSON and names, a validator, index keys that cannot be made, too large,
    /// duplicate keys. What may be about the command (a bad value, a wrong type) is not among them.
    const OF_DOCUMENTS: [i32; 11] = [15, 22, 52, 55, 56, 57, 121, 171, 10334, 11000, 17280];
    match &*error.kind {
        ErrorKind::Command(error) => OF_DOCUMENTS.contains(&error.code),
        ErrorKind::InvalidArgument { .. } => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use mongodb::bson::{Document, deserialize_from_document, rawdoc};
    use mongodb::error::{Error, InsertManyError};

    use super::*;

    fn answered(answer: Document) -> BatchInsert {
        let answer: InsertManyError = deserialize_from_document(answer).unwrap();
        BatchInsert::of(3, Some(Error::from(ErrorKind::InsertMany(answer))))
    }

    #[test]
    fn each_entry_has_its_own_answer() {
        let batch = answered(doc! { "writeErrors": [
            { "index": 0, "code": 11000, "errmsg": "E11000 duplicate key error collection: shop.audit_logs index: traceId_1 dup key: { traceId: \"x\" }" },
            { "index": 2, "code": 121, "errmsg": "Document failed validation" },
        ] });
        let expected = [
            EntryAnswer::Duplicate("traceId_1".to_owned()),
            EntryAnswer::Inserted,
            EntryAnswer::Refused(121),
        ];
        assert_eq!(batch.answers, expected);
        assert!(batch.failure.is_none());
    }

    #[test]
    fn what_may_pass_is_not_refused_for_good() {
        let batch = answered(doc! { "writeErrors": [
            { "index": 1, "code": 11602, "errmsg": "interrupted" },
        ] });
        let expected = [
            EntryAnswer::Inserted,
            EntryAnswer::Unknown,
            EntryAnswer::Inserted,
        ];
        assert_eq!(batch.answers, expected);
        assert!(batch.failure.is_some());
    }

    #[test]
    fn without_its_write_concern_nothing_counts_as_inserted() {
        let batch = answered(doc! {
            "writeErrors": [{ "index": 0, "code": 121, "errmsg": "" }],
            "writeConcernError": { "code": 64, "codeName": "WriteConcernFailed", "errmsg": "" },
        });
        let expected = [
            EntryAnswer::Refused(121),
            EntryAnswer::Unknown,
            EntryAnswer::Unknown,
        ];
        assert_eq!(batch.answers, expected);
        assert!(batch.failure.is_some());
    }

    #[test]
    fn a_key_is_that_of_the_document_the_version_and_the_life() {
        let key = |id: i32, version: i32, prev: ObjectId| {
            let entry = rawdoc! {
                "ref": { "collection": "orders", "id": id },
                "metadata": { "from": 1, "version": version, "prev": prev },
            };
            EntryKey::of(&entry)
        };
        let prev = ObjectId::new();
        assert_eq!(key(1, 2, prev), key(1, 2, prev));
        assert_ne!(key(1, 2, prev), key(7, 2, prev));
        assert_ne!(key(1, 2, prev), key(1, 3, prev));
        assert_ne!(key(1, 2, prev), key(1, 2, ObjectId::new()));
        let first = rawdoc! {
            "ref": { "collection": "orders", "id": 1 },
            "metadata": { "version": 2 },
        };
        assert_ne!(key(1, 2, prev), EntryKey::of(&first));
    }
}
