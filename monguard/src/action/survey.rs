//! The collections of a model and of the audit log, as they are.

use std::sync::Arc;

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Bson, Document, doc};
use mongodb::error::ErrorKind;

use super::perform::refused_filter;
use crate::audit::Guarantee;
use crate::client::{Store, shared_collection};
use crate::document::{Meta, Versioned, names};
use crate::error::{Error, Result};
use crate::index::{
    ConflictingIndex, Hazard, InTheWay, Looked, Standing, Storage, WantedIndex, WrittenField,
    history_index, model_indexes, standing,
};

/// What was found.
pub(super) struct Survey {
    /// The documents' collection, and the audit log's.
    pub(super) collections: [IndexedCollection; 2],
    /// What is in the way of the audit.
    pub(super) hazards: Vec<Hazard>,
}

/// Looks at the collection of a model, and at the audit log.
pub(super) async fn survey<T: Versioned>(store: &Arc<Store>) -> Result<Survey> {
    if store.is_in_the_log() {
        let reason = shared_collection(store.meta().name(), store.name());
        return Err(Error::Unsupported(reason));
    }
    let wanted = model_indexes::<T>().map_err(|error| refused_filter(store, None, error))?;
    let documents = store.documents().clone_with_type();
    let entries = store.log().entries().clone_with_type();
    let [of_documents, of_entries] = storage(store, [store.name(), entries.name()]).await?;
    let mut documents = IndexedCollection::read(store, documents, wanted).await?;
    let entries = IndexedCollection::read(store, entries, vec![history_index()]).await?;

    let carries = store.audit().guarantee() == Guarantee::Carried;
    let written = written_fields(store.meta(), carries);
    let mut hazards =
        documents
            .looked(&of_documents)
            .hazards_of_documents(&documents.wanted, &written, carries);
    hazards.extend(entries.looked(&of_entries).hazards_of_entries(&ENTRY));
    if carries {
        documents
            .wanted
            .retain(|index| index.expire_after.is_none());
    }
    Ok(Survey {
        collections: [documents, entries],
        hazards,
    })
}

/// The fields that every write to a model's documents writes.
fn written_fields(meta: &Meta, carries: bool) -> Vec<WrittenField> {
    let field = |name, kind| WrittenField { name, kind };
    let mut written = vec![
        field(meta.version_name(), None),
        field(names::OPERATION, Some("objectId")),
        field(names::CREATED_AT, Some("date")),
        field(names::UPDATED_AT, Some("date")),
        field(names::CREATED_BY, None),
        field(names::UPDATED_BY, None),
    ];
    if carries {
        written.push(field(names::AUDIT, Some("array")));
    }
    if meta.idempotency_key().is_some() || meta.has_request_keys() {
        written.push(field(names::IDEMPOTENT_HASH, Some("binData")));
    }
    written
}

/// The fields that every entry has.
const ENTRY: [WrittenField; 5] = [
    WrittenField {
        name: "ref",
        kind: Some("object"),
    },
    WrittenField {
        name: "action",
        kind: Some("string"),
    },
    WrittenField {
        name: "userId",
        kind: None,
    },
    WrittenField {
        name: "timestamp",
        kind: Some("date"),
    },
    WrittenField {
        name: "metadata",
        kind: Some("object"),
    },
];

/// How the server stores these collections. Nothing is known of one that is not there, nor where
/// the account may not ask.
async fn storage(store: &Store, names: [&str; 2]) -> Result<[Storage; 2]> {
    /// `Unauthorized`, `CommandNotFound` and `CommandNotSupported`.
    const CANNOT_ASK: [i32; 3] = [13, 59, 115];
    let list = doc! { "listCollections": 1, "filter": { "name": { "$in": names.to_vec() } } };
    let listed = match store.shared().database.run_command(list).await {
        Ok(listed) => listed,
        Err(error) if matches!(&*error.kind, ErrorKind::Command(e) if CANNOT_ASK.contains(&e.code)) =>
        {
            tracing::warn!(
                collection = %store.name(),
                "how the collections are stored could not be asked: what is in the way of the audit there is not found"
            );
            return Ok([Storage::default(), Storage::default()]);
        }
        Err(error) => return Err(store.driver_error("look at the collections", None, error)),
    };
    let cursor = listed.get_document("cursor");
    let batch = cursor.and_then(|cursor| cursor.get_array("firstBatch"));
    let described: Vec<&Document> = batch
        .into_iter()
        .flatten()
        .filter_map(Bson::as_document)
        .collect();
    Ok(names.map(|name| {
        let is_named = |one: &&&Document| one.get_str("name").is_ok_and(|own| own == name);
        let found = described.iter().find(is_named);
        found.map(|one| Storage::read(one)).unwrap_or_default()
    }))
}

/// One collection with the indexes that it shall have and those that it has.
pub(super) struct IndexedCollection {
    pub(super) handle: mongodb::Collection<()>,
    pub(super) wanted: Vec<WantedIndex>,
    pub(super) existing: Vec<IndexModel>,
}

impl IndexedCollection {
    async fn read(
        store: &Store,
        handle: mongodb::Collection<()>,
        wanted: Vec<WantedIndex>,
    ) -> Result<Self> {
        let existing = existing(store, &handle).await?;
        Ok(IndexedCollection {
            handle,
            wanted,
            existing,
        })
    }

    /// As it is now.
    pub(super) async fn read_again(&self, store: &Store) -> Result<Self> {
        Self::read(store, self.handle.clone(), self.wanted.clone()).await
    }

    fn looked<'a>(&'a self, storage: &'a Storage) -> Looked<'a> {
        Looked {
            collection: self.name(),
            storage,
            existing: &self.existing,
        }
    }

    pub(super) fn standing(&self, wanted: &WantedIndex) -> Standing {
        standing(wanted, &self.existing)
    }

    pub(super) fn name(&self) -> &str {
        self.handle.name()
    }

    /// An index of this collection, as reports name it.
    pub(super) fn place(&self, index: &str) -> String {
        format!("{}.{index}", self.name())
    }

    pub(super) fn conflict(&self, wanted: &WantedIndex, existing: InTheWay) -> ConflictingIndex {
        let InTheWay { name, differences } = existing;
        ConflictingIndex {
            collection: self.name().to_owned(),
            name: wanted.name.clone(),
            existing: name,
            differences,
        }
    }
}

/// The indexes that are there; none where there is no such collection yet.
pub(super) async fn existing(
    store: &Store,
    collection: &mongodb::Collection<()>,
) -> Result<Vec<IndexModel>, Error> {
    /// `NamespaceNotFound`: there is no such collection yet.
    const NO_COLLECTION: i32 = 26;
    let listed = async { collection.list_indexes().await?.try_collect().await };
    match listed.await {
        Ok(indexes) => Ok(indexes),
        Err(error) if matches!(&*error.kind, ErrorKind::Command(e) if e.code == NO_COLLECTION) => {
            Ok(Vec::new())
        }
        Err(error) => Err(store.driver_error("look at the indexes", None, error)),
    }
}

/// Whether this wanted index of the documents is in place.
pub(super) async fn is_in_place(store: &Store, wanted: &WantedIndex) -> Result<bool> {
    let existing = existing(store, &store.documents().clone_with_type()).await?;
    Ok(matches!(standing(wanted, &existing), Standing::Found(_)))
}
