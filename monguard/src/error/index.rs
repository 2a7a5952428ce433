use super::Subject;
use crate::index::{ConflictingIndex, EnsuredIndexes, Hazard};

/// An index that the operation relies on is not there.
#[derive(Debug, thiserror::Error)]
#[error(
    "create of {subject} refused: no unique index on `{field}` makes its {} hold; run `ensure_indexes` once, for instance when the service starts", key_text(*.key)
)]
pub struct MissingIndex {
    subject: Subject,
    field: String,
    key: UniqueKey,
}

/// What a create is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UniqueKey {
    /// The model's idempotency key.
    Idempotency,
    /// A field that the model declares unique.
    Field,
}

fn key_text(key: UniqueKey) -> &'static str {
    match key {
        UniqueKey::Idempotency => "idempotency key",
        UniqueKey::Field => "key",
    }
}

impl MissingIndex {
    pub(crate) fn new(subject: Subject, field: String, key: UniqueKey) -> Self {
        MissingIndex {
            subject,
            field,
            key,
        }
    }

    /// The collection that lacks the index.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The stored name of the field that needs the index.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }
}

/// An index of the model cannot be made beside one that is there. Nothing was dropped; what did
/// not conflict was made.
#[derive(Debug, thiserror::Error)]
#[error("{first}{}", others_text(.report))]
pub struct IndexConflict {
    first: ConflictingIndex,
    report: EnsuredIndexes,
}

fn others_text(report: &EnsuredIndexes) -> String {
    match report.conflicts.len() {
        0 | 1 => String::new(),
        more => format!("; and {} more conflicts", more - 1),
    }
}

impl IndexConflict {
    pub(crate) fn new(first: ConflictingIndex, report: EnsuredIndexes) -> Self {
        IndexConflict { first, report }
    }

    /// The collection.
    #[must_use]
    pub fn collection(&self) -> &str {
        self.first.collection()
    }

    /// The name of the first index that was to be made and could not be.
    #[must_use]
    pub fn name(&self) -> &str {
        self.first.name()
    }

    /// The name of the index that is in its way.
    #[must_use]
    pub fn existing(&self) -> &str {
        self.first.existing()
    }

    /// What was made and found nevertheless, and every conflict.
    #[must_use]
    pub fn report(&self) -> &EnsuredIndexes {
        &self.report
    }
}

/// Something about a collection would take entries from the audit, or keep writes from being made.
/// Nothing was changed but that the indexes were made that are not a part of it.
#[derive(Debug, thiserror::Error)]
#[error("{first}{}", more_text(.report))]
pub struct AuditAtRisk {
    first: Hazard,
    report: EnsuredIndexes,
}

fn more_text(report: &EnsuredIndexes) -> String {
    match report.hazards.len() {
        0 | 1 => String::new(),
        more => format!("; and {} more", more - 1),
    }
}

impl AuditAtRisk {
    pub(crate) fn new(first: Hazard, report: EnsuredIndexes) -> Self {
        AuditAtRisk { first, report }
    }

    /// The first of what was found; the report has all.
    #[must_use]
    pub fn hazard(&self) -> &Hazard {
        &self.first
    }

    /// What was made and found nevertheless, every hazard, and every conflict.
    #[must_use]
    pub fn report(&self) -> &EnsuredIndexes {
        &self.report
    }
}

/// The server refused to make an index of the model: stored documents may share a value that is to
/// be unique, or it may not take the filter of a partial index. The others were made.
#[derive(Debug, thiserror::Error)]
#[error("the server refused to make index `{name}` of `{collection}`{}", code_text(*.code))]
pub struct IndexRefused {
    pub(crate) collection: String,
    pub(crate) name: String,
    pub(crate) code: Option<i32>,
    pub(crate) report: EnsuredIndexes,
    #[source]
    pub(crate) cause: Box<super::Error>,
}

fn code_text(code: Option<i32>) -> String {
    /// `DuplicateKey`.
    const DUPLICATE: i32 = 11000;
    match code {
        Some(DUPLICATE) => {
            ": documents that are stored have the same value; make them differ, and try again"
                .to_owned()
        }
        Some(code) => format!(" (code {code})"),
        None => String::new(),
    }
}

impl IndexRefused {
    /// The collection.
    #[must_use]
    pub fn collection(&self) -> &str {
        &self.collection
    }

    /// The name of the index.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The server's error code; 11000 where stored documents share a value.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        self.code
    }

    /// What was made and found nevertheless, and everything that was refused.
    #[must_use]
    pub fn report(&self) -> &EnsuredIndexes {
        &self.report
    }
}
