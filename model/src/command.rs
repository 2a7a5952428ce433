//! The commands that processes send, and what the server makes of them.

use crate::database::{Base, Content, Document, Entry, Image, NONE, Operation, Snapshot};
use crate::rules::{Mode, Rule};
use crate::scenario::{Coming, Scenario};

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
}

/// What a versioned write does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// It changes the fields.
    Update,
    /// It leaves them be, and its entry shows them all.
    SoftDelete,
    /// It is the first step of a hard delete, and leaves them be likewise.
    Tombstone,
}

/// A versioned write.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Write {
    /// What it does.
    pub(crate) kind: Kind,
    /// What it matches.
    pub(crate) base: Base,
    /// The `updatedAt` that it stamps.
    pub(crate) stamp: Content,
    /// The entry of its own.
    pub(crate) entry: Entry,
    /// The entries of the snapshot that it keeps.
    pub(crate) kept: Vec<Entry>,
}

/// What the server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The write is made.
    Made,
    /// Nothing matched, or a document of this id is there already.
    NotMade,
}

impl Command {
    /// The operation, for the commands that write the document.
    #[must_use]
    pub(crate) fn operation(&self) -> Operation {
        match self {
            Command::Create { operation } | Command::Many { operation, .. } => *operation,
            Command::Write(write) => write.entry.operation,
            Command::Remove { .. } => NONE,
        }
    }

    /// Whether the driver may repeat it by itself. It does not repeat commands that it does not
    /// know, and an update of many documents is sent as one of those.
    #[must_use]
    pub(crate) fn is_repeated_by_driver(&self) -> bool {
        matches!(self, Command::Create { .. } | Command::Write(_))
    }

    /// What the server makes of it.
    pub(crate) fn run(&self, scenario: &Scenario, snapshot: &mut Snapshot) -> Answer {
        let operation = self.operation();
        // A commit that is repeated: the server knows the transaction.
        if scenario.mode_of(operation) == Mode::Transactional && snapshot.has_logged(operation) {
            return Answer::Made;
        }
        match self {
            Command::Create { operation } => create(scenario, snapshot, *operation),
            Command::Write(write) => write.run(scenario, snapshot),
            Command::Many { operation, attempt } => {
                write_many(scenario, snapshot, *operation, *attempt)
            }
            Command::Remove { base } => remove(scenario, snapshot, *base),
        }
    }
}

/// The entry of a create.
#[must_use]
pub(crate) fn creation(operation: Operation) -> Entry {
    Entry {
        operation,
        version: 1,
        previous: NONE,
        replaced: NONE,
        image: Image::Owed { digest: operation },
    }
}

fn create(scenario: &Scenario, snapshot: &mut Snapshot, operation: Operation) -> Answer {
    match &snapshot.document {
        None => {
            let entry = creation(operation);
            snapshot.ghost.record(operation, None, operation);
            let mut entries = Vec::new();
            add_own(scenario, snapshot, &mut entries, entry);
            snapshot.document = Some(Document {
                base: Base {
                    version: 1,
                    operation,
                    stamp: operation,
                },
                content: operation,
                entries,
                tombstone: false,
            });
            Answer::Made
        }
        Some(document) if document.base.operation == operation => Answer::Made,
        Some(_) => Answer::NotMade,
    }
}

/// Where the entry of a write goes to in the same step.
fn add_own(scenario: &Scenario, snapshot: &mut Snapshot, carried: &mut Vec<Entry>, entry: Entry) {
    match scenario.mode_of(entry.operation) {
        Mode::Carried => carried.push(entry),
        Mode::Transactional => snapshot.insert(entry.of_writer()),
        Mode::AfterWrite => {}
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
        is_base && scenario.is_open(document)
    }

    fn run(&self, scenario: &Scenario, snapshot: &mut Snapshot) -> Answer {
        let found = snapshot.document.take();
        let Some(document) = found.as_ref().filter(|it| self.matches(scenario, it)) else {
            snapshot.document = found;
            return Answer::NotMade;
        };
        let operation = self.entry.operation;
        let content = match self.kind {
            Kind::Update => operation,
            Kind::SoftDelete | Kind::Tombstone => document.content,
        };
        snapshot.ghost.record(operation, Some(document), content);
        let mut entries = self.kept.clone();
        if self.kind == Kind::Tombstone {
            // It holds what its entry is made of, in every mode.
            entries.push(self.entry);
        } else {
            add_own(scenario, snapshot, &mut entries, self.entry);
            if scenario.entries_come == Coming::Together
                && scenario.mode_of(operation) == Mode::AfterWrite
            {
                snapshot.insert(self.entry.of_writer());
            }
        }
        snapshot.document = Some(Document {
            base: Base {
                version: self.entry.version,
                operation,
                stamp: self.stamp,
            },
            content,
            entries,
            tombstone: self.kind == Kind::Tombstone,
        });
        Answer::Made
    }
}

/// The time that a command stamps which is sent anew.
pub(crate) const ANEW: u8 = 50;

/// What an operation stamps that was sent so often before.
#[must_use]
pub(crate) fn stamp(scenario: &Scenario, operation: Operation, attempt: u8) -> Content {
    if scenario.keeps(Rule::StampAnew) {
        operation + ANEW * attempt
    } else {
        operation
    }
}

fn write_many(
    scenario: &Scenario,
    snapshot: &mut Snapshot,
    operation: Operation,
    attempt: u8,
) -> Answer {
    let is_met = |document: &&mut Document| {
        let is_done = document.base.operation == operation;
        let is_done =
            is_done || (document.carries(operation) && scenario.keeps(Rule::GuardManyByEntries));
        let is_guarded = scenario.keeps(Rule::GuardMany);
        let is_full = scenario.is_full(document.entries.len()) && scenario.keeps(Rule::LimitOfMany);
        scenario.is_open(document) && !(is_done && is_guarded) && !is_full
    };
    let Some(document) = snapshot.document.as_mut().filter(is_met) else {
        return Answer::NotMade;
    };
    snapshot.ghost.record(operation, Some(document), operation);
    let entry = Entry {
        operation,
        version: document.base.version + 1,
        previous: document.base.operation,
        replaced: document.content,
        image: Image::None,
    };
    if !scenario.keeps(Rule::KeepEntriesOfMany) {
        document.entries.clear();
    }
    if scenario.keeps(Rule::ImageOfMany) {
        let owner = document.base.operation;
        let content = document.content;
        for entry in &mut document.entries {
            if entry.operation == owner {
                *entry = entry.moved_past(content);
            }
        }
    }
    document.entries.push(entry);
    document.base = Base {
        version: entry.version,
        operation,
        stamp: stamp(scenario, operation, attempt),
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
        Answer::NotMade
    }
}
