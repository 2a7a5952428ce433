use std::fmt;

use super::{Error, Subject};
use crate::recovery::Recovered;

/// A recovery stopped before its end. What it has done stands, and it can go on from there.
#[derive(Debug, thiserror::Error)]
#[error("recovery of {subject} stopped after {} documents: {}", report.documents, next_text(.report))]
pub struct RecoveryStopped {
    subject: Subject,
    report: Recovered,
    #[source]
    cause: Error,
}

fn next_text(report: &Recovered) -> &'static str {
    match report.token {
        Some(_) => {
            "what it did stands, so go on with `Recover::resume` and the token of `report()` when the cause is gone"
        }
        None => "begin again when the cause is gone",
    }
}

impl RecoveryStopped {
    pub(crate) fn new(subject: Subject, report: Recovered, cause: Error) -> Self {
        RecoveryStopped {
            subject,
            report,
            cause,
        }
    }

    /// The collection.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// What was done, with the token to go on from.
    #[must_use]
    pub fn report(&self) -> &Recovered {
        &self.report
    }

    /// Why it stopped.
    #[must_use]
    pub fn cause(&self) -> &Error {
        &self.cause
    }
}

/// A text is no [`RecoveryToken`](crate::RecoveryToken), or one of another collection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a token of this recovery: {reason}")]
pub struct InvalidRecoveryToken {
    reason: InvalidRecoveryTokenReason,
}

/// Why a token was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidRecoveryTokenReason {
    /// The text is no token: it was cut, changed, or is something else.
    Unreadable,
    /// It was made by a recovery of another collection.
    OtherCollection,
}

impl InvalidRecoveryToken {
    pub(crate) fn new(reason: InvalidRecoveryTokenReason) -> Self {
        InvalidRecoveryToken { reason }
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> InvalidRecoveryTokenReason {
        self.reason
    }
}

impl fmt::Display for InvalidRecoveryTokenReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            InvalidRecoveryTokenReason::Unreadable => {
                "it was cut or changed, or is none; begin without one"
            }
            InvalidRecoveryTokenReason::OtherCollection => {
                "it is of another collection; begin without one"
            }
        })
    }
}
