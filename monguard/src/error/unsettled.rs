use std::fmt;
use std::sync::Arc;

use mongodb::bson::oid::ObjectId;

use super::{Error, Result, Subject};
use crate::guard::Settle;

/// Whether the write landed could not be found out: the server did not come back in time, or the
/// write left no trace that would tell.
///
/// It was looked for until the command could no longer take effect: its time limit and the margin
/// after the last time that it was sent, 15 s by default
/// ([`time_limit`](crate::MonguardBuilder::time_limit), [`margin`](crate::MonguardBuilder::margin)).
///
/// Making the write again could apply it twice. Ask [`Unsettled::settle`] later instead.
pub struct Unsettled {
    subject: Subject,
    operation: ObjectId,
    settle: Arc<dyn Settle>,
    cause: Option<Error>,
}

/// What became of a write whose outcome was not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Settled {
    /// It was made. Where its audit entry was missing, it has been written.
    Landed,
    /// It was not made, and never will be.
    NotLanded,
}

impl Unsettled {
    pub(crate) fn new(
        subject: Subject,
        operation: ObjectId,
        settle: Arc<dyn Settle>,
        cause: Option<Error>,
    ) -> Self {
        Unsettled {
            subject,
            operation,
            settle,
            cause,
        }
    }

    /// The document that was meant.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The id of the operation: it is the document's `__w` and the audit entry's `_id`, if the
    /// write landed.
    #[must_use]
    pub fn operation(&self) -> ObjectId {
        self.operation
    }

    /// Asks the server again what became of the write, once, and returns whether it landed. May be
    /// asked any number of times; it never makes the write again. The reads are those of
    /// [`settling_reads`](crate::MonguardBuilder::settling_reads).
    ///
    /// # Errors
    /// [`Error::Unsettled`] where it still cannot be told.
    pub async fn settle(&self) -> Result<Settled> {
        Arc::clone(&self.settle).settle().await
    }
}

impl fmt::Display for Unsettled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "write to {} has an unknown outcome: ask `settle` later, and do not make it again (operation {})",
            self.subject, self.operation
        )
    }
}

impl fmt::Debug for Unsettled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unsettled")
            .field("subject", &self.subject)
            .field("operation", &self.operation)
            .field("cause", &self.cause)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Unsettled {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}
