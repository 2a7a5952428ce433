//! Somebody who reads the history, while everything goes on.

use crate::database::{Operation, Snapshot};
use crate::rules::Rule;
use crate::scenario::Scenario;

/// How far the reading is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Reader {
    /// It has not begun.
    #[default]
    Idle,
    /// One of the two places is read.
    Half {
        /// The operations whose entries it found.
        found: Vec<Operation>,
        /// The operations that had taken effect when the document was read.
        due: Vec<Operation>,
    },
    /// It is done, and lacked nothing or something.
    Done {
        /// Whether it lacked an entry of a write that it should show.
        lacked: bool,
    },
}

impl Reader {
    /// Whether there is something left to read.
    #[must_use]
    pub(crate) fn is_done(&self) -> bool {
        matches!(self, Reader::Done { .. })
    }

    /// The next of the two reads, both of what is majority-committed.
    #[must_use]
    pub(crate) fn read(&self, scenario: &Scenario, committed: &Snapshot) -> Reader {
        let is_first = matches!(self, Reader::Idle);
        let reads_document = is_first == scenario.keeps(Rule::HistoryDocumentFirst);
        let (mut found, mut due) = match self {
            Reader::Half { found, due } => (found.clone(), due.clone()),
            Reader::Idle | Reader::Done { .. } => (Vec::new(), Vec::new()),
        };
        if reads_document {
            let document = committed.document.as_ref();
            let carried = document.map_or(&[][..], |document| &document.entries);
            found.extend(carried.iter().map(|entry| entry.operation));
            let applied = committed.ghost.applied.iter();
            due = applied.map(|applied| applied.operation).collect();
        } else {
            found.extend(committed.log.iter().map(|entry| entry.operation));
        }
        if is_first {
            found.sort_unstable();
            return Reader::Half { found, due };
        }
        let lacked = due.iter().any(|operation| !found.contains(operation));
        Reader::Done { lacked }
    }
}
