use std::fmt;

use mongodb::bson::{Bson, DateTime, Document, oid::ObjectId};

use crate::audit::delta::Delta;
use crate::document::Version;

/// One entry of the audit log, as it was read, whether monguard for Rust or for TypeScript wrote
/// it.
///
/// ```
/// use mongodb::bson::{doc, oid::ObjectId, DateTime};
/// use monguard::audit::{Action, EntryChange, RawEntry};
///
/// # fn main() -> Result<(), monguard::audit::UnreadableEntry> {
/// let entry = RawEntry::from_document(doc! {
///     "_id": ObjectId::new(),
///     "ref": { "collection": "orders", "id": 7 },
///     "action": "update",
///     "userId": "cs-001",
///     "timestamp": DateTime::now(),
///     "metadata": { "deltaChanges": { "amount": { "old": 1, "new": 2 } }, "storageMode": "delta" },
/// })?;
/// assert_eq!(entry.action, Action::Update);
/// assert!(matches!(entry.change, EntryChange::Delta(delta) if delta.get("amount").is_some()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RawEntry {
    /// The entry's own id.
    pub id: Bson,
    /// The collection of the document.
    pub collection: String,
    /// The document's id.
    pub document_id: Bson,
    /// What was done.
    pub action: Action,
    /// Who did it, if the log knows.
    pub user: Option<Bson>,
    /// When, by the writer's clock.
    pub timestamp: DateTime,
    /// What ties the entry to other work.
    pub trace_id: Option<String>,
    /// What the caller added.
    pub custom_data: Option<Bson>,
    /// The version that the write made. `None` in entries of TypeScript's.
    pub version: Option<Version>,
    /// The version that it replaced, if there was one.
    pub from: Option<Version>,
    /// The operation that it followed, if there was one.
    pub prev: Option<ObjectId>,
    /// Whether an image or a value was left out, because it was too large for the log.
    pub image_omitted: bool,
    /// What changed.
    pub change: EntryChange,
}

/// What was done to a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// It was created.
    Create,
    /// It was updated.
    Update,
    /// It was deleted, softly or for good.
    Delete,
    /// It was restored after a soft delete.
    Restore,
    /// What an application logged itself, under this name.
    Custom(String),
}

impl Action {
    /// The action's name in the log.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Restore => "restore",
            Self::Custom(name) => name,
        }
    }

    pub(super) fn named(name: &str) -> Self {
        match name {
            "create" => Self::Create,
            "update" => Self::Update,
            "delete" => Self::Delete,
            "restore" => Self::Restore,
            _ => Self::Custom(name.to_owned()),
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What an entry says of the change. An image is `None` where the entry has none: it was not
/// given, or too large for the log.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum EntryChange {
    /// The document was created.
    Created {
        /// The new document.
        after: Option<Document>,
    },
    /// The document was updated; the entry holds both images.
    Full {
        /// The document before.
        before: Option<Document>,
        /// The document after.
        after: Option<Document>,
        /// The top-level names that changed. Empty where the entry does not list them.
        changes: Vec<String>,
    },
    /// The document was updated; the entry holds the changed places.
    Delta(Delta),
    /// The document was soft-deleted.
    SoftDeleted {
        /// The document before.
        before: Option<Document>,
    },
    /// The document was removed.
    HardDeleted {
        /// The document before.
        before: Option<Document>,
    },
    /// The document was restored; the entry holds both images.
    Restored {
        /// The document before.
        before: Option<Document>,
        /// The document after.
        after: Option<Document>,
        /// The top-level names that changed. Empty where the entry does not list them.
        changes: Vec<String>,
    },
    /// The document was restored; the entry holds the changed places.
    RestoredDelta(Delta),
    /// Several documents were updated at once, by TypeScript's monguard. The entry names the
    /// first of them.
    ManyUpdated {
        /// The filter of the update.
        filter: Option<Document>,
        /// How many documents it modified.
        count: i64,
    },
    /// What an application logged itself.
    Other {
        /// A document before, if given.
        before: Option<Document>,
        /// A document after, if given.
        after: Option<Document>,
    },
}
