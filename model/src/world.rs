//! One state of everything, and what may happen in it.

use crate::command::Command;
use crate::database::{Base, Content, Database, Document, Entry, FOREIGN, NONE, Snapshot};
use crate::ghost::Ghost;
use crate::process::reader::Reader;
use crate::process::relay::Relay;
use crate::process::writer::{Step, Writer};
use crate::scenario::{Faults, Scenario};

/// Who sent a command: writers first, and then recoveries.
pub(crate) type Sender = usize;

/// One state of everything.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct World {
    /// The server.
    pub(crate) database: Database,
    /// The processes that write.
    pub(crate) writers: Vec<Writer>,
    /// The processes that sweep, and how often each may look yet.
    pub(crate) recoveries: Vec<(Relay, u8)>,
    /// The process that reads.
    pub(crate) reader: Reader,
    /// Commands on their way, sorted.
    pub(crate) flight: Vec<(Sender, Command)>,
    /// What may still go wrong.
    pub(crate) faults: Faults,
}

/// What may happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// A writer reads, and sends its next command.
    Begin(Sender),
    /// The server runs a command.
    Run {
        /// Which of those on their way.
        index: usize,
        /// The driver loses the answer, and repeats the command.
        repeated: bool,
        /// The scan of an update of many documents meets the document again.
        twice: bool,
    },
    /// A writer gets its answer.
    Answer(Sender),
    /// A writer gives up waiting for it.
    Lose(Sender),
    /// Enough time passes that nothing which a writer sent can take effect any more.
    Expire(Sender),
    /// A writer looks at the document, or at the log.
    Look(Sender),
    /// A writer sends a command again without having looked.
    Repeat(Sender),
    /// A relay sends an entry to the log.
    Relay(Sender, Entry),
    /// A relay learns that the log has an entry.
    Learn(Sender, Entry),
    /// A process sends the removal of a tombstone.
    Remove(Sender),
    /// A recovery reads the document.
    Recover(Sender),
    /// A reader reads the document, or the log.
    Read,
    /// The majority has the next write.
    Commit,
    /// A new primary.
    FailOver,
    /// A writer dies.
    Crash(Sender),
    /// Another tool writes.
    Foreign,
}

/// The operation that has made the document before the start.
const FIRST: u8 = 1;

impl World {
    /// The start.
    #[must_use]
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let mut committed = Snapshot::default();
        if scenario.starts_created {
            let entry = Entry {
                operation: FIRST,
                version: 1,
                previous: NONE,
                replaced: NONE,
            };
            let base = Base {
                version: 1,
                operation: FIRST,
                stamp: FIRST,
            };
            let mut ghost = Ghost::default();
            ghost.record(FIRST, NONE);
            committed = Snapshot {
                document: Some(Document {
                    base,
                    content: FIRST,
                    entries: Vec::new(),
                    tombstone: false,
                }),
                log: vec![entry],
                ghost,
            };
        }
        World {
            database: Database {
                committed,
                tail: Vec::new(),
            },
            writers: vec![Writer::default(); scenario.writers.len()],
            recoveries: scenario
                .recoveries
                .iter()
                .map(|looks| (Relay::default(), *looks))
                .collect(),
            reader: Reader::default(),
            flight: Vec::new(),
            faults: scenario.faults,
        }
    }

    /// The relay of a process.
    #[must_use]
    pub(crate) fn relay(&self, sender: Sender) -> Option<&Relay> {
        let recovery = sender.checked_sub(self.writers.len());
        match recovery {
            None => self.writers.get(sender).map(|writer| &writer.relay),
            Some(index) => self.recoveries.get(index).map(|(relay, _)| relay),
        }
    }

    /// The relay of a process, to change it.
    pub(crate) fn relay_mut(&mut self, sender: Sender) -> Option<&mut Relay> {
        let recovery = sender.checked_sub(self.writers.len());
        match recovery {
            None => self.writers.get_mut(sender).map(|writer| &mut writer.relay),
            Some(index) => self.recoveries.get_mut(index).map(|(relay, _)| relay),
        }
    }

    /// All processes that send commands.
    pub(crate) fn senders(&self) -> std::ops::Range<Sender> {
        0..self.writers.len() + self.recoveries.len()
    }

    /// Puts a command on its way.
    pub(crate) fn send(&mut self, sender: Sender, command: Command) {
        let place = (sender, command);
        if let Err(index) = self.flight.binary_search(&place) {
            self.flight.insert(index, place);
        }
    }

    /// Whether a command of a process is on its way.
    #[must_use]
    pub(crate) fn is_sent(&self, sender: Sender, command: &Command) -> bool {
        self.flight
            .iter()
            .any(|(by, sent)| *by == sender && sent == command)
    }

    /// A new primary: the answers of what it does not have never come.
    pub(crate) fn fail_over(&mut self) {
        self.database.fail_over();
        let ghost = self.database.committed.ghost.clone();
        for writer in &mut self.writers {
            if let Step::Waiting(sent) = &mut writer.step
                && sent.answer.is_some()
                && !ghost.has(sent.command.operation())
            {
                let mut sent = sent.clone();
                sent.lost = true;
                writer.step = Step::settling(sent);
            }
        }
    }

    /// Another tool changes the fields, and stamps the time. It leaves `__w` and `__audit` be.
    /// A tombstone it takes for deleted.
    pub(crate) fn write_foreign(&mut self) {
        let content: Content = FOREIGN + self.faults.foreign;
        self.database.write(|snapshot| {
            if let Some(document) = &mut snapshot.document
                && !document.tombstone
            {
                document.content = content;
                document.base.stamp = content;
            }
        });
    }
}
