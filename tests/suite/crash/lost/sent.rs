use mongodb::bson::{Bson, Document};
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
            "findAndModify" => Self::of_write(body, "update"),
            "update" => Self::of_first(body, "updates", "u"),
            "bulkWrite" => Self::of_first(body, "ops", "updateMods"),
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

    /// Of the first part of a command that may have several.
    fn of_first(body: &Document, parts: &str, update: &str) -> Self {
        let mut parts = body.get_array(parts).into_iter().flatten();
        let write = parts.find_map(Bson::as_document);
        write.map_or(Self::Other, |write| Self::of_write(write, update))
    }

    /// `update`: where the write has its operators.
    fn of_write(body: &Document, update: &str) -> Self {
        let update = body.get_document(update).ok();
        let has = |operator: &str, name: &str| {
            let fields = update.and_then(|update| update.get_document(operator).ok());
            fields.is_some_and(|fields| fields.contains_key(name))
        };
        let is_change = has("$set", "__w");
        if body.get_bool("upsert").unwrap_or_default() && !is_change {
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
