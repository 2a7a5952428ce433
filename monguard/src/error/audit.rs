use std::fmt;
use std::sync::Arc;

use mongodb::bson::oid::ObjectId;

use super::{Error, Result, Subject};
use crate::document::{Snapshot, Stored, Version, Versioned};

/// The data was written; its audit entry was not. The write stands: do not make it again.
#[derive(thiserror::Error)]
#[error("{subject} {}", what_text(*.is_tombstone, .version))]
pub struct AuditNotWritten {
    subject: Subject,
    operation: ObjectId,
    version: Version,
    document: Snapshot,
    is_tombstone: bool,
    #[source]
    cause: Arc<Error>,
}

fn what_text(is_tombstone: bool, version: &Version) -> String {
    if is_tombstone {
        format!(
            "was deleted as version {version}, and stays stored, hidden from readers, since not all of its audit entries could be brought to the log: run `recover` when the log takes them"
        )
    } else {
        format!(
            "was written as version {version}, but its audit entry could not be: do not write it again"
        )
    }
}

impl AuditNotWritten {
    pub(crate) fn new(
        subject: Subject,
        operation: ObjectId,
        version: Version,
        document: Snapshot,
        cause: Arc<Error>,
    ) -> Self {
        AuditNotWritten {
            subject,
            operation,
            version,
            document,
            is_tombstone: false,
            cause,
        }
    }

    /// The write is the first step of a hard delete, which waits for the log.
    pub(crate) fn on_tombstone(mut self) -> Self {
        self.is_tombstone = true;
        self
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

    /// Why the entry was not written, or not brought to the log.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_says_what_to_do() {
        let error = || {
            let subject = Subject::new("Order", "orders".into(), Some(7.into()));
            let document = mongodb::bson::RawDocumentBuf::new().into();
            let cause = Arc::new(Error::abort("down"));
            AuditNotWritten::new(subject, ObjectId::new(), 3.into(), document, cause)
        };
        assert_eq!(
            error().to_string(),
            "`Order` 7 in `orders` was written as version 3, but its audit entry could not be: do not write it again"
        );
        let tombstone = error().on_tombstone().to_string();
        assert!(
            tombstone.contains("was deleted as version 3"),
            "{tombstone}"
        );
        assert!(tombstone.contains("run `recover`"), "{tombstone}");
    }
}
