//! The stored names of the fields that monguard owns.

/// The document's id.
pub(crate) const ID: &str = "_id";
/// The version, unless the model gives it another name.
pub(crate) const VERSION: &str = "__v";
/// The id of the last operation of monguard on the document.
pub(crate) const OPERATION: &str = "__w";
/// The audit entries that the document carries.
pub(crate) const AUDIT: &str = "__audit";
/// True between the two steps of a hard delete.
pub(crate) const TOMBSTONE: &str = "__tombstone";
/// What a tombstone wrote over: the version, operation and stamps of the document before.
pub(crate) const REPLACED: &str = "__replaced";
/// The fingerprint of the request that created the document.
pub(crate) const IDEMPOTENT_HASH: &str = "idempotentHash";
/// The idempotency key of a create that brought its own.
pub(crate) const IDEMPOTENT_KEY: &str = "idempotentKey";
/// When the document was created.
pub(crate) const CREATED_AT: &str = "createdAt";
/// When the document was last written.
pub(crate) const UPDATED_AT: &str = "updatedAt";
/// Who created the document.
pub(crate) const CREATED_BY: &str = "createdBy";
/// Who last wrote the document.
pub(crate) const UPDATED_BY: &str = "updatedBy";
/// When the document was soft-deleted.
pub(crate) const DELETED_AT: &str = "deletedAt";
/// Who soft-deleted the document.
pub(crate) const DELETED_BY: &str = "deletedBy";

/// The fields that a tombstone writes over, in a model whose version is stored as `version_field`.
pub(crate) fn replaced_by_tombstone(version_field: &str) -> [&str; 6] {
    [
        version_field,
        OPERATION,
        UPDATED_AT,
        UPDATED_BY,
        DELETED_AT,
        DELETED_BY,
    ]
}

/// The top-level fields that a write of any kind looks at, or writes, beside where the document is
/// and what it carries.
pub(crate) fn of_every_write(version_field: &str) -> impl Iterator<Item = &str> {
    let replaced = replaced_by_tombstone(version_field);
    [TOMBSTONE, REPLACED].into_iter().chain(replaced)
}

/// Every name that monguard owns at the top level of a document, as far as models cannot choose it.
pub(crate) const OWNED: [&str; 14] = [
    ID,
    VERSION,
    OPERATION,
    AUDIT,
    TOMBSTONE,
    REPLACED,
    IDEMPOTENT_HASH,
    IDEMPOTENT_KEY,
    CREATED_AT,
    UPDATED_AT,
    CREATED_BY,
    UPDATED_BY,
    DELETED_AT,
    DELETED_BY,
];

/// What other systems call their lock version.
pub(crate) const LOOKS_LIKE_A_VERSION: [&str; 8] = [
    "version",
    "__v",
    "_v",
    "v",
    "rev",
    "revision",
    "row_version",
    "rowVersion",
];

/// Whether monguard alone writes the top-level field `name` of a model whose version is stored
/// as `version_field`.
pub(crate) fn is_owned(name: &str, version_field: &str) -> bool {
    name == version_field || (name != VERSION && OWNED.contains(&name))
}

/// Whether a delta leaves out the top-level field `name`.
///
/// `deletedAt` and `deletedBy` are not among them: that a document was restored is a change.
pub(crate) fn is_left_out_of_deltas(name: &str, version_field: &str) -> bool {
    name == version_field || is_bookkeeping(name) || is_stamp(name)
}

/// Whether an image in the log leaves out the top-level field `name`.
pub(crate) fn is_left_out_of_images(name: &str) -> bool {
    is_bookkeeping(name)
}

/// Fields that serve the protocol and say nothing about the document.
fn is_bookkeeping(name: &str) -> bool {
    matches!(
        name,
        OPERATION | AUDIT | TOMBSTONE | REPLACED | IDEMPOTENT_HASH
    )
}

/// Fields that follow from the entry itself.
fn is_stamp(name: &str) -> bool {
    matches!(name, CREATED_AT | UPDATED_AT | CREATED_BY | UPDATED_BY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_owned_under_the_name_that_the_model_gives_it() {
        assert!(is_owned("rowVersion", "rowVersion"));
        assert!(!is_owned(VERSION, "rowVersion"));
        assert!(is_left_out_of_deltas(VERSION, VERSION));
    }

    #[test]
    fn what_serves_the_protocol_is_owned() {
        for name in OWNED {
            assert!(is_owned(name, VERSION), "{name}");
        }
        for name in [OPERATION, AUDIT, TOMBSTONE, REPLACED, IDEMPOTENT_HASH] {
            assert!(is_bookkeeping(name) && OWNED.contains(&name), "{name}");
        }
        for name in [CREATED_AT, UPDATED_AT, CREATED_BY, UPDATED_BY] {
            assert!(is_stamp(name) && OWNED.contains(&name), "{name}");
        }
    }

    #[test]
    fn deletion_shows_in_deltas() {
        assert!(is_owned(DELETED_AT, VERSION));
        assert!(!is_left_out_of_deltas(DELETED_AT, VERSION));
    }

    #[test]
    fn images_hold_the_version_and_the_stamps() {
        for name in [VERSION, CREATED_AT, UPDATED_BY, ID] {
            assert!(!is_left_out_of_images(name), "{name}");
        }
        for name in [OPERATION, AUDIT, TOMBSTONE, REPLACED, IDEMPOTENT_HASH] {
            assert!(is_left_out_of_images(name), "{name}");
        }
    }
}
