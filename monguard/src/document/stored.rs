use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use mongodb::bson::{Bson, DateTime, Document, RawBsonRef, RawDocument};
use serde::Serialize;

use super::unknown::readable;
use super::{Revision, Snapshot, VersionKind, Versioned, names};
use crate::error::{Error, Result};
use crate::value::decode_document;

/// A document as it is stored: the model's value, and what monguard keeps beside it.
///
/// It derefs to the model, keeps the document as it was read (fields that the model does not know
/// included), and is what a write is based on. It serialises as the model does;
/// [`Stored::with_metadata`] adds id, version and stamps.
pub struct Stored<T: Versioned> {
    value: T,
    snapshot: Snapshot,
    revision: Revision<T>,
    outcome: Outcome,
}

/// What the operation that returned a [`Stored`] did.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It was read.
    Read,
    /// It was written, and the write audited.
    Written,
    /// It was written and audited, though the server's answer was lost. `overtaken`: another write
    /// has come since, and this is the document as it was in between, computed.
    Settled {
        /// Whether another write has come since.
        overtaken: bool,
    },
    /// Every value was already as it should be: no new version, no entry.
    Unchanged,
    /// It was written; its audit entry was not, for this reason. The write stands. With
    /// [`Audit::after_write`](crate::Audit::after_write) only.
    WrittenWithoutEntry(Arc<Error>),
    /// An earlier request with the same idempotency key had created it.
    Existing {
        /// Whether the request was compared with the earlier one.
        compared: bool,
    },
}

impl<T: Versioned> Stored<T> {
    /// Reads a document.
    pub(crate) fn read(snapshot: impl Into<Snapshot>, collection: &str) -> Result<Self> {
        let snapshot = snapshot.into();
        let document: &RawDocument = snapshot.as_ref();
        let revision = Revision::read(document, collection)?;
        let shown = readable(&T::META, document);
        let value =
            decode_document(shown.as_deref().unwrap_or(document)).map_err(|(error, path)| {
                Revision::<T>::undecodable(document, collection, error, path)
            })?;
        Ok(Stored {
            value,
            snapshot,
            revision,
            outcome: Outcome::Read,
        })
    }

    /// The id.
    pub fn id(&self) -> T::Id {
        self.revision.id().clone()
    }

    /// What the document is found by: its id, and the values of its shard key where the model has
    /// one.
    pub fn locator(&self) -> T::Locator {
        T::locator(&self.value, self.id())
    }

    /// The version.
    pub fn version(&self) -> T::Version {
        self.revision.version().clone()
    }

    /// The state that a write can be based on, without the document.
    pub fn revision(&self) -> &Revision<T> {
        &self.revision
    }

    /// What the operation that returned this did.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// Whether the document is soft-deleted.
    pub fn is_deleted(&self) -> bool {
        field(self.document(), names::DELETED_AT).is_some()
    }

    /// The model's value alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The document as it was read, fields included that the model does not know. What it carries
    /// on its way to the log (`__audit`) may be left out of it.
    pub fn document(&self) -> &RawDocument {
        self.snapshot.as_ref()
    }

    /// The model's fields with `id`, `version`, `createdAt`, `updatedAt`, `createdBy`, `updatedBy`
    /// and, where it is deleted, `deletedAt` and `deletedBy`: for an API that shows them. Where the
    /// model has a field of that stored name, the model's is shown.
    pub fn with_metadata(&self) -> WithMetadata<'_, T> {
        WithMetadata { stored: self }
    }

    pub(crate) fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    pub(crate) fn with_outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }
}

/// A top-level field of a raw document. What cannot be parsed counts as missing here: decoding the
/// whole document reports it.
pub(crate) fn field(document: &RawDocument, name: &str) -> Option<Bson> {
    document
        .get(name)
        .ok()
        .flatten()
        .and_then(|value| Bson::try_from(value).ok())
}

/// The same of several, in one pass.
pub(super) fn fields<'a, const N: usize>(
    document: &'a RawDocument,
    names: [&str; N],
) -> [Option<RawBsonRef<'a>>; N] {
    let mut found = [None; N];
    for element in document.iter_elements() {
        let Ok(element) = element else { break };
        let name = element.key().as_str();
        if let Some(at) = names.iter().position(|wanted| *wanted == name)
            && found[at].is_none()
        {
            found[at] = element.value().ok();
        }
    }
    found
}

impl<T: Versioned> Deref for Stored<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Versioned + Clone> Clone for Stored<T> {
    fn clone(&self) -> Self {
        Stored {
            value: self.value.clone(),
            snapshot: self.snapshot.clone(),
            revision: self.revision.clone(),
            outcome: self.outcome.clone(),
        }
    }
}

/// Shows the model as its own `Debug` does, and never the stored document.
impl<T: Versioned + fmt::Debug> fmt::Debug for Stored<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stored")
            .field("value", &self.value)
            .field("id", self.revision.id())
            .field("version", self.revision.version())
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Serialize for Stored<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

/// A [`Stored`] that serialises with its id, version and stamps.
pub struct WithMetadata<'a, T: Versioned> {
    stored: &'a Stored<T>,
}

impl<T: Versioned> fmt::Debug for WithMetadata<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithMetadata")
            .field("id", self.stored.revision.id())
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Serialize for WithMetadata<'_, T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Flat<'a, T> {
            #[serde(flatten)]
            value: &'a T,
            #[serde(flatten)]
            metadata: Document,
        }
        let readable = serializer.is_human_readable();
        Flat {
            value: &self.stored.value,
            metadata: self.stored.metadata(readable),
        }
        .serialize(serializer)
    }
}

impl<T: Versioned> Stored<T> {
    /// `readable`: for a format that people read, where ids are text and dates RFC 3339.
    fn metadata(&self, readable: bool) -> Document {
        const SHOWN: [(&str, &str); 7] = [
            ("id", names::ID),
            (names::CREATED_AT, names::CREATED_AT),
            (names::UPDATED_AT, names::UPDATED_AT),
            (names::CREATED_BY, names::CREATED_BY),
            (names::UPDATED_BY, names::UPDATED_BY),
            (names::DELETED_AT, names::DELETED_AT),
            (names::DELETED_BY, names::DELETED_BY),
        ];
        let unknown = self.value.unknown_keys();
        let is_free = |name: &str| {
            let mut fields = T::META.fields().iter();
            fields.all(|field| field.stored_name() != name) && !unknown.contains(&name)
        };
        let mut metadata: Document = SHOWN
            .iter()
            .filter(|(shown, _)| is_free(shown))
            .filter_map(|(shown, stored)| {
                Some(((*shown).to_owned(), field(self.document(), stored)?))
            })
            .map(|(shown, value)| (shown, if readable { as_text(value) } else { value }))
            .collect();
        if let Some(version) = self
            .revision
            .version()
            .to_bson()
            .filter(|_| is_free("version"))
        {
            metadata.insert("version", if readable { as_text(version) } else { version });
        }
        metadata
    }
}

fn as_text(value: Bson) -> Bson {
    match value {
        Bson::ObjectId(id) => Bson::String(id.to_hex()),
        Bson::DateTime(date) => rfc3339(date),
        Bson::Binary(binary) => match binary.to_uuid() {
            Ok(uuid) => Bson::String(uuid.to_string()),
            Err(_) => Bson::Binary(binary),
        },
        other => other,
    }
}

/// A date outside of the years that RFC 3339 has stays a date.
fn rfc3339(date: DateTime) -> Bson {
    date.try_to_rfc3339_string()
        .map_or(Bson::DateTime(date), Bson::String)
}
