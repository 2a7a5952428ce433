//! The server: one document, the log, and what a failover rolls back.

use crate::ghost::Ghost;

/// The id of an operation; 0 stands for none.
pub(crate) type Operation = u8;
/// What the document's fields are: the write that made them. Foreign writes have ids of their own.
pub(crate) type Content = u8;

/// The operation that a document has that no monguard wrote.
pub(crate) const NONE: Operation = 0;
/// From here on, ids are those of foreign writers.
pub(crate) const FOREIGN: Content = 100;

/// The state that a write is based on, or whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Base {
    /// `__v`
    pub(crate) version: u8,
    /// `__w`
    pub(crate) operation: Operation,
    /// `updatedAt`: every writer that plays by the rules stamps one of its own.
    pub(crate) stamp: Content,
}

/// One audit entry, carried or in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Entry {
    /// The operation, and so the entry's id.
    pub(crate) operation: Operation,
    /// `metadata.version`
    pub(crate) version: u8,
    /// `metadata.prev`: the operation that was replaced.
    pub(crate) previous: Operation,
    /// The old values that the entry shows.
    pub(crate) replaced: Content,
}

/// The document.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Document {
    /// The state that writes match.
    pub(crate) base: Base,
    /// The fields.
    pub(crate) content: Content,
    /// `__audit`, oldest first.
    pub(crate) entries: Vec<Entry>,
    /// Between the two steps of a hard delete.
    pub(crate) tombstone: bool,
}

/// One state of the database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Snapshot {
    /// The document, if there is one.
    pub(crate) document: Option<Document>,
    /// The log, sorted.
    pub(crate) log: Vec<Entry>,
    /// What really happened, which no process sees.
    pub(crate) ghost: Ghost,
}

impl Snapshot {
    /// Whether the log has the entry of this operation.
    #[must_use]
    pub(crate) fn has_logged(&self, operation: Operation) -> bool {
        self.log.iter().any(|entry| entry.operation == operation)
    }

    /// Whether the document carries the entry of this operation.
    #[must_use]
    pub(crate) fn carries(&self, operation: Operation) -> bool {
        self.document
            .as_ref()
            .is_some_and(|document| document.carries(operation))
    }
}

impl Document {
    /// Whether it carries the entry of this operation.
    #[must_use]
    pub(crate) fn carries(&self, operation: Operation) -> bool {
        self.entries
            .iter()
            .any(|entry| entry.operation == operation)
    }
}

/// What is majority-committed, and what came after and may be rolled back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Database {
    /// The state that every failover keeps.
    pub(crate) committed: Snapshot,
    /// Later states, oldest first, one for each write since.
    pub(crate) tail: Vec<Snapshot>,
}

impl Database {
    /// The state that the primary shows.
    #[must_use]
    pub(crate) fn latest(&self) -> &Snapshot {
        self.tail.last().unwrap_or(&self.committed)
    }

    /// Whether a linearizable read can be answered: what it sees is committed.
    #[must_use]
    pub(crate) fn is_settled(&self) -> bool {
        self.tail.is_empty()
    }

    /// A write on the primary.
    pub(crate) fn write(&mut self, change: impl FnOnce(&mut Snapshot)) {
        let mut next = self.latest().clone();
        change(&mut next);
        if next != *self.latest() {
            self.tail.push(next);
        }
    }

    /// The majority has the next write.
    pub(crate) fn commit(&mut self) {
        if !self.tail.is_empty() {
            self.committed = self.tail.remove(0);
        }
    }

    /// A new primary, which has what the majority has.
    pub(crate) fn fail_over(&mut self) {
        self.tail.clear();
    }
}
