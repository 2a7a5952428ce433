use std::time::Duration;

use mongodb::options::{
    Acknowledgment, ReadConcern, ReadPreference, SelectionCriteria, TransactionOptions,
    WriteConcern,
};

use crate::client::{Retry, Settings};
use crate::error::{Error, Result};

/// What a transaction was asked to keep to.
#[derive(Clone, Debug)]
pub(crate) struct TransactionSettings {
    pub(crate) read_concern: ReadConcern,
    pub(crate) write_concern: WriteConcern,
    /// How long the server may work on one commit.
    pub(crate) max_commit_time: Duration,
    /// How long the whole may take, with all that is done again.
    pub(crate) limit: Duration,
    /// How long after its time limit a command is held to be able to take effect.
    pub(crate) margin: Duration,
}

impl TransactionSettings {
    /// As long as the drivers' own transactions with retries take at the most.
    const LIMIT: Duration = Duration::from_secs(120);

    pub(crate) fn of(settings: &Settings) -> Self {
        TransactionSettings {
            read_concern: ReadConcern::snapshot(),
            write_concern: settings.write_concern.clone(),
            max_commit_time: settings.time_limit,
            limit: Self::LIMIT,
            margin: settings.margin,
        }
    }

    /// # Errors
    /// [`Error::Unsupported`] for a write concern with which nothing would be known.
    pub(crate) fn check(&self) -> Result<()> {
        if matches!(self.write_concern.w, Some(Acknowledgment::Nodes(0))) {
            return Err(Error::Unsupported(
                "a transaction cannot be committed with a write concern of `w: 0`: leave it at the guard's, or name another one".to_owned(),
            ));
        }
        Ok(())
    }

    /// As the driver takes them.
    pub(crate) fn options(&self) -> TransactionOptions {
        TransactionOptions::builder()
            .read_concern(self.read_concern.clone())
            .write_concern(self.write_concern.clone())
            .selection_criteria(SelectionCriteria::ReadPreference(ReadPreference::Primary))
            .max_commit_time(self.max_commit_time)
            .build()
    }

    /// How long an answer to a commit is waited for.
    pub(crate) fn commit_patience(&self) -> Duration {
        self.max_commit_time.saturating_add(self.margin)
    }
}

/// The waits before a transaction is begun again, or its commit sent again: they grow from 5 ms to
/// half a second, with jitter, and have no end but the transaction's.
pub(crate) fn waits() -> impl Iterator<Item = Duration> + Send + use<> {
    Retry::default()
        .attempts(u32::MAX)
        .first_wait(Duration::from_millis(5))
        .longest_wait(Duration::from_millis(500))
        .waits()
}
