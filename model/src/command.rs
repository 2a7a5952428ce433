//! The commands that processes send, and what the server makes of them.

use crate::database::{Base, Document, Entry, NONE, Operation, Snapshot};
use crate::rules::{Mode, Rule};
use crate::scenario::Scenario;

/// A command on its way, or one that a process waits for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Command {
    /// An upsert that matches nothing but itself.
    Create {
        /// Its id.
        operation: Operation,
    },
    /// A versioned write, worked out from a snapshot.
    Write(Write),
    /// A pipeline update of every document.
    Many {
        /// Its id, on every document.
        operation: Operation,
        /// How often it was sent before.
        attempt: u8,
    },
    /// The removal of a tombstone.
    Remove {
        /// The tombstone's state.
        base: Base,
    },
    /// An insert into the log.
    Insert {
        /// What is inserted.
        entry: Entry,
    },
}

/// A versioned write.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Write {
    /// What it matches.
    pub(crate) base: Base,
    /// The entry of its own.
    pub(crate) entry: Entry,
    /// The entries of the snapshot that it keeps.
    pub(crate) kept: Vec<Entry>,
    /// Whether it is the first step of a hard delete.
    pub(crate) tombstone: bool,
}

/// What the server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Answer {
    /// The write is made.
    Made,
    /// Nothing matched.
    NoMatch,
    /// A document of this id is there already.
    Duplicate,
}

impl Command {
    /// The operation, for the commands that write the document.
    #[must_use]
    pub(crate) fn operation(&self) -> Operation {
        match self {
            Command::Create { operation } | Command::Many { operation, .. } => *operation,
            Command::Write(write) => write.entry.operation,
            Command::Insert { entry } => entry.operation,
            Command::Remove { .. } => NONE,
        }
    }

    /// Whether the driver may repeat it by itself. It does not repeat commands that it does not
    /// know, and an update of many documents is sent as one of those.
    #[must_use]
    pub(crate) fn is_repeated_by_driver(&self) -> bool {
        !matches!(self, Command::Many { .. })
    }

    /// What the server makes of it.
    pub(crate) fn run(&self, scenario: &Scenario, snapshot: &mut Snapshot) -> Answer {
        match self {
            Command::Create { operation } => create(scenario, snapshot, *operation),
            Command::Write(write) => write.run(scenario, snapshot),
            Command::Many { operation, attempt } => {
                write_many(scenario, snapshot, *operation, *attempt)
            }
            Command::Remove { base } => remove(scenario, snapshot, *base),
            Command::Insert { entry } => insert(scenario, snapshot, *entry),
        }
    }
}

fn create(scenario: &Scenario, snapshot: &mut Snapshot, operation: Operation) -> Answer {
    match &snapshot.document {
        None => {
            let entry = Entry {
                operation,
                version: 1,
                previous: NONE,
                replaced: NONE,
            };
            snapshot.document = Some(Document {
                base: Base {
                    version: 1,
                    operation,
                    stamp: operation,
                },
                content: operation,
                entries: scenario.carried(entry),
                tombstone: false,
            });
            snapshot.ghost.record(operation, NONE);
            Answer::Made
        }
        Some(document) if document.base.operation == operation => Answer::Made,
        Some(_) => Answer::Duplicate,
    }
}

impl Write {
    /// Whether it matches the document.
    #[must_use]
    pub(crate) fn matches(&self, scenario: &Scenario, document: &Document) -> bool {
        let is_base = if scenario.keeps(Rule::WholeBase) {
            document.base == self.base
        } else {
            document.base.version == self.base.version
        };
        is_base && !document.tombstone
    }

    fn run(&self, scenario: &Scenario, snapshot: &mut Snapshot) -> Answer {
        let Some(document) = snapshot
            .document
            .as_mut()
            .filter(|document| self.matches(scenario, document))
        else {
            return Answer::NoMatch;
        };
        let operation = self.entry.operation;
        snapshot.ghost.record(operation, document.content);
        let mut entries = self.kept.clone();
        // A tombstone holds what its entry is made of, in every mode.
        if scenario.mode == Mode::Carried || self.tombstone {
            entries.push(self.entry);
        }
        *document = Document {
            base: Base {
                version: self.entry.version,
                operation,
                stamp: operation,
            },
            content: operation,
            entries,
            tombstone: self.tombstone,
        };
        Answer::Made
    }
}

/// The time that a command stamps which is sent anew.
const ANEW: u8 = 50;

fn write_many(
    scenario: &Scenario,
    snapshot: &mut Snapshot,
    operation: Operation,
    attempt: u8,
) -> Answer {
    let is_open = |document: &&mut Document| {
        let is_done = document.base.operation == operation && scenario.keeps(Rule::GuardMany);
        !document.tombstone && !is_done
    };
    let Some(document) = snapshot.document.as_mut().filter(is_open) else {
        return Answer::NoMatch;
    };
    snapshot.ghost.record(operation, document.content);
    let entry = Entry {
        operation,
        version: document.base.version + 1,
        previous: document.base.operation,
        replaced: document.content,
    };
    if !scenario.keeps(Rule::KeepEntriesOfMany) {
        document.entries.clear();
    }
    document.entries.push(entry);
    document.base = Base {
        version: entry.version,
        operation,
        stamp: operation + ANEW * attempt,
    };
    document.content = operation;
    Answer::Made
}

fn remove(scenario: &Scenario, snapshot: &mut Snapshot, base: Base) -> Answer {
    let is_it = |document: &Document| {
        (document.tombstone && document.base == base)
            || !scenario.keeps(Rule::RemovalOfItsTombstone)
    };
    if snapshot.document.as_ref().is_some_and(is_it) {
        snapshot.document = None;
        Answer::Made
    } else {
        Answer::NoMatch
    }
}

fn insert(scenario: &Scenario, snapshot: &mut Snapshot, entry: Entry) -> Answer {
    if scenario.refused == Some(entry.operation) {
        return Answer::Duplicate;
    }
    if !snapshot.has_logged(entry.operation) {
        snapshot.log.push(entry);
        snapshot.log.sort_unstable();
    }
    Answer::Made
}
