use mongodb::bson::{Bson, doc};

use crate::document::names;
use crate::error::DuplicateKey;

/// What kind of write is made to an existing document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Update,
    /// An update of a document that may be soft-deleted, and stays as it is in that.
    UpdateAny,
    SoftDelete,
    Restore,
    /// The first step of a hard delete.
    Tombstone,
}

impl Kind {
    /// The operation, as traces and errors name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Update | Kind::UpdateAny => "update",
            Kind::SoftDelete => "delete",
            Kind::Restore => "restore",
            Kind::Tombstone => "hard_delete",
        }
    }

    /// Whether it stamps the document with the time of its deletion, and may be made again a moment
    /// later: see [`Kind::met_its_moment`].
    pub(crate) fn is_deletion(self) -> bool {
        match self {
            Kind::SoftDelete | Kind::Tombstone => true,
            Kind::Update | Kind::UpdateAny | Kind::Restore => false,
        }
    }

    /// Whether another document of the same values was deleted in the very millisecond that this
    /// deletion stamps: where they are unique among live documents, the time of the deletion tells
    /// the others apart.
    pub(crate) fn met_its_moment(self, error: &DuplicateKey) -> bool {
        let last = error.fields().last().map(String::as_str);
        self.is_deletion() && last == Some(names::DELETED_AT)
    }

    /// What this kind of write asks of the document beside its state: mostly that nobody has
    /// soft-deleted it, by means that leave the version as it was.
    pub(crate) fn liveness(self) -> Option<Bson> {
        match self {
            Kind::Update | Kind::SoftDelete => Some(Bson::Document(doc! { "$exists": false })),
            Kind::Restore => Some(Bson::Document(doc! { "$exists": true })),
            Kind::UpdateAny | Kind::Tombstone => None,
        }
    }

    pub(super) fn is_update(self) -> bool {
        match self {
            Kind::Update | Kind::UpdateAny => true,
            Kind::SoftDelete | Kind::Restore | Kind::Tombstone => false,
        }
    }
}
