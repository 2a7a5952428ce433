//! One state of everything, and what may happen in it.

use crate::command::Command;
use crate::database::{
    Base, Content, Database, Document, Entry, Image, NONE, Operations, Snapshot,
};
use crate::ghost::Ghost;
use crate::process::reader::Reader;
use crate::process::relay::Relay;
use crate::process::writer::{Step, Writer};
use crate::rules::Mode;
use crate::scenario::{Faults, Scenario};

/// Who sent a command: writers first, and then recoveries.
pub(crate) type Sender = usize;

/// Who sent what nobody waits for.
pub(crate) const NOBODY: Sender = usize::MAX;

/// One state of everything.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
    /// What another tool wrote last, and whether that counted the version up.
    pub(crate) foreign: Option<(Content, bool)>,
    /// Whether a failover has rolled that back.
    pub(crate) is_foreign_undone: bool,
    /// A caller was told that a write has landed that may yet be lost.
    pub(crate) has_lied: bool,
}

/// What may happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// A writer reads, and sends its next command.
    Begin {
        /// Which.
        writer: Sender,
        /// The entries of which its relay has learnt by now that the log has them.
        learned: Operations,
    },
    /// The server runs a command.
    Run {
        /// Which of those on their way.
        index: usize,
        /// What becomes of it then.
        fate: Fate,
    },
    /// A writer looks at the document, or at the log.
    Look {
        /// Which.
        writer: Sender,
        /// Whether so much time has passed that nothing which it sent can take effect any more.
        over: bool,
    },
    /// A writer at the limit of entries takes them over, to bring them to the log.
    Bring(Sender),
    /// An entry comes to the log.
    Insert(Entry),
    /// A process sends the removal of a tombstone.
    Remove(Sender),
    /// A recovery reads the document.
    Recover(Sender),
    /// A reader reads the document, or the log.
    Read,
    /// A process dies.
    Die(Sender),
    /// The majority has the next write.
    Commit,
    /// A new primary.
    FailOver,
    /// Another tool writes.
    Foreign {
        /// Whether it counts the version up.
        counts: bool,
    },
    /// Its driver repeats what a failover has rolled back.
    ForeignAgain,
}

/// What becomes of a command that was run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Its sender hears the answer.
    Heard,
    /// Its sender gives up waiting.
    Lost,
    /// The driver loses the answer, and repeats the command.
    Repeated,
    /// The scan of an update of many documents goes on, and meets the document again.
    MeetsAgain,
}

/// The operation that has made the document before the start.
const FIRST: u8 = 1;

impl World {
    /// The start.
    #[must_use]
    pub(crate) fn new(scenario: &Scenario) -> Self {
        World {
            database: Database {
                committed: start(scenario),
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
            foreign: None,
            is_foreign_undone: false,
            has_lied: false,
        }
    }

    /// All relays.
    pub(crate) fn relays(&self) -> impl Iterator<Item = &Relay> {
        let writers = self.writers.iter().map(|writer| &writer.relay);
        writers.chain(self.recoveries.iter().map(|(relay, _)| relay))
    }

    /// The same, to change them.
    pub(crate) fn relays_mut(&mut self) -> impl Iterator<Item = &mut Relay> {
        let writers = self.writers.iter_mut().map(|writer| &mut writer.relay);
        writers.chain(self.recoveries.iter_mut().map(|(relay, _)| relay))
    }

    /// Puts a command on its way.
    pub(crate) fn send(&mut self, sender: Sender, command: Command) {
        let place = (sender, command);
        if let Err(index) = self.flight.binary_search(&place) {
            self.flight.insert(index, place);
        }
    }

    /// Whether the sender of a command still waits for its answer.
    #[must_use]
    pub(crate) fn is_awaited(&self, sender: Sender, command: &Command) -> bool {
        let step = self.writers.get(sender).map(|writer| &writer.step);
        matches!(step, Some(Step::Waiting(sent)) if sent.command == *command)
    }

    /// A new primary: the answers of what it does not have never come, it does not know the
    /// transactions that were open, and no scan goes on.
    pub(crate) fn fail_over(&mut self, scenario: &Scenario) {
        let had = self.database.latest().ghost.clone();
        let has_written = |snapshot: &Snapshot| {
            let content = snapshot.document.as_ref().map(|it| it.content);
            content.is_some() && content == self.foreign.map(|(content, _)| content)
        };
        self.is_foreign_undone =
            self.database.tail.iter().any(has_written) && !has_written(&self.database.committed);
        self.database.fail_over();
        let is_transaction = |command: &Command| {
            let mode = scenario.mode_of(command.operation());
            mode == Mode::Transactional && !matches!(command, Command::Remove { .. })
        };
        let is_scanning = |command: &Command| {
            matches!(command, Command::Many { .. }) && had.has(command.operation())
        };
        self.flight
            .retain(|(_, command)| !is_transaction(command) && !is_scanning(command));
        for index in 0..self.writers.len() {
            let Step::Waiting(sent) = &self.writers[index].step else {
                continue;
            };
            let is_known = self.database.committed.ghost.has(sent.command.operation());
            let is_on_its_way = self.flight.contains(&(index, sent.command.clone()));
            if !is_known && (sent.made || !is_on_its_way) {
                let mut sent = sent.clone();
                sent.lost = true;
                self.writers[index].step = Step::settling(sent);
            }
        }
    }

    /// A process dies. What it has sent is still on its way.
    pub(crate) fn die(&mut self, scenario: &Scenario, process: Sender) {
        if let Some(writer) = self.writers.get_mut(process) {
            let (intent, denied) = (scenario.writers[process].len(), writer.denied);
            *writer = Writer {
                intent,
                denied,
                ..Writer::default()
            };
        } else if let Some(recovery) = self.recoveries.get_mut(process - self.writers.len()) {
            *recovery = (Relay::default(), 0);
        }
    }

    /// Another tool changes the fields, and stamps the time. It leaves `__w` and `__audit` be.
    /// A tombstone it takes for deleted.
    pub(crate) fn write_foreign(&mut self, (content, counts): (Content, bool)) {
        self.database.write(|snapshot| {
            if let Some(document) = &mut snapshot.document
                && !document.tombstone
            {
                document.content = content;
                document.base.stamp = content;
                document.base.version += u8::from(counts);
                snapshot.ghost.touch(document.base.operation);
            }
        });
        self.foreign = (self.faults.failovers > 0).then_some((content, counts));
        self.is_foreign_undone = false;
    }
}

fn start(scenario: &Scenario) -> Snapshot {
    if !scenario.starts_created {
        return Snapshot::default();
    }
    let mut ghost = Ghost::default();
    ghost.record(FIRST, None, FIRST);
    Snapshot {
        document: Some(Document {
            base: Base {
                version: 1,
                operation: FIRST,
                stamp: FIRST,
            },
            content: FIRST,
            entries: Vec::new(),
            tombstone: false,
        }),
        log: vec![Entry {
            operation: FIRST,
            version: 1,
            previous: NONE,
            replaced: NONE,
            image: Image::None,
        }],
        ghost,
    }
}
