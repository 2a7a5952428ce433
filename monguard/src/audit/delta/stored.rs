use mongodb::bson::error::Error;
use mongodb::bson::{Bson, Document, spec::ElementType};

use super::{Delta, PathChange, typescript};
use crate::value::RawWriter;

const OLD: &str = "old";
const NEW: &str = "new";
const FULL_DOCUMENT: &str = "fullDocument";

/// A stored delta is not of the form `{path: {old?, new?, fullDocument?}}`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the change at `{path}` is no document")]
pub(crate) struct UnreadableDelta {
    /// The path whose change cannot be read.
    pub(crate) path: String,
    /// The type of what stands in the place of the change.
    pub(crate) found: ElementType,
}

impl Delta {
    /// The delta as the log holds it: `{path: {old?, new?, fullDocument?}}`, in order.
    ///
    /// # Errors
    /// A name in it has no form in BSON.
    pub(crate) fn written(&self) -> Result<RawWriter, Error> {
        let mut delta = RawWriter::new();
        for change in self.changes() {
            delta.put_written(&change.path, change.written()?)?;
        }
        Ok(delta)
    }

    /// The same with its values apart.
    #[cfg(test)]
    pub(crate) fn into_document(self) -> Document {
        crate::value::parse(&self.written().unwrap().into_raw()).unwrap()
    }

    /// Reads a delta of ours.
    ///
    /// # Errors
    /// [`UnreadableDelta`] where a path's change is no document.
    pub(crate) fn from_document(document: Document) -> Result<Self, UnreadableDelta> {
        let changes = document.into_iter().map(|(path, change)| match change {
            Bson::Document(change) => Ok(PathChange::from_document(path, change)),
            other => Err(UnreadableDelta {
                path,
                found: other.element_type(),
            }),
        });
        Ok(Self::from_changes(changes.collect::<Result<_, _>>()?))
    }

    /// Reads a delta of TypeScript's, in which an `ObjectId` and its kin may be taken apart into
    /// bytes: such a change is known, its values are not.
    ///
    /// # Errors
    /// [`UnreadableDelta`] where a path's change is no document.
    pub(crate) fn from_typescript(document: Document) -> Result<Self, UnreadableDelta> {
        let delta = Self::from_document(document)?;
        Ok(Self::from_changes(typescript::without_bytes(
            delta.into_changes(),
        )))
    }
}

impl PathChange {
    fn written(&self) -> Result<RawWriter, Error> {
        let mut change = RawWriter::new();
        if let Some(old) = &self.old {
            change.put_value(OLD, old)?;
        }
        if let Some(new) = &self.new {
            change.put_value(NEW, new)?;
        }
        if self.whole {
            change.put(FULL_DOCUMENT, true)?;
        }
        Ok(change)
    }

    fn from_document(path: String, mut document: Document) -> Self {
        let whole = document.get(FULL_DOCUMENT) == Some(&Bson::Boolean(true));
        let (old, new) = (document.remove(OLD), document.remove(NEW));
        Self::new(path, old, new, whole)
    }
}
