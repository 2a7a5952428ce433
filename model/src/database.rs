//! The server: one document, the log, and what a failover rolls back.

use crate::ghost::Ghost;
use crate::rules::Rule;
use crate::scenario::Scenario;

/// The id of an operation; 0 stands for none.
pub(crate) type Operation = u8;
/// What the document's fields are: the write that made them. Foreign writes have ids of their own.
pub(crate) type Content = u8;
/// A set of operations.
pub(crate) type Operations = u16;

/// The operation that a document has that no monguard wrote.
pub(crate) const NONE: Operation = 0;
/// From here on, ids are those of foreign writers.
pub(crate) const FOREIGN: Content = 200;

/// The set of one operation.
#[must_use]
pub(crate) fn only(operation: Operation) -> Operations {
    1 << operation
}

/// The set of the operations of entries.
#[must_use]
pub(crate) fn operations<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Operations {
    let of = entries.into_iter().map(|entry| only(entry.operation));
    of.fold(0, |all, one| all | one)
}

/// The state that a write is based on, or whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Base {
    /// `__v`
    pub(crate) version: u8,
    /// `__w`
    pub(crate) operation: Operation,
    /// `updatedAt`: every writer that plays by the rules stamps one of its own.
    pub(crate) stamp: Content,
}

/// The whole document that an entry shows: after a create, before a delete, which leaves the fields
/// be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Image {
    /// The entry shows none.
    None,
    /// It is the document itself, until somebody moves it past that version.
    Owed {
        /// The digest of what it is.
        digest: Content,
    },
    /// It is here.
    Put {
        /// The digest of what it should be.
        digest: Content,
        /// What it is.
        content: Content,
    },
    /// It is shown as not available.
    Missing,
}

/// One audit entry, carried or in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Entry {
    /// The operation, and so the entry's id.
    pub(crate) operation: Operation,
    /// `metadata.version`
    pub(crate) version: u8,
    /// `metadata.prev`: the operation that was replaced.
    pub(crate) previous: Operation,
    /// The old values that the entry shows.
    pub(crate) replaced: Content,
    /// The document that it shows.
    pub(crate) image: Image,
}

/// The document.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Document {
    /// The state that writes match.
    pub(crate) base: Base,
    /// The fields.
    pub(crate) content: Content,
    /// `__audit`, oldest first.
    pub(crate) entries: Vec<Entry>,
    /// Between the two steps of a hard delete.
    pub(crate) tombstone: bool,
}

/// One state of the database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Snapshot {
    /// The document, if there is one.
    pub(crate) document: Option<Document>,
    /// The log, sorted.
    pub(crate) log: Vec<Entry>,
    /// What really happened, which no process sees.
    pub(crate) ghost: Ghost,
}

impl Entry {
    /// The same as it is when the document is moved past its version, by whoever does.
    #[must_use]
    pub(crate) fn moved_past(self, content: Content) -> Entry {
        let image = match self.image {
            Image::Owed { digest } => Image::Put { digest, content },
            image => image,
        };
        Entry { image, ..self }
    }

    /// The same as its writer knows it.
    #[must_use]
    pub(crate) fn of_writer(self) -> Entry {
        match self.image {
            Image::Owed { digest } => self.moved_past(digest),
            _ => self,
        }
    }

    /// The same in the form of the log, from the document that carries it.
    #[must_use]
    pub(crate) fn for_the_log(self, scenario: &Scenario, document: &Document) -> Entry {
        let is_own = document.base.operation == self.operation;
        if is_own || !scenario.keeps(Rule::CheckDigest) {
            self.moved_past(document.content).checked(scenario)
        } else {
            self.checked(scenario)
        }
    }

    /// The same, with the image left out that is not what its digest says, or that nobody has put
    /// in.
    #[must_use]
    pub(crate) fn checked(self, scenario: &Scenario) -> Entry {
        let image = match self.image {
            Image::Owed { .. } => Image::Missing,
            Image::Put { digest, content }
                if digest != content && scenario.keeps(Rule::CheckDigest) =>
            {
                Image::Missing
            }
            image => image,
        };
        Entry { image, ..self }
    }
}

impl Snapshot {
    /// Whether the log has the entry of this operation.
    #[must_use]
    pub(crate) fn has_logged(&self, operation: Operation) -> bool {
        self.log.iter().any(|entry| entry.operation == operation)
    }

    /// Whether the log has the entries of all of these.
    #[must_use]
    pub(crate) fn has_logged_all(&self, due: Operations) -> bool {
        due & !operations(&self.log) == 0
    }

    /// Puts an entry into the log, if it is not there.
    pub(crate) fn insert(&mut self, entry: Entry) {
        if !self.has_logged(entry.operation) {
            self.log.push(entry);
            self.log.sort_unstable();
        }
    }

    /// Whether the document carries the entry of this operation.
    #[must_use]
    pub(crate) fn carries(&self, operation: Operation) -> bool {
        self.document
            .as_ref()
            .is_some_and(|document| document.carries(operation))
    }
}

impl Document {
    /// Whether it carries the entry of this operation.
    #[must_use]
    pub(crate) fn carries(&self, operation: Operation) -> bool {
        self.entries
            .iter()
            .any(|entry| entry.operation == operation)
    }
}

/// What is majority-committed, and what came after and may be rolled back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Database {
    /// The state that every failover keeps.
    pub(crate) committed: Snapshot,
    /// Later states, oldest first, one for each write since.
    pub(crate) tail: Vec<Snapshot>,
}

impl Database {
    /// The state that the primary shows.
    #[must_use]
    pub(crate) fn latest(&self) -> &Snapshot {
        self.tail.last().unwrap_or(&self.committed)
    }

    /// All states that there are, the committed one first.
    pub(crate) fn snapshots(&self) -> impl Iterator<Item = &Snapshot> {
        std::iter::once(&self.committed).chain(&self.tail)
    }

    /// The same, to change them.
    pub(crate) fn snapshots_mut(&mut self) -> impl Iterator<Item = &mut Snapshot> {
        std::iter::once(&mut self.committed).chain(&mut self.tail)
    }

    /// Whether a linearizable read can be answered: what it sees is committed.
    #[must_use]
    pub(crate) fn is_settled(&self) -> bool {
        self.tail.is_empty()
    }

    /// A write on the primary.
    pub(crate) fn write<T>(&mut self, change: impl FnOnce(&mut Snapshot) -> T) -> T {
        let mut next = self.latest().clone();
        let answer = change(&mut next);
        if next != *self.latest() {
            self.tail.push(next);
        }
        answer
    }

    /// The majority has the next write.
    pub(crate) fn commit(&mut self) {
        if !self.tail.is_empty() {
            self.committed = self.tail.remove(0);
        }
    }

    /// The majority has everything.
    pub(crate) fn commit_all(&mut self) {
        if let Some(last) = self.tail.pop() {
            self.committed = last;
            self.tail.clear();
        }
    }

    /// A new primary, which has what the majority has.
    pub(crate) fn fail_over(&mut self) {
        self.tail.clear();
    }
}
