use mongodb::bson::Document;
use monguard::prelude::*;
use monguard_tests::models::Parcel;
use monguard_tests::proxy::WireCommand;

/// A command that the protocol sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sent {
    Create,
    Update,
    SoftDelete,
    Restore,
    Tombstone,
    Removal,
    /// The insert of entries.
    Entries,
    /// A read of the document, before the write.
    Read,
    /// A read of the document that settles.
    LinearizableRead,
    /// A read of the log that settles.
    LogRead,
    /// A look at the indexes.
    Indexes,
    Commit,
    Abort,
    Other,
}

impl Sent {
    pub(super) fn of(command: &WireCommand) -> Self {
        let body = &command.body;
        let is_on = |name: &str| command.collections.iter().any(|of| of == name);
        match command.name.as_str() {
            "findAndModify" => Self::of_write(body),
            "insert" if is_on("audit_logs") => Self::Entries,
            "find" if is_on("audit_logs") => Self::LogRead,
            "find" if is_on(Parcel::COLLECTION) => {
                let level = body.get_document("readConcern").ok();
                let level = level.and_then(|concern| concern.get_str("level").ok());
                match level {
                    Some("linearizable") => Self::LinearizableRead,
                    _ => Self::Read,
                }
            }
            "listIndexes" => Self::Indexes,
            "commitTransaction" => Self::Commit,
            "abortTransaction" => Self::Abort,
            _ => Self::Other,
        }
    }

    fn of_write(body: &Document) -> Self {
        let update = body.get_document("update").ok();
        let has = |operator: &str, name: &str| {
            let fields = update.and_then(|update| update.get_document(operator).ok());
            fields.is_some_and(|fields| fields.contains_key(name))
        };
        if body.get_bool("upsert").unwrap_or_default() {
            Self::Create
        } else if body.get_bool("remove").unwrap_or_default() {
            Self::Removal
        } else if has("$set", "__tombstone") {
            Self::Tombstone
        } else if has("$set", "deletedAt") {
            Self::SoftDelete
        } else if has("$unset", "deletedAt") {
            Self::Restore
        } else {
            Self::Update
        }
    }
}
