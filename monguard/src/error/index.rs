use super::Subject;

/// An index that the operation relies on is not there.
#[derive(Debug, thiserror::Error)]
#[error(
    "create of {subject} refused: no unique index on `{field}` makes its idempotency key hold; run `ensure_indexes` once, for instance when the service starts"
)]
pub struct MissingIndex {
    subject: Subject,
    field: String,
}

impl MissingIndex {
    pub(crate) fn new(subject: Subject, field: String) -> Self {
        MissingIndex { subject, field }
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

/// An index of the model cannot be made beside one that is there. Nothing was dropped.
#[derive(Debug, thiserror::Error)]
#[error(
    "index `{name}` of `{collection}` cannot be made: `{existing}` is there with other keys or options; drop that one, or rename it"
)]
pub struct IndexConflict {
    pub(crate) collection: String,
    pub(crate) name: String,
    pub(crate) existing: String,
}

impl IndexConflict {
    /// The collection.
    #[must_use]
    pub fn collection(&self) -> &str {
        &self.collection
    }

    /// The name of the index that was to be made.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of the index that is in its way.
    #[must_use]
    pub fn existing(&self) -> &str {
        &self.existing
    }
}
