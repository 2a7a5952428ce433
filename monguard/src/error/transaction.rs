use std::fmt;
use std::sync::Arc;

use super::{DriverError, Subject};

/// Nothing more can be done in a transaction, or it could not be committed.
#[derive(Clone, Debug)]
pub struct DeadTransaction {
    operation: &'static str,
    subject: Subject,
    /// What the server aborted it for; `None` where it has ended.
    failure: Option<Arc<DriverError>>,
}

impl DeadTransaction {
    /// A command was to be sent after the commit or the abort.
    pub(crate) fn ended(operation: &'static str, subject: Subject) -> Self {
        DeadTransaction {
            operation,
            subject,
            failure: None,
        }
    }

    /// An earlier command has failed.
    pub(crate) fn broken(
        operation: &'static str,
        subject: Subject,
        failure: Arc<DriverError>,
    ) -> Self {
        DeadTransaction {
            operation,
            subject,
            failure: Some(failure),
        }
    }

    /// What was to be read or written; the database, where the transaction was to be committed.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Whether it was committed or aborted before: its [`Tx`](crate::Tx) was kept for longer than
    /// its closure ran.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.failure.is_none()
    }

    /// The failure of an earlier command, for which the server aborted it.
    #[must_use]
    pub fn failure(&self) -> Option<&DriverError> {
        self.failure.as_deref()
    }
}

impl fmt::Display for DeadTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} refused: ", self.operation, self.subject)?;
        f.write_str(match self.failure {
            None => "its transaction has ended; use a `Tx` only while its closure runs",
            Some(_) => {
                "the server has aborted the transaction, because a command in it failed; return such errors from the closure, with `?`"
            }
        })
    }
}

impl std::error::Error for DeadTransaction {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.failure.as_deref().map(|failure| failure as _)
    }
}
