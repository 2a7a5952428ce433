use std::sync::Arc;

use crate::error::{DeadTransaction, DriverError, Subject};

/// What a command in a transaction is about.
#[derive(Clone, Debug)]
pub(crate) struct About {
    pub(crate) operation: &'static str,
    pub(crate) subject: Subject,
    /// The model hides values, which the driver's texts may quote.
    pub(crate) hides: bool,
}

impl About {
    pub(crate) fn failed(&self, error: mongodb::error::Error) -> DriverError {
        DriverError::new(self.operation, self.subject.clone(), error, self.hides)
    }

    pub(crate) fn no_answer(&self) -> DriverError {
        DriverError::timed_out(self.operation, self.subject.clone())
    }

    pub(super) fn ended(&self) -> DeadTransaction {
        DeadTransaction::ended(self.operation, self.subject.clone())
    }

    pub(super) fn broken(&self, broken: &Broken) -> DeadTransaction {
        DeadTransaction::broken(self.operation, self.subject.clone(), broken.cause.clone())
    }
}

/// How a transaction stands.
#[derive(Clone, Debug)]
pub(super) enum Fate {
    /// Commands can be sent.
    Open,
    /// A command has failed, and the server has aborted the transaction: whatever its closure makes
    /// of that, it cannot be committed.
    Broken(Broken),
    /// It is being committed, or was committed or aborted.
    Ended,
}

/// What a transaction broke at. The first failure counts: those that follow only say so.
#[derive(Clone, Debug)]
pub(super) struct Broken {
    pub(super) cause: Arc<DriverError>,
    /// The same, done once more, may succeed.
    pub(super) may_pass: bool,
}

/// Whether a transaction that a command failed in like this may succeed when it is done again.
pub(super) fn may_pass(error: &mongodb::error::Error) -> bool {
    error.contains_label(mongodb::error::TRANSIENT_TRANSACTION_ERROR)
}

/// Whether the command was refused by the driver, and the server knows nothing of it.
pub(super) fn was_not_sent(error: &mongodb::error::Error) -> bool {
    use mongodb::error::ErrorKind;
    matches!(
        &*error.kind,
        ErrorKind::InvalidArgument { .. } | ErrorKind::Transaction { .. }
    )
}
