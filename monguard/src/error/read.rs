use std::fmt;

use super::Subject;

/// A read was refused before it was sent.
#[derive(Clone, Debug)]
pub struct InvalidRead {
    // Boxed: this travels by value through many results.
    subject: Option<Box<Subject>>,
    path: String,
    reason: InvalidReadReason,
}

/// Why a read was refused before it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidReadReason {
    /// A field was selected that lies inside of one which the model reads in a way of its own.
    ReadAsAWhole,
    /// A key of a map that no document could have, or an element that only an update can tell.
    NoPlace,
    /// A page was to be sorted by what the model hides: its value would be in the cursor.
    HiddenSort,
    /// A page was to be sorted by a field that holds a list, in the collection or in a cursor.
    ListSort,
    /// A page was to be sorted under a collation: texts that it does not tell apart have no order.
    Collation,
    /// A page was to have no documents.
    EmptyPage,
    /// A stage of the pipeline writes: `$out` or `$merge`.
    WritingStage(String),
    /// A stage of the pipeline reads something else than the documents of the collection.
    ForeignStage(String),
    /// A stage would read what is soft-deleted, in a form that leaves no place for a condition.
    OpaqueStage(String),
    /// A read in a transaction was to have a read concern, or a server, of its own.
    TransactionDecides,
}

impl InvalidRead {
    pub(crate) fn new(path: impl Into<String>, reason: InvalidReadReason) -> Self {
        InvalidRead {
            subject: None,
            path: path.into(),
            reason,
        }
    }

    pub(crate) fn of(mut self, subject: Subject) -> Self {
        self.subject = Some(Box::new(subject));
        self
    }

    /// The collection that was meant.
    #[must_use]
    pub fn subject(&self) -> Option<&Subject> {
        self.subject.as_deref()
    }

    /// The stored path that was refused; empty where no path was.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &InvalidReadReason {
        &self.reason
    }
}

impl fmt::Display for InvalidRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("read")?;
        if let Some(subject) = &self.subject {
            write!(f, " of {subject}")?;
        }
        f.write_str(" refused: ")?;
        if !self.path.is_empty() {
            write!(f, "`{}` ", self.path)?;
        }
        self.reason.fmt(f)
    }
}

impl fmt::Display for InvalidReadReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InvalidReadReason::ReadAsAWhole => f.write_str(
                "lies inside of a field that the model reads in a way of its own: select that field as a whole",
            ),
            InvalidReadReason::NoPlace => f.write_str(
                "is nowhere in a document: its key has no BSON form, or it is an element for updates only",
            ),
            InvalidReadReason::HiddenSort => f.write_str(
                "is hidden by the model, and its value would be in the cursor: sort the page by another field",
            ),
            InvalidReadReason::ListSort => f.write_str(
                "holds a list, by which no two documents have one order: sort the page by another field",
            ),
            InvalidReadReason::Collation => f.write_str(
                "a page has no collation: texts that it does not tell apart would have no order",
            ),
            InvalidReadReason::EmptyPage => {
                f.write_str("a page of no documents: ask for at least one")
            }
            InvalidReadReason::WritingStage(stage) => write!(
                f,
                "stage `{stage}` writes, with no version checked and no entry made: use `driver_unchecked()` for it"
            ),
            InvalidReadReason::ForeignStage(stage) => write!(
                f,
                "stage `{stage}` does not read the documents of the collection: use `driver_unchecked()` for it"
            ),
            InvalidReadReason::OpaqueStage(stage) => write!(
                f,
                "stage `{stage}` would count what is soft-deleted: use `driver_unchecked()` for it"
            ),
            InvalidReadReason::TransactionDecides => f.write_str(
                "a read in a transaction has the transaction's read concern and is answered by the primary: give the read concern to `transaction`",
            ),
        }
    }
}

impl std::error::Error for InvalidRead {}

/// A cursor does not belong to the query that it was given to.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}cursor refused: {reason}", of(.subject.as_ref()))]
pub struct InvalidCursor {
    subject: Option<Subject>,
    reason: InvalidCursorReason,
}

/// Why a cursor was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidCursorReason {
    /// The text is no cursor: it was cut, changed, or is something else.
    Unreadable,
    /// It was made by a query of another collection, filter or sort.
    OtherQuery,
}

impl InvalidCursor {
    pub(crate) fn new(reason: InvalidCursorReason) -> Self {
        InvalidCursor {
            subject: None,
            reason,
        }
    }

    pub(crate) fn of(mut self, subject: Subject) -> Self {
        self.subject = Some(subject);
        self
    }

    /// The collection that was to be read, where the cursor was given to a query.
    #[must_use]
    pub fn subject(&self) -> Option<&Subject> {
        self.subject.as_ref()
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> InvalidCursorReason {
        self.reason
    }
}

fn of(subject: Option<&Subject>) -> String {
    subject.map_or_else(String::new, |subject| format!("page of {subject}: "))
}

impl fmt::Display for InvalidCursorReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            InvalidCursorReason::Unreadable => "it was cut or changed, or is no cursor",
            InvalidCursorReason::OtherQuery => {
                "it was made by a query of another collection, filter or sort; begin again at the first page"
            }
        })
    }
}
