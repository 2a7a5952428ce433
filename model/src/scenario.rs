//! What is searched: who does what, what may go wrong how often, and which rules are kept.

use crate::database::{Entry, Operation};
use crate::rules::{Mode, Rule};

/// What a writer sets out to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Intent {
    /// Create the document.
    Create,
    /// Write what it read.
    Update,
    /// Delete for good.
    HardDelete,
    /// Write every document, without reading it.
    UpdateMany,
}

/// How often each thing may go wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Faults {
    /// A writer dies, with what it knows.
    pub crashes: u8,
    /// A new primary takes over, without what is not majority-committed.
    pub failovers: u8,
    /// A writer gives up waiting. The command may be lost, or come late.
    pub losses: u8,
    /// The driver repeats a command whose answer it lost.
    pub repeats: u8,
    /// Another tool changes the document.
    pub foreign: u8,
    /// A writer sends a command again.
    pub resends: u8,
    /// The scan of an update of many documents meets a document twice.
    pub meets_twice: u8,
}

impl Faults {
    /// Nothing goes wrong.
    #[must_use]
    pub const fn none() -> Self {
        Faults {
            crashes: 0,
            failovers: 0,
            losses: 0,
            repeats: 0,
            foreign: 0,
            resends: 0,
            meets_twice: 0,
        }
    }
}

/// One search.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Where entries are.
    pub(crate) mode: Mode,
    /// What each writer does, one after the other.
    pub(crate) writers: Vec<Vec<Intent>>,
    /// How many processes sweep up after the others, and how often each looks.
    pub(crate) recoveries: Vec<u8>,
    /// Whether somebody reads the history.
    pub(crate) reads_history: bool,
    /// Whether the document is there at the start, written by an operation that is in the log.
    pub(crate) starts_created: bool,
    /// The operation whose entry another unique index of the log refuses.
    pub(crate) refused: Option<u8>,
    /// What may go wrong.
    pub(crate) faults: Faults,
    /// The rule that is left out.
    pub(crate) without: Option<Rule>,
}

impl Scenario {
    /// Writers that do this, in carried mode, where nothing goes wrong.
    #[must_use]
    pub fn of<const N: usize>(writers: [&[Intent]; N]) -> Self {
        Scenario {
            mode: Mode::Carried,
            writers: writers.iter().map(|intents| intents.to_vec()).collect(),
            recoveries: Vec::new(),
            reads_history: false,
            starts_created: true,
            refused: None,
            faults: Faults::default(),
            without: None,
        }
    }

    /// The same, where this may go wrong.
    #[must_use]
    pub fn with(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    /// The same, with entries in the log alone.
    #[must_use]
    pub fn after_write(mut self) -> Self {
        self.mode = Mode::AfterWrite;
        self
    }

    /// The same, from a database without the document.
    #[must_use]
    pub fn starting_empty(mut self) -> Self {
        self.starts_created = false;
        self
    }

    /// The same, with processes that sweep, each of which looks so often.
    #[must_use]
    pub fn sweeping<const N: usize>(mut self, looks: [u8; N]) -> Self {
        self.recoveries = looks.to_vec();
        self
    }

    /// The same, with somebody who reads the history.
    #[must_use]
    pub fn reading_history(mut self) -> Self {
        self.reads_history = true;
        self
    }

    /// The same, where the log refuses the entry of one operation for good.
    #[must_use]
    pub fn refusing(mut self, writer: usize, intent: usize) -> Self {
        self.refused = Some(Scenario::operation(writer, intent));
        self
    }

    /// The same without a rule.
    #[must_use]
    pub fn without(mut self, rule: Rule) -> Self {
        self.without = Some(rule);
        self
    }

    /// Whether the rule is kept.
    #[must_use]
    pub(crate) fn keeps(&self, rule: Rule) -> bool {
        self.without != Some(rule)
    }

    /// What a document carries after a write with this entry.
    #[must_use]
    pub(crate) fn carried(&self, entry: Entry) -> Vec<Entry> {
        match self.mode {
            Mode::Carried => vec![entry],
            Mode::AfterWrite => Vec::new(),
        }
    }

    /// The id of the `intent`-th operation of a writer. 1 is the one before the start.
    #[must_use]
    pub(crate) fn operation(writer: usize, intent: usize) -> Operation {
        u8::try_from(2 + writer * 4 + intent).unwrap_or(Operation::MAX)
    }
}
