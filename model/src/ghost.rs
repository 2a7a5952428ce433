//! What really happened: recorded beside the database, for the properties alone.

use crate::database::{Content, Document, NONE, Operation, Operations, only};

/// A write of monguard's that took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Applied {
    /// Which.
    pub(crate) operation: Operation,
    /// The version that it should have made.
    pub(crate) version: u8,
    /// The operation that it replaced.
    pub(crate) previous: Operation,
    /// The fields that it replaced.
    pub(crate) replaced: Content,
    /// The fields after it.
    pub(crate) content: Content,
    /// Whether another tool changed the document before the next write did.
    pub(crate) touched: bool,
    /// Whether it took effect once more.
    pub(crate) again: bool,
}

/// The writes that took effect, by their ids, on the branch of time that is left.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Ghost {
    /// Sorted.
    pub(crate) applied: Vec<Applied>,
}

impl Ghost {
    /// Records a write that replaces this document, if there is one, and leaves these fields.
    pub(crate) fn record(
        &mut self,
        operation: Operation,
        replaced: Option<&Document>,
        content: Content,
    ) {
        if let Some(applied) = self.applied.iter_mut().find(|it| it.operation == operation) {
            applied.again = true;
            return;
        }
        let version = replaced.map_or(0, |document| document.base.version);
        self.applied.push(Applied {
            operation,
            version: version + 1,
            previous: replaced.map_or(NONE, |document| document.base.operation),
            replaced: replaced.map_or(NONE, |document| document.content),
            content,
            touched: false,
            again: false,
        });
        self.applied.sort_unstable();
    }

    /// Another tool changes what the operation left.
    pub(crate) fn touch(&mut self, operation: Operation) {
        let mut applied = self.applied.iter_mut();
        if let Some(applied) = applied.find(|it| it.operation == operation) {
            applied.touched = true;
        }
    }

    /// What the operation did, the first time.
    #[must_use]
    pub(crate) fn of(&self, operation: Operation) -> Option<&Applied> {
        self.applied
            .iter()
            .find(|applied| applied.operation == operation)
    }

    /// Whether the operation took effect.
    #[must_use]
    pub(crate) fn has(&self, operation: Operation) -> bool {
        self.of(operation).is_some()
    }

    /// The operations that took effect.
    #[must_use]
    pub(crate) fn operations(&self) -> Operations {
        let all = self.applied.iter().map(|applied| only(applied.operation));
        all.fold(0, |all, one| all | one)
    }
}
