//! What really happened: recorded beside the database, for the properties alone.

use crate::database::{Content, Operation};

/// A write of monguard's that took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Applied {
    /// Which.
    pub(crate) operation: Operation,
    /// What it replaced.
    pub(crate) replaced: Content,
}

/// The writes that took effect, in their order, on the branch of time that is left.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Ghost {
    /// Oldest first.
    pub(crate) applied: Vec<Applied>,
}

impl Ghost {
    /// Records a write.
    pub(crate) fn record(&mut self, operation: Operation, replaced: Content) {
        self.applied.push(Applied {
            operation,
            replaced,
        });
    }

    /// Whether the operation took effect.
    #[must_use]
    pub(crate) fn has(&self, operation: Operation) -> bool {
        self.count(operation) > 0
    }

    /// How often the operation took effect.
    #[must_use]
    pub(crate) fn count(&self, operation: Operation) -> usize {
        self.applied
            .iter()
            .filter(|applied| applied.operation == operation)
            .count()
    }

    /// What the operation replaced, the first time.
    #[must_use]
    pub(crate) fn replaced_by(&self, operation: Operation) -> Option<Content> {
        self.applied
            .iter()
            .find(|applied| applied.operation == operation)
            .map(|applied| applied.replaced)
    }
}
