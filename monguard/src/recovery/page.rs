use std::time::Duration;

use futures_util::TryStreamExt;
use mongodb::bson::{Bson, DateTime, Document, RawDocumentBuf, doc};
use mongodb::options::{Hint, ReadConcern, ReadPreference, SelectionCriteria};

use crate::client::Store;
use crate::document::names;
use crate::error::{Error, Result};
use crate::guard::Patience;

/// Which documents are read, page by page in the order of their ids.
#[derive(Clone, Debug)]
pub(super) struct Pages {
    pub(super) since: Option<DateTime>,
    pub(super) documents: usize,
    pub(super) limit: Duration,
    /// The index that has ids and stamps, where there is one.
    pub(super) by_index: bool,
}

/// Some documents, and whether there are more after them.
pub(super) struct DocumentPage {
    pub(super) documents: Vec<RawDocumentBuf>,
    pub(super) is_last: bool,
}

impl Pages {
    /// How many bytes of documents are held at once, beside the last of them.
    const BYTES: usize = 16 * 1024 * 1024;

    /// The documents behind this id that carry entries, or are to be removed. Read again after a
    /// failure that may pass.
    pub(super) async fn read(&self, store: &Store, after: Option<&Bson>) -> Result<DocumentPage> {
        let mut patience = Patience::new(self.limit, store.shared().settings.margin);
        loop {
            let error = match self.read_once(store, after).await {
                Ok(page) => return Ok(page),
                Err(error) => error,
            };
            let is_transient = matches!(&error, Error::Driver(error) if error.is_transient());
            if !is_transient || patience.is_over() {
                return Err(error);
            }
            let wait = patience.next_wait();
            tokio::time::sleep(wait).await;
        }
    }

    async fn read_once(&self, store: &Store, after: Option<&Bson>) -> Result<DocumentPage> {
        let primary = SelectionCriteria::ReadPreference(ReadPreference::Primary);
        let limit = i64::try_from(self.documents).unwrap_or(i64::MAX);
        let mut find = store
            .documents()
            .find(filter(after, self.since))
            .sort(doc! { names::ID: 1 })
            .limit(limit)
            .selection_criteria(primary)
            .max_time(self.limit);
        if store.shared().capabilities.has_linearizable_reads() {
            find = find.read_concern(ReadConcern::majority());
        }
        if self.by_index {
            find = find.hint(Hint::Keys(index_keys()));
        }
        let mut cursor = store.answer(OPERATION, self.limit, find).await?;
        let mut page = DocumentPage {
            documents: Vec::new(),
            is_last: true,
        };
        let mut bytes = 0;
        while bytes <= Self::BYTES {
            let next = cursor.try_next();
            let Some(document) = store.answer(OPERATION, self.limit, next).await? else {
                page.is_last = page.documents.len() < self.documents;
                return Ok(page);
            };
            bytes += document.as_bytes().len();
            page.documents.push(document);
        }
        page.is_last = false;
        Ok(page)
    }

    /// Looks whether there is the index that spares the server to read documents that are older.
    pub(super) async fn look_for_index(&mut self, store: &Store) -> Result<()> {
        if self.since.is_none() {
            return Ok(());
        }
        let list = async { store.documents().list_indexes().await?.try_collect().await };
        let indexes: Vec<mongodb::IndexModel> = store.answer(OPERATION, self.limit, list).await?;
        self.by_index = indexes.iter().any(|index| {
            let options = index.options.as_ref();
            let is_whole = options.is_none_or(|options| {
                options.partial_filter_expression.is_none() && options.sparse != Some(true)
            });
            is_whole && is_the_index(&index.keys)
        });
        Ok(())
    }
}

const OPERATION: &str = "recovery";

fn index_keys() -> Document {
    doc! { names::ID: 1, names::UPDATED_AT: 1 }
}

fn is_the_index(keys: &Document) -> bool {
    let is_ascending = |direction: &Bson| match direction {
        Bson::Int32(direction) => *direction == 1,
        Bson::Int64(direction) => *direction == 1,
        Bson::Double(direction) => (*direction - 1.0).abs() < f64::EPSILON,
        _ => false,
    };
    keys.keys().eq(index_keys().keys()) && keys.values().all(is_ascending)
}

fn filter(after: Option<&Bson>, since: Option<DateTime>) -> Document {
    let mut filter = doc! { "$or": [
        { names::AUDIT: { "$exists": true, "$ne": [] } },
        { names::TOMBSTONE: { "$exists": true } },
    ] };
    if let Some(after) = after {
        // `$gt` in a query finds values of the same type only.
        let last = doc! { "$literal": after.clone() };
        filter.insert("$expr", doc! { "$gt": [format!("${}", names::ID), last] });
    }
    if let Some(since) = since {
        filter.insert(names::UPDATED_AT, doc! { "$gte": since });
    }
    filter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_compared_as_it_is_whatever_its_type() {
        let filter = filter(Some(&"$x".into()), None);
        let expected = doc! { "$gt": ["$_id", { "$literal": "$x" }] };
        assert_eq!(filter.get_document("$expr").unwrap(), &expected);
    }

    #[test]
    fn the_index_has_the_id_first_and_nothing_but_the_stamp_after_it() {
        assert!(is_the_index(&doc! { "_id": 1, "updatedAt": 1 }));
        assert!(is_the_index(&doc! { "_id": 1.0, "updatedAt": 1_i64 }));
        for other in [
            doc! { "_id": 1 },
            doc! { "updatedAt": 1, "_id": 1 },
            doc! { "_id": 1, "updatedAt": -1 },
            doc! { "_id": 1, "updatedAt": "hashed" },
        ] {
            assert!(!is_the_index(&other), "{other}");
        }
    }
}
