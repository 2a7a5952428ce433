use std::slice::Iter;

use mongodb::bson::{Bson, Document};

use super::{DeltaOptions, walk::Walk};
use crate::audit::mask;
use crate::audit::replay::{ReplayError, replay};
use crate::document::Meta;

/// One changed place of a document.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PathChange {
    /// Where: names and array indexes, joined by dots. The empty path is the whole document.
    pub path: String,
    /// What was there. `None`: nothing.
    pub old: Option<Bson>,
    /// What is there now. `None`: nothing.
    pub new: Option<Bson>,
    /// Both are held as a whole (`fullDocument` in the log), where a finer change would not be
    /// told apart, or would lie deeper than a delta goes.
    pub whole: bool,
    /// The values are not known: the entry is one of TypeScript's that shows bytes inside an
    /// `ObjectId`, a `Decimal128` or binary data instead of the value. `old` and `new` are `None`.
    pub unrecoverable: bool,
}

/// What changed between two states of a document: one [`PathChange`] for each changed place, in
/// the order of the old document, then of what is new.
///
/// ```
/// # use monguard::audit::Delta;
/// assert!(Delta::default().is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delta {
    changes: Vec<PathChange>,
}

impl Delta {
    /// What changed from `before` to `after`, two stored documents of a model, as the log may
    /// show it.
    ///
    /// Replayed on `before`, it gives `after`, but for the fields that monguard owns at the top
    /// level, and for what the model hides.
    pub(crate) fn between(
        meta: &Meta,
        before: &Document,
        after: &Document,
        options: DeltaOptions,
    ) -> Self {
        let changes = Walk::changes(meta, before, after, options);
        Self { changes }
    }

    pub(crate) fn from_changes(changes: Vec<PathChange>) -> Self {
        Self { changes }
    }

    /// The changes, in order.
    #[must_use]
    pub fn changes(&self) -> &[PathChange] {
        &self.changes
    }

    pub(crate) fn changes_mut(&mut self) -> &mut [PathChange] {
        &mut self.changes
    }

    /// The change at exactly this path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&PathChange> {
        self.changes.iter().find(|change| change.path == path)
    }

    /// Whether nothing changed that the log shows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Iterates over the changes, in order.
    pub fn iter(&self) -> Iter<'_, PathChange> {
        self.changes.iter()
    }

    /// The document after the changes, from the document before. Redacted values become their
    /// markers; fields that monguard owns stay as they are.
    ///
    /// # Errors
    /// [`ReplayError`] where a path does not fit the document.
    pub fn replay(&self, document: Document) -> Result<Document, ReplayError> {
        replay(self, document)
    }

    /// The changes by value.
    pub(crate) fn into_changes(self) -> Vec<PathChange> {
        self.changes
    }
}

impl<'a> IntoIterator for &'a Delta {
    type Item = &'a PathChange;
    type IntoIter = Iter<'a, PathChange>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl PathChange {
    /// Whether the log hides the values: then the marker `{redacted: true}` stands for each value
    /// that was there.
    #[must_use]
    pub fn is_redacted(&self) -> bool {
        let marker = mask::marker();
        let is_hidden = |side: &Option<Bson>| side.as_ref() == Some(&marker);
        is_hidden(&self.old) || is_hidden(&self.new)
    }

    pub(crate) fn new(path: String, old: Option<Bson>, new: Option<Bson>, whole: bool) -> Self {
        Self {
            path,
            old,
            new,
            whole,
            unrecoverable: false,
        }
    }
}
