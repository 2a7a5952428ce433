use std::sync::Arc;

use mongodb::bson::DateTime;

use crate::error::{DriverError, EntryRefused};

/// How a relay stands: see [`Monguard::relay_status`](crate::Monguard::relay_status).
#[derive(Clone, Debug)]
pub struct RelayStatus {
    pub(super) waiting: usize,
    pub(super) waiting_bytes: usize,
    pub(super) relayed: u64,
    pub(super) refused: u64,
    pub(super) failing_since: Option<DateTime>,
    pub(super) last_failure: Option<Arc<DriverError>>,
}

impl RelayStatus {
    /// How many entries wait in memory to be copied to the log.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// How many bytes they have.
    #[must_use]
    pub fn waiting_bytes(&self) -> usize {
        self.waiting_bytes
    }

    /// How many entries were copied, or found to be in the log, since the guard was built.
    #[must_use]
    pub fn relayed(&self) -> u64 {
        self.relayed
    }

    /// How many entries the log has refused for good since the guard was built.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// Since when the log takes no entries. `None` where the last attempt succeeded.
    #[must_use]
    pub fn failing_since(&self) -> Option<DateTime> {
        self.failing_since
    }

    /// What the last attempt failed with. `None` where it succeeded.
    #[must_use]
    pub fn last_failure(&self) -> Option<&DriverError> {
        self.last_failure.as_deref()
    }
}

/// That all entries handed over before a [`flush`](crate::Monguard::flush) have left the memory.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Flushed {
    /// Entries that are not in the log, since it refuses them for good: as
    /// [`Monguard::refused_entries`](crate::Monguard::refused_entries). All others are.
    pub refused: Vec<EntryRefused>,
}
