use std::fmt;
use std::sync::Arc;

use mongodb::bson::{RawDocumentBuf, oid::ObjectId};

use super::{Error, Result, Subject};
use crate::document::{Stored, Version, Versioned};

/// The data was written; its audit entry was not. The write stands: do not make it again.
#[derive(thiserror::Error)]
#[error("{subject} was written as version {version}, but its audit entry could not be")]
pub struct AuditNotWritten {
    subject: Subject,
    operation: ObjectId,
    version: Version,
    document: Arc<RawDocumentBuf>,
    #[source]
    cause: Arc<Error>,
}

impl AuditNotWritten {
    pub(crate) fn new(
        subject: Subject,
        operation: ObjectId,
        version: Version,
        document: Arc<RawDocumentBuf>,
        cause: Arc<Error>,
    ) -> Self {
        AuditNotWritten {
            subject,
            operation,
            version,
            document,
            cause,
        }
    }

    /// The document that was written.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The id of the operation, which its entry would have had.
    #[must_use]
    pub fn operation(&self) -> ObjectId {
        self.operation
    }

    /// The version that the write made.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// Why the entry was not written.
    #[must_use]
    pub fn cause(&self) -> &Error {
        &self.cause
    }

    /// The document as it was written.
    ///
    /// # Errors
    /// As [`Conflict::current`](crate::error::Conflict::current).
    pub fn stored<T: Versioned>(&self) -> Result<Stored<T>> {
        Stored::read(self.document.clone(), self.subject.collection())
    }
}

/// Does not show the document.
impl fmt::Debug for AuditNotWritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditNotWritten")
            .field("subject", &self.subject)
            .field("operation", &self.operation)
            .field("version", &self.version)
            .field("cause", &self.cause)
            .finish_non_exhaustive()
    }
}
