//! What can go wrong.

mod audit;
mod backlog;
mod conflict;
mod decode;
mod driver;
mod duplicate;
mod filter;
mod index;
mod read;
mod reason;
mod recovery;
mod refused;
mod retry;
mod revision;
mod subject;
mod unsettled;
mod update;

use std::error::Error as StdError;

pub use audit::AuditNotWritten;
pub use backlog::AuditBacklog;
pub use conflict::{ConditionFailed, Conflict, Deleted, NotFound};
pub use decode::{Decode, ForeignVersion};
pub use driver::DriverError;
pub(crate) use driver::code_of;
pub use duplicate::{DuplicateKey, IdempotencyMismatch};
pub use filter::{InvalidFilter, InvalidFilterReason};
pub(crate) use index::UniqueKey;
pub use index::{AuditAtRisk, IndexConflict, IndexRefused, MissingIndex};
pub use read::{InvalidCursor, InvalidCursorReason, InvalidRead, InvalidReadReason};
pub use reason::InvalidReason;
pub use recovery::{InvalidRecoveryToken, InvalidRecoveryTokenReason, RecoveryStopped};
pub use refused::{EntryRefused, RefusalReason};
pub use retry::Exhausted;
pub use revision::{InvalidRevision, InvalidRevisionReason};
pub use subject::Subject;
pub use unsettled::{Settled, Unsettled};
pub use update::InvalidUpdate;

/// A result of monguard.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can go wrong, one variant for each thing that a caller may want to act on.
///
/// The texts name the model, the collection and the id, never a document's contents. Where a model
/// redacts or skips fields, the texts of the server and of serde, which may quote values, are not
/// kept either; their codes and paths are.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The document is no longer in the state that the write was based on. Nothing was written.
    #[error(transparent)]
    Conflict(Box<Conflict>),
    /// There is no such document.
    #[error(transparent)]
    NotFound(Box<NotFound>),
    /// The document is soft-deleted.
    #[error(transparent)]
    Deleted(Box<Deleted>),
    /// A condition given with `when` did not hold. Nothing was written.
    #[error(transparent)]
    ConditionFailed(Box<ConditionFailed>),
    /// A unique index already has this value. Nothing was written.
    #[error(transparent)]
    DuplicateKey(Box<DuplicateKey>),
    /// The idempotency key was used before, for another request. Nothing was written.
    #[error(transparent)]
    IdempotencyMismatch(Box<IdempotencyMismatch>),
    /// The write was refused before it was sent.
    #[error(transparent)]
    InvalidUpdate(Box<InvalidUpdate>),
    /// A read was refused before it was sent.
    #[error(transparent)]
    InvalidRead(Box<InvalidRead>),
    /// A cursor belongs to another query, or is none.
    #[error(transparent)]
    InvalidCursor(Box<InvalidCursor>),
    /// A filter, of a read or of a condition given with `when`, was refused before it was sent.
    #[error(transparent)]
    InvalidFilter(Box<InvalidFilter>),
    /// What was to be read as a [`Revision`](crate::Revision) is none of this model.
    #[error(transparent)]
    InvalidRevision(Box<InvalidRevision>),
    /// A stored document is not what the model says.
    #[error(transparent)]
    Decode(Box<Decode>),
    /// A stored version is not of the model's kind. The document stays as it is.
    #[error(transparent)]
    ForeignVersion(Box<ForeignVersion>),
    /// The data was written; its audit entry was not.
    #[error(transparent)]
    AuditNotWritten(Box<AuditNotWritten>),
    /// Too many audit entries wait to be copied to the log. Nothing was written.
    #[error(transparent)]
    AuditBacklog(Box<AuditBacklog>),
    /// The audit log refuses an entry, and will again. It stays on its document.
    #[error(transparent)]
    EntryRefused(Box<EntryRefused>),
    /// A recovery stopped before its end. What it has done stands, and it can go on from there.
    #[error(transparent)]
    RecoveryStopped(Box<RecoveryStopped>),
    /// A token is none, or of the recovery of another collection.
    #[error(transparent)]
    InvalidRecoveryToken(Box<InvalidRecoveryToken>),
    /// Whether the write landed could not be found out.
    #[error(transparent)]
    Unsettled(Box<Unsettled>),
    /// The retries are used up.
    #[error(transparent)]
    Exhausted(Box<Exhausted>),
    /// An index that the operation relies on is not there.
    #[error(transparent)]
    MissingIndex(Box<MissingIndex>),
    /// An index of the model cannot be made beside one that is there.
    #[error(transparent)]
    IndexConflict(Box<IndexConflict>),
    /// The server refused to make an index of the model.
    #[error(transparent)]
    IndexRefused(Box<IndexRefused>),
    /// A collection would lose audit entries, or take no writes.
    #[error(transparent)]
    AuditAtRisk(Box<AuditAtRisk>),
    /// The audit log holds something that is no audit entry.
    #[error(transparent)]
    UnreadableEntry(Box<crate::audit::UnreadableEntry>),
    /// Something that was asked for cannot be had.
    #[error("{0}")]
    Unsupported(String),
    /// The caller's own error, passed through with [`Error::abort`].
    #[error("aborted by the caller")]
    Abort(#[source] Box<dyn StdError + Send + Sync>),
    /// The driver or the server failed.
    #[error(transparent)]
    Driver(Box<DriverError>),
}

impl Error {
    /// Ends [`modify`](crate::Writer::modify) with an error of the caller's own.
    ///
    /// ```
    /// use monguard::Error;
    ///
    /// let error = Error::abort("the account is frozen");
    /// assert!(matches!(error, Error::Abort(_)));
    /// ```
    pub fn abort(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Error::Abort(error.into())
    }

    /// Whether another write came first.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Error::Conflict(_))
    }

    /// Whether there is no such document, or only a soft-deleted one.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Error::NotFound(_) | Error::Deleted(_))
    }

    /// Whether the same call, made again later with the document as it is then, may succeed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Error::Conflict(_) | Error::Exhausted(_) | Error::AuditBacklog(_) => true,
            Error::Driver(error) => error.is_transient(),
            Error::RecoveryStopped(stopped) => RecoveryStopped::cause(stopped).is_retryable(),
            _ => false,
        }
    }
}

/// Turns each kind of error into [`Error`], boxed.
macro_rules! from_kind {
    ($($kind:ident),* $(,)?) => {$(
        impl From<$kind> for Error {
            fn from(error: $kind) -> Self {
                Error::$kind(Box::new(error))
            }
        }
    )*};
}

from_kind!(
    Conflict,
    NotFound,
    Deleted,
    ConditionFailed,
    DuplicateKey,
    IdempotencyMismatch,
    InvalidUpdate,
    InvalidRead,
    InvalidCursor,
    InvalidFilter,
    InvalidRevision,
    Decode,
    ForeignVersion,
    AuditNotWritten,
    AuditBacklog,
    EntryRefused,
    RecoveryStopped,
    InvalidRecoveryToken,
    Unsettled,
    Exhausted,
    MissingIndex,
    IndexConflict,
    IndexRefused,
    AuditAtRisk,
);

impl From<DriverError> for Error {
    fn from(error: DriverError) -> Self {
        Error::Driver(Box::new(error))
    }
}
