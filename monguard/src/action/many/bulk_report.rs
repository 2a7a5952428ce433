use std::fmt;
use std::sync::Arc;

use crate::document::{Revision, Stored, VersionKind, Versioned};
use crate::error::Error;

/// What became of one operation of a bulk.
#[must_use = "an operation may not have been applied"]
#[non_exhaustive]
pub enum BulkOutcome<T: Versioned> {
    /// It was applied: the document as it is then, at its version.
    Applied(Stored<T>),
    /// A create met the document that an earlier request with its idempotency key had created.
    Existing(Stored<T>),
    /// The document was removed for good: its last revision.
    Removed(Revision<T>),
    /// Every value was already as it should be: no new version, no entry.
    Unchanged(Stored<T>),
    /// Another write came first. The error is an [`Error::Conflict`].
    Conflict(Arc<Error>),
    /// There is no such document. The error is an [`Error::NotFound`].
    NotFound(Arc<Error>),
    /// The document is soft-deleted. The error is an [`Error::Deleted`].
    Deleted(Arc<Error>),
    /// It failed otherwise. An [`Error::AuditNotWritten`] says that the write stands all the same.
    Failed(Arc<Error>),
    /// An operation before it failed, in an ordered bulk: it was not begun.
    NotAttempted,
}

/// What became of each operation of a bulk, in their order.
#[must_use = "some operations may have failed"]
pub struct BulkReport<T: Versioned> {
    pub(super) outcomes: Vec<BulkOutcome<T>>,
}

impl<T: Versioned> BulkOutcome<T> {
    pub(super) fn failed(error: Error) -> Self {
        let error = Arc::new(error);
        match *error {
            Error::Conflict(_) => BulkOutcome::Conflict(error),
            Error::NotFound(_) => BulkOutcome::NotFound(error),
            Error::Deleted(_) => BulkOutcome::Deleted(error),
            _ => BulkOutcome::Failed(error),
        }
    }

    /// The document, where there is one: applied, found or unchanged.
    #[must_use]
    pub fn stored(&self) -> Option<&Stored<T>> {
        match self {
            BulkOutcome::Applied(stored)
            | BulkOutcome::Existing(stored)
            | BulkOutcome::Unchanged(stored) => Some(stored),
            BulkOutcome::Removed(_)
            | BulkOutcome::Conflict(_)
            | BulkOutcome::NotFound(_)
            | BulkOutcome::Deleted(_)
            | BulkOutcome::Failed(_)
            | BulkOutcome::NotAttempted => None,
        }
    }

    /// The version that the operation made; `None` where it made none.
    #[must_use]
    pub fn version(&self) -> Option<T::Version> {
        match self {
            BulkOutcome::Applied(stored) => Some(stored.version()),
            BulkOutcome::Removed(revision) => Some(revision.version().clone()),
            BulkOutcome::Existing(_)
            | BulkOutcome::Unchanged(_)
            | BulkOutcome::Conflict(_)
            | BulkOutcome::NotFound(_)
            | BulkOutcome::Deleted(_)
            | BulkOutcome::Failed(_)
            | BulkOutcome::NotAttempted => None,
        }
    }

    /// Why it was not applied, where it failed.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        match self {
            BulkOutcome::Conflict(error)
            | BulkOutcome::NotFound(error)
            | BulkOutcome::Deleted(error)
            | BulkOutcome::Failed(error) => Some(error),
            BulkOutcome::Applied(_)
            | BulkOutcome::Existing(_)
            | BulkOutcome::Removed(_)
            | BulkOutcome::Unchanged(_)
            | BulkOutcome::NotAttempted => None,
        }
    }

    /// Whether it made a version.
    #[must_use]
    pub fn is_applied(&self) -> bool {
        matches!(self, BulkOutcome::Applied(_) | BulkOutcome::Removed(_))
    }
}

impl<T: Versioned> BulkReport<T> {
    /// What became of each operation, in their order.
    pub fn outcomes(&self) -> &[BulkOutcome<T>] {
        &self.outcomes
    }

    /// How many made a version.
    #[must_use]
    pub fn applied(&self) -> usize {
        let applied = self.outcomes.iter().filter(|one| one.is_applied());
        applied.count()
    }

    /// Those that failed, each with its place among the operations, counted from 0.
    pub fn failures(&self) -> impl Iterator<Item = (usize, &Error)> {
        let outcomes = self.outcomes.iter().enumerate();
        outcomes.filter_map(|(place, outcome)| Some((place, outcome.error()?)))
    }

    /// Whether none failed, and each was attempted.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let is_done = |outcome: &BulkOutcome<T>| {
            outcome.error().is_none() && !matches!(outcome, BulkOutcome::NotAttempted)
        };
        self.outcomes.iter().all(is_done)
    }
}

/// The outcomes, by value, in the order of the operations.
impl<T: Versioned> IntoIterator for BulkReport<T> {
    type Item = BulkOutcome<T>;
    type IntoIter = std::vec::IntoIter<BulkOutcome<T>>;
    fn into_iter(self) -> Self::IntoIter {
        self.outcomes.into_iter()
    }
}

/// Shows version and error, not the document.
impl<T: Versioned> fmt::Debug for BulkOutcome<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |f: &mut fmt::Formatter<'_>, name, revision: &Revision<T>| {
            let version = revision.version().version();
            f.debug_tuple(name).field(&version).finish()
        };
        match self {
            BulkOutcome::Applied(stored) => at(f, "Applied", stored.revision()),
            BulkOutcome::Existing(stored) => at(f, "Existing", stored.revision()),
            BulkOutcome::Removed(revision) => at(f, "Removed", revision),
            BulkOutcome::Unchanged(stored) => at(f, "Unchanged", stored.revision()),
            BulkOutcome::Conflict(error) => f.debug_tuple("Conflict").field(error).finish(),
            BulkOutcome::NotFound(error) => f.debug_tuple("NotFound").field(error).finish(),
            BulkOutcome::Deleted(error) => f.debug_tuple("Deleted").field(error).finish(),
            BulkOutcome::Failed(error) => f.debug_tuple("Failed").field(error).finish(),
            BulkOutcome::NotAttempted => f.write_str("NotAttempted"),
        }
    }
}

impl<T: Versioned> fmt::Debug for BulkReport<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.outcomes).finish()
    }
}
