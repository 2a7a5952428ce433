use mongodb::bson::Document;

use crate::client::Store;
use crate::relay::LogEntry;

/// What a document carries, as it concerns the log.
pub(super) struct Carried {
    pub(super) entries: Vec<LogEntry>,
    pub(super) foreign: Option<Foreign>,
}

/// What a document has in the place of entries, and is none of monguard's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Foreign {
    /// So many elements of `__audit`.
    Elements(usize),
    /// `__audit` as a whole.
    Field,
}

impl Foreign {
    pub(super) fn elements(self) -> Option<usize> {
        match self {
            Foreign::Elements(elements) => Some(elements),
            Foreign::Field => None,
        }
    }
}

impl Carried {
    pub(super) fn by(_store: &Store, _document: &Document) -> Self {
        Carried {
            entries: Vec::new(),
            foreign: Some(Foreign::Field),
        }
    }
}
