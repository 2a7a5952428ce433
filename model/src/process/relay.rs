//! What copies entries to the log, in a writer or in a recovery.

use crate::database::{Base, Entry, Operation};

/// Entries that are to be in the log, and those that are known to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Relay {
    /// Majority-committed, and not known to be in the log.
    pub(crate) queue: Vec<Entry>,
    /// In memory only.
    pub(crate) known: Vec<Operation>,
    /// The tombstone that is to be removed when the queue is empty.
    pub(crate) removing: Option<Base>,
}

impl Relay {
    /// Whether the entry of this operation is known to be in the log.
    #[must_use]
    pub(crate) fn knows(&self, operation: Operation) -> bool {
        self.known.contains(&operation)
    }

    /// Takes over entries that were read or acknowledged.
    pub(crate) fn take(&mut self, entries: impl IntoIterator<Item = Entry>) {
        for entry in entries {
            if !self.knows(entry.operation) && !self.queue.contains(&entry) {
                self.queue.push(entry);
            }
        }
    }

    /// The log has the entry.
    pub(crate) fn learn(&mut self, operation: Operation) {
        self.drop_from_queue(operation);
        if !self.knows(operation) {
            self.known.push(operation);
            self.known.sort_unstable();
        }
    }

    /// The log refuses the entry for good: it stays where it is.
    pub(crate) fn drop_from_queue(&mut self, operation: Operation) {
        self.queue.retain(|entry| entry.operation != operation);
    }
}
