//! What copies entries to the log, in a writer or in a recovery.

use crate::database::{Base, Document, Entry, Operation, Operations, only, operations};
use crate::scenario::Scenario;

/// A tombstone whose entries are on their way to the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Removal {
    /// The tombstone's state.
    pub(crate) base: Base,
    /// What it carries.
    pub(crate) due: Operations,
}

/// Entries that are to be in the log, and those that are known to be.
///
/// An insert is harmless at any time once it may be sent: those that are on their way are among the
/// entries that are to be there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Relay {
    /// Majority-committed, and not known to be in the log. Sorted.
    pub(crate) queue: Vec<Entry>,
    /// In memory only.
    pub(crate) known: Operations,
    /// What is to be removed when the log has its entries.
    pub(crate) removing: Option<Removal>,
}

impl Relay {
    /// Whether the entry of this operation is known to be in the log.
    #[must_use]
    pub(crate) fn knows(&self, operation: Operation) -> bool {
        self.known & only(operation) != 0
    }

    /// Takes over an entry, in the form of the log.
    pub(crate) fn take(&mut self, entry: Entry) {
        if !self.knows(entry.operation) && operations(&self.queue) & only(entry.operation) == 0 {
            self.queue.push(entry);
            self.queue.sort_unstable();
        }
    }

    /// Takes over what a document carries.
    pub(crate) fn take_all(&mut self, scenario: &Scenario, document: &Document) {
        for entry in &document.entries {
            self.take(entry.for_the_log(scenario, document));
        }
    }

    /// Takes over what a tombstone carries, to remove it then.
    pub(crate) fn finish(&mut self, scenario: &Scenario, tombstone: &Document) {
        self.take_all(scenario, tombstone);
        self.removing = Some(Removal {
            base: tombstone.base,
            due: operations(&tombstone.entries),
        });
    }

    /// The log has these entries.
    pub(crate) fn learn(&mut self, logged: Operations) {
        self.queue
            .retain(|entry| only(entry.operation) & logged == 0);
        self.known |= logged;
    }
}
