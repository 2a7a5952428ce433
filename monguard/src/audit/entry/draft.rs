use mongodb::bson::{Bson, DateTime, Document, doc, oid::ObjectId};

use super::{
    fit::{self, EntryLimits, EntryTooLarge},
    names,
    raw::Action,
};
use crate::audit::delta::Delta;
use crate::document::{Version, names as stored};

/// An audit entry to be written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EntryDraft {
    /// The operation's id, which is the entry's.
    pub(crate) id: ObjectId,
    /// The collection of the document.
    pub(crate) collection: String,
    /// The document's id.
    pub(crate) document_id: Bson,
    /// Who did it.
    pub(crate) user: Option<Bson>,
    /// When.
    pub(crate) timestamp: DateTime,
    /// What ties it to other work. An empty one counts as none.
    pub(crate) trace_id: Option<String>,
    /// What the caller adds.
    pub(crate) custom_data: Option<Bson>,
    /// The version that the write made.
    pub(crate) version: Version,
    /// The version that it replaced, if there was one.
    pub(crate) from: Option<Version>,
    /// The operation that it followed, if there was one.
    pub(crate) prev: Option<ObjectId>,
    /// Whether an image or a value was left out already.
    pub(crate) image_omitted: bool,
    /// What it did. Images and deltas are masked already.
    pub(crate) change: DraftChange,
}

/// What a write did, in the form that the log is to hold. An image is `None` where it is not to be
/// had any more.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum DraftChange {
    /// Created, with the new document's image.
    Created { after: Option<Document> },
    /// Updated, with both images and the changed names.
    Updated {
        before: Option<Document>,
        after: Option<Document>,
        changes: Vec<String>,
    },
    /// Updated, with the changed places.
    UpdatedDelta(Delta),
    /// Soft-deleted, with the image of the document before.
    SoftDeleted { before: Option<Document> },
    /// Hard-deleted, with the image of the document before.
    HardDeleted { before: Option<Document> },
    /// Restored, with both images and the changed names.
    Restored {
        before: Option<Document>,
        after: Option<Document>,
        changes: Vec<String>,
    },
    /// Restored, with the changed places.
    RestoredDelta(Delta),
}

impl EntryDraft {
    /// The entry as a document of the log. An image that is too large for it is left out, and
    /// the entry says so.
    ///
    /// # Errors
    /// [`EntryTooLarge`] if what the caller adds is too large on its own.
    pub(crate) fn into_document(self, limits: EntryLimits) -> Result<Document, EntryTooLarge> {
        let mut entry = doc! {
            names::ID: self.id,
            names::REF: { names::REF_COLLECTION: self.collection, names::REF_ID: self.document_id },
            names::ACTION: self.change.action().as_str(),
            names::USER_ID: self.user.unwrap_or(Bson::Null),
            names::TIMESTAMP: self.timestamp,
        };
        let (mut metadata, mode) = self.change.into_metadata();
        if let Some(custom_data) = self.custom_data {
            metadata.insert(names::CUSTOM_DATA, custom_data);
        }
        if self.image_omitted {
            metadata.insert(names::IMAGE_OMITTED, true);
        }
        metadata.insert(names::STORAGE_MODE, mode);
        if let Some(version) = self.version.to_bson() {
            metadata.insert(names::VERSION, version);
        }
        if let Some(from) = self.from.and_then(Version::to_bson) {
            metadata.insert(names::FROM, from);
        }
        if let Some(prev) = self.prev {
            metadata.insert(names::PREV, prev);
        }
        entry.insert(names::METADATA, metadata);
        if let Some(trace_id) = self.trace_id.filter(|trace_id| !trace_id.is_empty()) {
            entry.insert(names::TRACE_ID, trace_id);
        }
        fit::fitted(entry, limits)
    }
}

const FULL: &str = "full";
const DELTA: &str = "delta";

impl DraftChange {
    pub(crate) fn action(&self) -> Action {
        match self {
            Self::Created { .. } => Action::Create,
            Self::Updated { .. } | Self::UpdatedDelta(_) => Action::Update,
            Self::SoftDeleted { .. } | Self::HardDeleted { .. } => Action::Delete,
            Self::Restored { .. } | Self::RestoredDelta(_) => Action::Restore,
        }
    }

    /// The first keys of the metadata, and the storage mode.
    fn into_metadata(self) -> (Document, &'static str) {
        let mut metadata = Document::new();
        match self {
            Self::UpdatedDelta(delta) | Self::RestoredDelta(delta) => {
                metadata.insert(names::DELTA_CHANGES, delta.into_document());
                return (metadata, DELTA);
            }
            Self::Created { after } => put(&mut metadata, names::AFTER, after.map(id_last)),
            Self::Updated {
                before,
                after,
                changes,
            }
            | Self::Restored {
                before,
                after,
                changes,
            } => {
                put(&mut metadata, names::BEFORE, before);
                put(&mut metadata, names::AFTER, after);
                metadata.insert(names::CHANGES, changes);
            }
            Self::SoftDeleted { before } => {
                metadata.insert(names::SOFT_DELETE, true);
                put(&mut metadata, names::BEFORE, before);
            }
            Self::HardDeleted { before } => {
                metadata.insert(names::HARD_DELETE, true);
                put(&mut metadata, names::BEFORE, before);
            }
        }
        (metadata, FULL)
    }
}

/// An image, or that there is none.
fn put(metadata: &mut Document, name: &str, image: Option<Document>) {
    match image {
        Some(image) => metadata.insert(name, image),
        None => metadata.insert(names::IMAGE_OMITTED, true),
    };
}

/// TypeScript's driver adds the id to a new document after the caller's fields.
fn id_last(mut image: Document) -> Document {
    if let Some(id) = image.remove(stored::ID) {
        image.insert(stored::ID, id);
    }
    image
}
