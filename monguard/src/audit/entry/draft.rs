use mongodb::bson::error::Error;
use mongodb::bson::{Bson, DateTime, Document, RawDocumentBuf, oid::ObjectId};

use super::{
    fit::{self, EntryLimits, EntryTooLarge},
    names,
    raw::Action,
};
use crate::audit::delta::Delta;
use crate::document::{Version, names as stored};
use crate::value::{RawWriter, parse};

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
    /// What the caller adds is too large on its own, or has no form in BSON.
    pub(crate) fn into_raw(self, limits: EntryLimits) -> Result<RawDocumentBuf, NoEntry> {
        let written = self.written()?;
        if limits.hold(written.measure()) {
            return Ok(written.into_raw());
        }
        let entry = fit::fitted(parse(&written.into_raw())?, limits)?;
        Ok(RawDocumentBuf::try_from(&entry)?)
    }

    fn written(self) -> Result<RawWriter, Error> {
        let mut reference = RawWriter::new();
        reference.put(names::REF_COLLECTION, self.collection.as_str())?;
        reference.put_value(names::REF_ID, &self.document_id)?;
        let mut entry = RawWriter::new();
        entry.put(names::ID, self.id)?;
        entry.put_written(names::REF, reference)?;
        entry.put(names::ACTION, self.change.action().as_str())?;
        entry.put_value(names::USER_ID, self.user.as_ref().unwrap_or(&Bson::Null))?;
        entry.put(names::TIMESTAMP, self.timestamp)?;
        entry.put_written(names::METADATA, self.metadata()?)?;
        if let Some(trace_id) = self.trace_id.filter(|trace_id| !trace_id.is_empty()) {
            entry.put(names::TRACE_ID, trace_id.as_str())?;
        }
        Ok(entry)
    }

    fn metadata(&self) -> Result<RawWriter, Error> {
        let mut metadata = RawWriter::new();
        let lacks_image = self.change.write_to(&mut metadata)?;
        if let Some(custom_data) = &self.custom_data {
            metadata.put_value(names::CUSTOM_DATA, custom_data)?;
        }
        if self.image_omitted && !lacks_image {
            metadata.put(names::IMAGE_OMITTED, true)?;
        }
        metadata.put(names::STORAGE_MODE, self.change.storage_mode())?;
        if let Some(version) = self.version.to_bson() {
            metadata.put_value(names::VERSION, &version)?;
        }
        if let Some(from) = self.from.and_then(Version::to_bson) {
            metadata.put_value(names::FROM, &from)?;
        }
        if let Some(prev) = self.prev {
            metadata.put(names::PREV, prev)?;
        }
        Ok(metadata)
    }

    /// The same with its values apart.
    #[cfg(test)]
    pub(crate) fn into_document(self, limits: EntryLimits) -> Result<Document, NoEntry> {
        Ok(parse(&self.into_raw(limits)?)?)
    }
}

/// Why there is no entry.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoEntry {
    #[error(transparent)]
    TooLarge(#[from] EntryTooLarge),
    #[error(transparent)]
    NotBson(#[from] Error),
}

impl DraftChange {
    pub(crate) fn action(&self) -> Action {
        match self {
            Self::Created { .. } => Action::Create,
            Self::Updated { .. } | Self::UpdatedDelta(_) => Action::Update,
            Self::SoftDeleted { .. } | Self::HardDeleted { .. } => Action::Delete,
            Self::Restored { .. } | Self::RestoredDelta(_) => Action::Restore,
        }
    }

    fn storage_mode(&self) -> &'static str {
        match self {
            Self::UpdatedDelta(_) | Self::RestoredDelta(_) => "delta",
            Self::Created { .. }
            | Self::Updated { .. }
            | Self::SoftDeleted { .. }
            | Self::HardDeleted { .. }
            | Self::Restored { .. } => "full",
        }
    }

    /// The first keys of the metadata. Returns whether they say that an image is missing.
    fn write_to(&self, metadata: &mut RawWriter) -> Result<bool, Error> {
        match self {
            Self::UpdatedDelta(delta) | Self::RestoredDelta(delta) => {
                metadata.put_written(names::DELTA_CHANGES, delta.written()?)?;
                Ok(false)
            }
            Self::Created { after: Some(after) } => {
                metadata.put_written(names::AFTER, id_last(after)?)?;
                Ok(false)
            }
            Self::Created { after: None } => put_images(metadata, [(names::AFTER, &None)]),
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
                let images = [(names::BEFORE, before), (names::AFTER, after)];
                let lacks_image = put_images(metadata, images)?;
                metadata.put_value(names::CHANGES, &Bson::from(changes.clone()))?;
                Ok(lacks_image)
            }
            Self::SoftDeleted { before } => {
                metadata.put(names::SOFT_DELETE, true)?;
                put_images(metadata, [(names::BEFORE, before)])
            }
            Self::HardDeleted { before } => {
                metadata.put(names::HARD_DELETE, true)?;
                put_images(metadata, [(names::BEFORE, before)])
            }
        }
    }
}

/// Images, or once that one is missing. Returns that.
fn put_images<const N: usize>(
    metadata: &mut RawWriter,
    images: [(&str, &Option<Document>); N],
) -> Result<bool, Error> {
    let mut lacks_image = false;
    for (name, image) in images {
        match image {
            Some(image) => metadata.put_document(name, image)?,
            None if lacks_image => {}
            None => {
                metadata.put(names::IMAGE_OMITTED, true)?;
                lacks_image = true;
            }
        }
    }
    Ok(lacks_image)
}

/// TypeScript's driver adds the id to a new document after the caller's fields.
fn id_last(image: &Document) -> Result<RawWriter, Error> {
    let mut written = RawWriter::new();
    for (name, value) in image.iter().filter(|(name, _)| *name != stored::ID) {
        written.put_value(name, value)?;
    }
    if let Some(id) = image.get(stored::ID) {
        written.put_value(stored::ID, id)?;
    }
    Ok(written)
}
