use std::fmt;

use super::Hazard;

/// What [`Collection::ensure_indexes`](crate::Collection::ensure_indexes) made and found: names of
/// indexes, with their collections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EnsuredIndexes {
    /// Indexes that were made now.
    pub made: Vec<String>,
    /// Indexes that were there.
    pub found: Vec<String>,
    /// Indexes that could not be made beside what is there.
    pub conflicts: Vec<ConflictingIndex>,
    /// Indexes that the server refused to make.
    pub refused: Vec<String>,
    /// Indexes that are there and that nothing here asks for. They are left as they are.
    pub others: Vec<String>,
    /// What would take entries from the audit, or keep writes from being made. An index of the model
    /// that would is not made.
    pub hazards: Vec<Hazard>,
}

/// What [`Collection::ensure_indexes`](crate::Collection::ensure_indexes) would do: names of
/// indexes, with their collections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexPlan {
    /// Indexes that are missing, and would be made.
    pub missing: Vec<String>,
    /// Indexes that are there.
    pub found: Vec<String>,
    /// Indexes that cannot be made beside what is there.
    pub conflicts: Vec<ConflictingIndex>,
    /// Indexes that are there and that nothing here asks for.
    pub others: Vec<String>,
    /// What would take entries from the audit, or keep writes from being made.
    pub hazards: Vec<Hazard>,
}

impl IndexPlan {
    /// Whether every index is there and nothing is in the way, so that nothing would be done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.missing.is_empty() && self.conflicts.is_empty() && self.hazards.is_empty()
    }
}

/// An index that cannot be made, because one is there under its name or on its fields, and is not
/// the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConflictingIndex {
    pub(crate) collection: String,
    pub(crate) name: String,
    pub(crate) existing: String,
    pub(crate) differences: Vec<String>,
}

impl ConflictingIndex {
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

    /// In what that one differs, a sentence each, without values of documents.
    #[must_use]
    pub fn differences(&self) -> &[String] {
        &self.differences
    }
}

impl fmt::Display for ConflictingIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ConflictingIndex {
            collection,
            name,
            existing,
            differences,
        } = self;
        write!(
            f,
            "index `{name}` of `{collection}` cannot be made: `{existing}` is there with other keys or options"
        )?;
        if !differences.is_empty() {
            write!(f, " ({})", differences.join(", "))?;
        }
        f.write_str("; drop that one, or rename it")
    }
}
