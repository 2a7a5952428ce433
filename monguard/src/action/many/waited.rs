use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::Error;
use crate::guard::Seat;

/// Whether a write has waited in vain for the log to take what its document carries, so that the
/// others of its batch need not do so, too.
#[derive(Debug, Default)]
pub(super) struct Waited(AtomicBool);

impl Waited {
    /// The seat of the next write.
    pub(super) fn seat(&self) -> Seat {
        if self.0.load(Ordering::Relaxed) {
            Seat::BatchThatWaited
        } else {
            Seat::Batch
        }
    }

    /// A write could not be prepared.
    pub(super) fn note(&self, error: &Error) {
        if let Error::AuditBacklog(backlog) = error
            && backlog.document().is_some()
        {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    /// Another batch begins.
    pub(super) fn start_over(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}
