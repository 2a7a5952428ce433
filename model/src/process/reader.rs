//! Somebody who reads the history, while everything goes on.

use crate::database::{Entry, NONE, Operation, Operations, Snapshot, only};
use crate::rules::Rule;
use crate::scenario::Scenario;

/// An entry: its operation, and the one that it replaced.
type Link = (Operation, Operation);

/// How far the reading is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Reader {
    /// It has not begun.
    #[default]
    Idle,
    /// One of the two places is read.
    Half {
        /// What it found.
        found: Vec<Link>,
        /// The operation that the document is at.
        head: Operation,
        /// The operations that had taken effect when the document was read.
        due: Operations,
    },
    /// It is done, and what it shows is a beginning of what happened.
    Done,
    /// It is done, and lacked something.
    Lacked,
}

impl Reader {
    /// Whether there is something left to read.
    #[must_use]
    pub(crate) fn is_done(&self) -> bool {
        matches!(self, Reader::Done | Reader::Lacked)
    }

    /// The next of the two reads, both of what is majority-committed.
    #[must_use]
    pub(crate) fn read(&self, scenario: &Scenario, committed: &Snapshot) -> Reader {
        let is_first = matches!(self, Reader::Idle);
        let reads_document = is_first == scenario.keeps(Rule::HistoryDocumentFirst);
        let (mut found, mut head, mut due) = match self {
            Reader::Half { found, head, due } => (found.clone(), *head, *due),
            Reader::Idle | Reader::Done | Reader::Lacked => (Vec::new(), NONE, 0),
        };
        if reads_document {
            if let Some(document) = &committed.document {
                found.extend(document.entries.iter().copied().map(link));
                head = document.base.operation;
            }
            due = committed.ghost.operations();
        } else {
            found.extend(committed.log.iter().copied().map(link));
        }
        found.sort_unstable();
        found.dedup();
        if is_first {
            return Reader::Half { found, head, due };
        }
        match shown(scenario, &found, head) {
            Some(shown) if due & !shown == 0 => Reader::Done,
            _ => Reader::Lacked,
        }
    }
}

fn link(entry: Entry) -> Link {
    (entry.operation, entry.previous)
}

/// The operations that the history shows: the chain from the head, and those that end in a hard
/// delete. Nothing if it has a gap.
fn shown(scenario: &Scenario, found: &[Link], head: Operation) -> Option<Operations> {
    let mut shown = chain(found, head)?;
    for (operation, _) in found {
        if scenario.ends_a_life(*operation) {
            match chain(found, *operation) {
                Some(life) => shown |= life,
                // It is newer than the read of the document.
                None if scenario.keeps(Rule::HistoryOfWholeLives) => {}
                None => return None,
            }
        }
    }
    Some(shown)
}

/// The chain that ends in this operation, if it is whole.
fn chain(found: &[Link], last: Operation) -> Option<Operations> {
    let mut operations = 0;
    let mut operation = last;
    while operation != NONE && operations & only(operation) == 0 {
        operations |= only(operation);
        let (_, previous) = found.iter().find(|(it, _)| *it == operation)?;
        operation = *previous;
    }
    Some(operations)
}
