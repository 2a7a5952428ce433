use proc_macro2::Span;

use crate::attr::Key;

/// The part that a field plays.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Role {
    Data,
    /// Identifies the request that created the document. Immutable.
    IdempotencyKey,
    /// Declared by the user to read it; written by monguard alone. The span is that of the key.
    Managed(Managed, Span),
}

/// A field of the document that monguard writes and a struct may declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Managed {
    Id,
    Version,
    CreatedAt,
    UpdatedAt,
    CreatedBy,
    UpdatedBy,
    DeletedAt,
    DeletedBy,
}

/// Each managed field with its key and the name of its variant in the runtime.
pub(crate) const MANAGED: [(Managed, Key, &str); 8] = [
    (Managed::Id, Key::Id, "Id"),
    (Managed::Version, Key::Version, "Version"),
    (Managed::CreatedAt, Key::CreatedAt, "CreatedAt"),
    (Managed::UpdatedAt, Key::UpdatedAt, "UpdatedAt"),
    (Managed::CreatedBy, Key::CreatedBy, "CreatedBy"),
    (Managed::UpdatedBy, Key::UpdatedBy, "UpdatedBy"),
    (Managed::DeletedAt, Key::DeletedAt, "DeletedAt"),
    (Managed::DeletedBy, Key::DeletedBy, "DeletedBy"),
];

/// The stored names that monguard owns at the top level of a document, each with the key that lets
/// a struct declare it.
pub(crate) const OWNED: [(&str, Option<Key>); 14] = [
    ("_id", Some(Key::Id)),
    ("__v", Some(Key::Version)),
    ("createdAt", Some(Key::CreatedAt)),
    ("updatedAt", Some(Key::UpdatedAt)),
    ("createdBy", Some(Key::CreatedBy)),
    ("updatedBy", Some(Key::UpdatedBy)),
    ("deletedAt", Some(Key::DeletedAt)),
    ("deletedBy", Some(Key::DeletedBy)),
    ("idempotentKey", Some(Key::IdempotencyKey)),
    ("idempotentHash", None),
    ("__w", None),
    ("__audit", None),
    ("__tombstone", None),
    ("__replaced", None),
];

/// The kind of version that a model has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VersionKind {
    Counter,
    Token,
}

impl VersionKind {
    /// The runtime's type.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            VersionKind::Counter => "Counter",
            VersionKind::Token => "Token",
        }
    }
}

impl Managed {
    pub(crate) fn key(self) -> Key {
        MANAGED
            .iter()
            .find(|(managed, ..)| *managed == self)
            .map_or(Key::Id, |(_, key, _)| *key)
    }

    /// The variant of the runtime's `ManagedField`.
    pub(crate) fn variant(self) -> &'static str {
        MANAGED
            .iter()
            .find(|(managed, ..)| *managed == self)
            .map_or("Id", |(.., variant)| variant)
    }

    /// The name that the field must be stored under. A version may have any name.
    pub(crate) fn stored_name(self) -> Option<&'static str> {
        let named = OWNED
            .iter()
            .find(|(_, key)| *key == Some(self.key()))
            .map(|(name, _)| *name);
        if self == Managed::Version {
            None
        } else {
            named
        }
    }
}
