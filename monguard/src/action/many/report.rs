use std::fmt;

use mongodb::bson::Bson;

use crate::error::Error;

/// What became of the documents that a write of many documents was about.
///
/// Each document that matched is in one of [`modified`](Self::modified),
/// [`unchanged`](Self::unchanged), [`skipped`](Self::skipped), [`failed`](Self::failed) and
/// [`not_attempted`](Self::not_attempted).
#[must_use = "some documents may not have been written"]
#[derive(Debug, Default)]
pub struct ManyReport {
    pub(super) matched: u64,
    pub(super) modified: u64,
    pub(super) unchanged: u64,
    pub(super) skipped: u64,
    pub(super) failed: u64,
    pub(super) without_entry: u64,
    pub(super) not_attempted: u64,
    pub(super) failures: Vec<FailedWrite>,
    pub(super) interrupted: Option<Error>,
}

/// A document that was not written, or not as it should be.
#[derive(Debug)]
pub struct FailedWrite {
    pub(super) id: Bson,
    pub(super) error: Error,
}

impl FailedWrite {
    /// The id of the document.
    #[must_use]
    pub fn id(&self) -> &Bson {
        &self.id
    }

    /// Why.
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// Why, by value.
    #[must_use]
    pub fn into_error(self) -> Error {
        self.error
    }
}

impl ManyReport {
    /// How many documents matched when the write began.
    #[must_use]
    pub fn matched(&self) -> u64 {
        self.matched
    }

    /// How many are at a next version, made by this write.
    #[must_use]
    pub fn modified(&self) -> u64 {
        self.modified
    }

    /// How many were as they should be already: they have no new version, and no entry.
    #[must_use]
    pub fn unchanged(&self) -> u64 {
        self.unchanged
    }

    /// How many another writer came to first, so that they did not match any more.
    #[must_use]
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// How many failed. An [`Error::AuditNotWritten`] is among them; that write stands.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.failed
    }

    /// The failures themselves, as many as are kept (1 000, unless told otherwise): the first ones.
    #[must_use]
    pub fn failures(&self) -> &[FailedWrite] {
        &self.failures
    }

    /// How many failures are counted in [`failed`](Self::failed), and not kept.
    #[must_use]
    pub fn failures_left_out(&self) -> u64 {
        let kept = u64::try_from(self.failures.len()).unwrap_or(u64::MAX);
        self.failed.saturating_sub(kept)
    }

    /// How many of the modified ones have no entry, because the log did not take it. Always 0 where
    /// the guard was built with [`OnAuditFailure::Fail`](crate::OnAuditFailure::Fail).
    #[must_use]
    pub fn without_entry(&self) -> u64 {
        self.without_entry
    }

    /// How many were not come to, because the documents could not be read any more:
    /// [`interrupted`](Self::interrupted) says why. Made again, the same write comes to them.
    #[must_use]
    pub fn not_attempted(&self) -> u64 {
        self.not_attempted
    }

    /// Why the write ended before all documents were come to, if it did.
    #[must_use]
    pub fn interrupted(&self) -> Option<&Error> {
        self.interrupted.as_ref()
    }

    /// Whether every document that still matched was written, or was as it should be already, and
    /// every write has its entry.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.failed == 0 && self.not_attempted == 0 && self.without_entry == 0
    }
}

impl fmt::Display for ManyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} matched: {} modified, {} unchanged, {} skipped, {} failed, {} not attempted",
            self.matched,
            self.modified,
            self.unchanged,
            self.skipped,
            self.failed,
            self.not_attempted
        )
    }
}
