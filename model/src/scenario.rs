//! What is searched: who does what, what may go wrong how often, and which rules are kept.

use crate::database::{Document, Operation};
use crate::rules::{Mode, Rule};

/// What a writer sets out to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Intent {
    /// Create the document.
    Create,
    /// Write what it read.
    Update,
    /// Mark what it read as deleted.
    SoftDelete,
    /// Delete for good.
    HardDelete,
    /// Write every document, without reading it.
    UpdateMany,
}

/// How often each thing may go wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Faults {
    /// A process dies, with what it knows. Without this, each may stop at any moment, but what it has
    /// sent to the log may always come.
    pub deaths: u8,
    /// A new primary takes over, without what is not majority-committed.
    pub failovers: u8,
    /// A writer does not hear an answer. The command may be lost, or come late.
    pub losses: u8,
    /// The driver repeats a command whose answer it lost.
    pub repeats: u8,
    /// Another tool changes the document, and counts its version up or not.
    pub foreign: u8,
    /// A writer sends a command again.
    pub resends: u8,
    /// The scan of an update of many documents meets a document once more.
    pub meets_twice: u8,
}

impl Faults {
    /// Nothing goes wrong.
    #[must_use]
    pub const fn none() -> Self {
        Faults {
            deaths: 0,
            failovers: 0,
            losses: 0,
            repeats: 0,
            foreign: 0,
            resends: 0,
            meets_twice: 0,
        }
    }
}

/// How an entry comes that comes after its write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coming {
    /// By another command.
    Apart,
    /// By the same, where the document was there already.
    Together,
}

/// One search.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Where the entries of each writer are.
    pub(crate) modes: Vec<Mode>,
    /// What each writer does, one after the other.
    pub(crate) writers: Vec<Vec<Intent>>,
    /// How many processes sweep up after the others, and how often each looks.
    pub(crate) recoveries: Vec<u8>,
    /// Whether somebody reads the history.
    pub(crate) reads_history: bool,
    /// Whether the document is there at the start, written by an operation that is in the log.
    pub(crate) starts_created: bool,
    /// How many entries a document may carry.
    pub(crate) limit: Option<usize>,
    /// The operation whose entry another unique index of the log refuses.
    pub(crate) refused: Option<Operation>,
    /// What may go wrong.
    pub(crate) faults: Faults,
    /// How an entry comes that comes after its write.
    pub(crate) entries_come: Coming,
    /// Whether states that go on alike are told apart.
    pub(crate) in_full: bool,
    /// The rule that is left out.
    pub(crate) without: Option<Rule>,
}

impl Scenario {
    /// Writers that do this, in carried mode, where nothing goes wrong.
    #[must_use]
    pub fn of<const N: usize>(writers: [&[Intent]; N]) -> Self {
        Scenario {
            modes: vec![Mode::Carried; N],
            writers: writers.iter().map(|intents| intents.to_vec()).collect(),
            recoveries: Vec::new(),
            reads_history: false,
            starts_created: true,
            limit: None,
            refused: None,
            faults: Faults::default(),
            entries_come: Coming::Apart,
            in_full: false,
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
    pub fn after_write(self) -> Self {
        let modes = vec![Mode::AfterWrite; self.modes.len()];
        Scenario { modes, ..self }
    }

    /// The same, with entries that come after their writes by the same command. The server may end
    /// in between: then they come as others do.
    #[must_use]
    pub fn together(self) -> Self {
        Scenario {
            entries_come: Coming::Together,
            ..self
        }
    }

    /// The same, with each writer in a mode of its own.
    #[must_use]
    pub fn mixing<const N: usize>(mut self, modes: [Mode; N]) -> Self {
        self.modes = modes.to_vec();
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

    /// The same, where a document carries so many entries at the most.
    #[must_use]
    pub fn carrying(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The same, where the log refuses the entry of one operation for good.
    #[must_use]
    pub fn refusing(mut self, writer: usize, intent: usize) -> Self {
        self.refused = Some(Scenario::operation(writer, intent));
        self
    }

    /// The same, where no two states are taken for one because they go on alike, and each write
    /// becomes majority-committed in a step of its own: to try that this makes no difference.
    #[must_use]
    pub fn in_full(mut self) -> Self {
        self.in_full = true;
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

    /// Whether a document may be written to.
    #[must_use]
    pub(crate) fn is_open(&self, document: &Document) -> bool {
        !document.tombstone || !self.keeps(Rule::TombstonesAreFinal)
    }

    /// Whether a document with so many entries can carry no other.
    #[must_use]
    pub(crate) fn is_full(&self, entries: usize) -> bool {
        self.limit.is_some_and(|limit| entries >= limit)
    }

    /// The id of the `intent`-th operation of a writer. 1 is the one before the start.
    #[must_use]
    pub(crate) fn operation(writer: usize, intent: usize) -> Operation {
        u8::try_from(2 + writer * 4 + intent).unwrap_or(Operation::MAX)
    }

    /// The writer, and which of its intents.
    fn place(operation: Operation) -> Option<(usize, usize)> {
        let place = usize::from(operation.checked_sub(2)?);
        Some((place / 4, place % 4))
    }

    /// Where the entry of an operation is. That of the one before the start is in the log.
    #[must_use]
    pub(crate) fn mode_of(&self, operation: Operation) -> Mode {
        let mode = Scenario::place(operation).and_then(|(writer, _)| self.modes.get(writer));
        mode.copied().unwrap_or(Mode::Carried)
    }

    /// Whether the operation is the last of a life.
    #[must_use]
    pub(crate) fn ends_a_life(&self, operation: Operation) -> bool {
        self.does(operation, Intent::HardDelete)
    }

    /// Whether this is what the operation does.
    #[must_use]
    pub(crate) fn does(&self, operation: Operation, intent: Intent) -> bool {
        let place = Scenario::place(operation);
        place.and_then(|(writer, index)| self.intent(writer, index)) == Some(intent)
    }

    /// The intent of a writer.
    #[must_use]
    pub(crate) fn intent(&self, writer: usize, intent: usize) -> Option<Intent> {
        self.writers.get(writer)?.get(intent).copied()
    }

    /// Whether nobody ever looks at which operation an entry in the log replaced.
    #[must_use]
    pub(crate) fn forgets_chains(&self) -> bool {
        !self.reads_history && !self.modes.contains(&Mode::AfterWrite)
    }

    /// The other orders of writers that nothing tells apart: which writer takes whose place.
    #[must_use]
    pub(crate) fn symmetries(&self) -> Vec<Vec<usize>> {
        let indices: Vec<usize> = (0..self.writers.len()).collect();
        let refused = self.refused.and_then(Scenario::place);
        let is_alike = |(from, to): (usize, &usize)| {
            self.writers.get(from) == self.writers.get(*to)
                && self.modes.get(from) == self.modes.get(*to)
                && (from == *to || refused.is_none_or(|(writer, _)| writer != from))
        };
        let all = orders(&indices).into_iter();
        all.filter(|order| {
            *order != indices && order.iter().enumerate().all(|(i, to)| is_alike((i, to)))
        })
        .collect()
    }
}

fn orders(of: &[usize]) -> Vec<Vec<usize>> {
    if of.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (index, first) in of.iter().enumerate() {
        let mut rest = of.to_vec();
        rest.remove(index);
        for mut order in orders(&rest) {
            order.insert(0, *first);
            all.push(order);
        }
    }
    all
}
