use std::fmt;
use std::sync::Arc;

use mongodb::bson::{Bson, oid::ObjectId};

use super::subject::IdText;

/// The audit log refuses an entry, and will again: it stays on its document, and blocks no other.
///
/// Remove the reason, then run `recover`, which brings it.
#[derive(Clone, Debug)]
pub struct EntryRefused {
    entry: ObjectId,
    collection: Arc<str>,
    document: Bson,
    reason: RefusalReason,
}

/// Why the audit log refuses an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusalReason {
    /// A unique index of the log, other than that of `_id`, has its values.
    Duplicate {
        /// The name of the index, as far as the server says.
        index: String,
    },
    /// The log has an entry of this id, which is about another document or another version.
    IdTaken,
    /// It is larger than what the server stores.
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// It cannot be written as BSON.
    NotBson,
    /// The server refuses it with this code: 121 is the validator of the log.
    Code(i32),
}

impl EntryRefused {
    pub(crate) fn new(
        entry: ObjectId,
        collection: Arc<str>,
        document: Bson,
        reason: RefusalReason,
    ) -> Self {
        EntryRefused {
            entry,
            collection,
            document,
            reason,
        }
    }

    /// The id of the entry: that of its operation.
    #[must_use]
    pub fn entry(&self) -> ObjectId {
        self.entry
    }

    /// The collection of the document that carries it.
    #[must_use]
    pub fn collection(&self) -> &str {
        &self.collection
    }

    /// The id of the document that carries it.
    #[must_use]
    pub fn document(&self) -> &Bson {
        &self.document
    }

    /// Why the log refuses it.
    #[must_use]
    pub fn reason(&self) -> &RefusalReason {
        &self.reason
    }
}

impl fmt::Display for EntryRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the audit log refuses the entry {} of {} in `{}`, which carries it on: {}",
            self.entry,
            IdText(&self.document),
            self.collection,
            self.reason
        )
    }
}

impl std::error::Error for EntryRefused {}

impl fmt::Display for RefusalReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RefusalReason::Duplicate { index } => write!(
                f,
                "the unique index `{index}` of the log has its values already: drop that index, since a log needs none but that of `_id`, and run `recover`"
            ),
            RefusalReason::IdTaken => {
                f.write_str("the log has another entry under its id: find out who wrote that one, since monguard writes none twice")
            }
            RefusalReason::TooLarge { bytes } => {
                write!(f, "its {bytes} bytes are more than the server stores: `history` shows it from its document")
            }
            RefusalReason::NotBson => {
                f.write_str("it cannot be written as BSON, and stays on its document")
            }
            RefusalReason::Code(121) => {
                f.write_str("the validator of the log does not let it pass (code 121): change the validator, and run `recover`")
            }
            RefusalReason::Code(code) => write!(
                f,
                "the server does not take it (code {code}): remove the cause, and run `recover`"
            ),
        }
    }
}
