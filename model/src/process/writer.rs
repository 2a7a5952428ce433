//! A writer: from what it sets out to do to what it reports.

use super::relay::Relay;
use super::verdict::{DocumentSeen, LogSeen};
use crate::command::Command;
use crate::database::{Operation, Operations, only};

/// A command that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Sent {
    /// What is sent each time.
    pub(crate) command: Command,
    /// The write is made. The answer says so when the majority has it.
    pub(crate) made: bool,
    /// An answer was lost.
    pub(crate) lost: bool,
    /// Nothing that was sent can take effect any more.
    pub(crate) over: bool,
}

/// How far a writer is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
}

/// A writer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Writer {
    /// The number of the intent that it is at.
    pub(crate) intent: usize,
    /// How often the intent was sent as an update of many documents, if it is written singly now.
    pub(crate) singly: Option<u8>,
    /// How far it is with that.
    pub(crate) step: Step,
    /// What copies its entries to the log.
    pub(crate) relay: Relay,
    /// The operations of which it has told its caller that they have not landed, and never will.
    pub(crate) denied: Operations,
}

impl Sent {
    /// A command on its way for the first time.
    #[must_use]
    pub(crate) fn new(command: Command) -> Self {
        Sent {
            command,
            made: false,
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
                made: false,
                ..sent
            },
            document: None,
            log: None,
        }
    }

    /// What is waited for, or settled.
    #[must_use]
    pub(crate) fn sent(&self) -> Option<&Sent> {
        match self {
            Step::Waiting(sent) | Step::Settling { sent, .. } => Some(sent),
            Step::Idle => None,
        }
    }
}

impl Writer {
    /// Tells the caller that the write has not landed, and goes on to the next intent.
    pub(crate) fn deny(&mut self, operation: Operation) {
        self.denied |= only(operation);
        self.go_on();
    }

    /// Goes on to the next intent, whatever the caller is told.
    pub(crate) fn go_on(&mut self) {
        self.intent += 1;
        self.singly = None;
        self.step = Step::Idle;
    }
}
