//! The stored names that monguard owns. They are those of the TypeScript monguard; `__w`,
//! `__audit`, `__tombstone`, `idempotentHash` and `idempotentKey` are ours alone.

/// The document's id.
pub(crate) const ID: &str = "_id";
/// The version, unless the model declares it under another name.
pub(crate) const VERSION: &str = "__v";
/// The id of the last monguard operation.
pub(crate) const OPERATION: &str = "__w";
/// The entries that a document carries.
pub(crate) const AUDIT: &str = "__audit";
/// Marks a document between the two steps of a hard delete.
pub(crate) const TOMBSTONE: &str = "__tombstone";
/// The fingerprint of the request that created the document.
pub(crate) const IDEMPOTENT_HASH: &str = "idempotentHash";
/// The idempotency key of a create that was given one.
pub(crate) const IDEMPOTENT_KEY: &str = "idempotentKey";
pub(crate) const CREATED_AT: &str = "createdAt";
pub(crate) const UPDATED_AT: &str = "updatedAt";
pub(crate) const DELETED_AT: &str = "deletedAt";
pub(crate) const CREATED_BY: &str = "createdBy";
pub(crate) const UPDATED_BY: &str = "updatedBy";
pub(crate) const DELETED_BY: &str = "deletedBy";

const OWNED: [&str; 13] = [
    ID,
    VERSION,
    OPERATION,
    AUDIT,
    TOMBSTONE,
    IDEMPOTENT_HASH,
    IDEMPOTENT_KEY,
    CREATED_AT,
    UPDATED_AT,
    DELETED_AT,
    CREATED_BY,
    UPDATED_BY,
    DELETED_BY,
];

/// Whether monguard alone writes the top-level field `name` of a document.
pub(crate) fn is_owned(name: &str, version_field: &str) -> bool {
    name == version_field || OWNED.contains(&name)
}
