//! A writer: from what it sets out to do to what it reports.

use super::relay::Relay;
use super::verdict::{DocumentSeen, LogSeen};
use crate::command::{Answer, Command};
use crate::database::{Base, Operation};

/// What a caller was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Report {
    /// Of which operation.
    pub(crate) operation: Operation,
    /// Whether it was said to have landed; else it was said not to have, and never to.
    pub(crate) landed: bool,
}

/// A command that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Sent {
    /// What is sent each time.
    pub(crate) command: Command,
    /// The answer of the server, which is not here yet.
    pub(crate) answer: Option<Answer>,
    /// An answer was lost.
    pub(crate) lost: bool,
    /// Nothing that was sent can take effect any more.
    pub(crate) over: bool,
}

/// How far a writer is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    /// The next intent is still to begin, if there is one.
    #[default]
    Idle,
    /// It waits for an answer.
    Waiting(Sent),
    /// It looks at the document and the log.
    Settling {
        /// What it wants to know the outcome of.
        sent: Sent,
        /// What it has seen of the document, if anything yet.
        document: Option<DocumentSeen>,
        /// What it has seen of the log, if anything yet.
        log: Option<LogSeen>,
    },
    /// It waits for the log to have all entries of its tombstone.
    Removing(Base),
    /// It is dead.
    Crashed,
}

/// A writer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Writer {
    /// The number of the intent that it is at.
    pub(crate) intent: usize,
    /// How far it is with that.
    pub(crate) step: Step,
    /// What copies its entries to the log.
    pub(crate) relay: Relay,
    /// What it has told its caller.
    pub(crate) reports: Vec<Report>,
}

impl Sent {
    /// A command on its way for the first time.
    #[must_use]
    pub(crate) fn new(command: Command) -> Self {
        Sent {
            command,
            answer: None,
            lost: false,
            over: false,
        }
    }
}

impl Step {
    /// The outcome is to be found out.
    #[must_use]
    pub(crate) fn settling(sent: Sent) -> Self {
        Step::Settling {
            sent: Sent {
                answer: None,
                ..sent
            },
            document: None,
            log: None,
        }
    }
}

impl Writer {
    /// Tells the caller, and goes on to the next intent.
    pub(crate) fn report(&mut self, operation: Operation, landed: bool) {
        self.reports.push(Report { operation, landed });
        self.go_on();
    }

    /// Goes on to the next intent, whatever the caller is told.
    pub(crate) fn go_on(&mut self) {
        self.intent += 1;
        self.step = Step::Idle;
    }

    /// Dies. What it has told stays told.
    pub(crate) fn crash(&mut self) {
        self.step = Step::Crashed;
        self.relay = Relay::default();
    }
}
