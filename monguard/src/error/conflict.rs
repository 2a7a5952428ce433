use std::fmt;
use std::sync::Arc;

use mongodb::bson::RawDocumentBuf;

use super::{Result, Subject};
use crate::document::{Stored, Version, Versioned};

/// The document is no longer in the state that the write was based on. Nothing was written.
///
/// It has what the answer to an HTTP client needs (a 409): the version that was expected, the
/// current one, and the current document.
#[derive(thiserror::Error)]
#[error("write to {subject} rejected: version is {current}, expected {expected}")]
pub struct Conflict {
    subject: Subject,
    expected: Version,
    current: Version,
    document: Arc<RawDocumentBuf>,
}

impl Conflict {
    pub(crate) fn new(
        subject: Subject,
        expected: Version,
        current: Version,
        document: Arc<RawDocumentBuf>,
    ) -> Self {
        Conflict {
            subject,
            expected,
            current,
            document,
        }
    }

    /// The document that was meant.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The version that the write was based on.
    #[must_use]
    pub fn expected_version(&self) -> Version {
        self.expected
    }

    /// The version that the document has now. It may equal the expected one: an `_id` that was
    /// removed and created again starts at version 1 again.
    #[must_use]
    pub fn current_version(&self) -> Version {
        self.current
    }

    /// The document as it is now, ready to base the next write on.
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) or
    /// [`Error::ForeignVersion`](crate::Error::ForeignVersion) where it is not a `T`.
    pub fn current<T: Versioned>(&self) -> Result<Stored<T>> {
        Stored::read(self.document.clone(), self.subject.collection())
    }
}

/// Does not show the document.
impl fmt::Debug for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conflict")
            .field("subject", &self.subject)
            .field("expected", &self.expected)
            .field("current", &self.current)
            .finish_non_exhaustive()
    }
}

/// There is no such document.
#[derive(Debug, thiserror::Error)]
#[error("{subject} not found")]
pub struct NotFound {
    subject: Subject,
}

impl NotFound {
    pub(crate) fn new(subject: Subject) -> Self {
        NotFound { subject }
    }

    /// The document that was meant.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }
}

/// The document is soft-deleted: only [`restore`](crate::Writer::restore),
/// [`hard_delete`](crate::Writer::hard_delete) and updates that say `including_deleted()` may write
/// to it.
#[derive(Debug, thiserror::Error)]
#[error("{subject} is deleted, at version {current}: restore it first")]
pub struct Deleted {
    subject: Subject,
    current: Version,
}

impl Deleted {
    pub(crate) fn new(subject: Subject, current: Version) -> Self {
        Deleted { subject, current }
    }

    /// The document that was meant.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The version that the document has now.
    #[must_use]
    pub fn current_version(&self) -> Version {
        self.current
    }
}

/// A condition given with [`when`](crate::Update::when) did not hold. Nothing was written.
#[derive(thiserror::Error)]
#[error("write to {subject} rejected: its condition does not hold at version {current}")]
pub struct ConditionFailed {
    subject: Subject,
    current: Version,
    document: Arc<RawDocumentBuf>,
}

impl ConditionFailed {
    pub(crate) fn new(subject: Subject, current: Version, document: Arc<RawDocumentBuf>) -> Self {
        ConditionFailed {
            subject,
            current,
            document,
        }
    }

    /// The document that was meant.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The version that the document has, which is the one that the write was based on.
    #[must_use]
    pub fn current_version(&self) -> Version {
        self.current
    }

    /// The document as it is now.
    ///
    /// # Errors
    /// As [`Conflict::current`].
    pub fn current<T: Versioned>(&self) -> Result<Stored<T>> {
        Stored::read(self.document.clone(), self.subject.collection())
    }
}

/// Does not show the document.
impl fmt::Debug for ConditionFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConditionFailed")
            .field("subject", &self.subject)
            .field("current", &self.current)
            .finish_non_exhaustive()
    }
}
