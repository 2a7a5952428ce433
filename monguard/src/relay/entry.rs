use std::sync::Arc;

use mongodb::bson::{Bson, RawDocumentBuf, oid::ObjectId};

use crate::client::EntryKey;
use crate::document::stored_field;
use crate::error::{EntryRefused, RefusalReason};

/// An entry that is to be in the log. Never shown: it has values.
pub(crate) struct LogEntry {
    pub(crate) id: ObjectId,
    /// That of the document.
    pub(crate) collection: Arc<str>,
    /// The entry in the log's form.
    pub(crate) document: RawDocumentBuf,
}

impl LogEntry {
    /// Refuses what the log cannot hold.
    pub(super) fn fitting(self, most_bytes: usize) -> Result<Self, Box<EntryRefused>> {
        match self.bytes() {
            bytes if bytes > most_bytes => {
                Err(Box::new(self.refused(RefusalReason::TooLarge { bytes })))
            }
            _ => Ok(self),
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.document.as_bytes().len()
    }

    pub(super) fn key(&self) -> EntryKey {
        EntryKey::of(&self.document)
    }

    pub(super) fn refused(&self, reason: RefusalReason) -> EntryRefused {
        let reference = self.document.get_document("ref").ok();
        let about = reference.and_then(|reference| stored_field(reference, "id"));
        let about = about.unwrap_or(Bson::Null);
        EntryRefused::new(self.id, self.collection.clone(), about, reason)
    }
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;

    use super::*;

    fn entry(text: &str) -> LogEntry {
        let id = ObjectId::new();
        let document = doc! { "_id": id, "ref": { "collection": "orders", "id": 7 }, "text": text };
        LogEntry {
            id,
            collection: "orders".into(),
            document: RawDocumentBuf::try_from(&document).unwrap(),
        }
    }

    #[test]
    fn what_the_server_cannot_store_is_refused_before_it_is_sent() {
        let large = entry(&"x".repeat(1000)).fitting(900).err().unwrap();
        assert!(matches!(large.reason(), RefusalReason::TooLarge { bytes } if *bytes > 1000));
        assert_eq!(large.document(), &Bson::Int32(7));
        assert!(entry("x").fitting(900).is_ok());
    }
}
