use std::sync::Arc;

use mongodb::bson::{Bson, Document, RawDocumentBuf, oid::ObjectId};

use crate::client::EntryKey;
use crate::document::stored_field;
use crate::error::{EntryRefused, RefusalReason};

/// An entry that is to be in the log.
#[derive(Clone, Debug)]
pub(crate) struct LogEntry {
    pub(crate) id: ObjectId,
    /// That of the document.
    pub(crate) collection: Arc<str>,
    /// The entry in the log's form.
    pub(crate) document: Arc<Document>,
}

/// The same, as it is sent. Never shown: it has values.
pub(super) struct Parcel {
    pub(super) id: ObjectId,
    pub(super) collection: Arc<str>,
    pub(super) document: RawDocumentBuf,
}

impl LogEntry {
    /// Packs it; what cannot be is refused.
    pub(super) fn pack(self, most_bytes: usize) -> Result<Parcel, Box<EntryRefused>> {
        let Ok(document) = RawDocumentBuf::try_from(&*self.document) else {
            let about = document_of(self.document.get("ref"));
            let reason = RefusalReason::NotBson;
            let refused = EntryRefused::new(self.id, self.collection, about, reason);
            return Err(Box::new(refused));
        };
        let parcel = Parcel {
            id: self.id,
            collection: self.collection,
            document,
        };
        match parcel.bytes() {
            bytes if bytes > most_bytes => {
                Err(Box::new(parcel.refused(RefusalReason::TooLarge { bytes })))
            }
            _ => Ok(parcel),
        }
    }
}

impl Parcel {
    pub(super) fn bytes(&self) -> usize {
        self.document.as_bytes().len()
    }

    pub(super) fn key(&self) -> EntryKey {
        EntryKey::of_raw(&self.document)
    }

    pub(super) fn refused(&self, reason: RefusalReason) -> EntryRefused {
        let reference = stored_field(&self.document, "ref");
        let about = document_of(reference.as_ref());
        EntryRefused::new(self.id, self.collection.clone(), about, reason)
    }
}

/// The id of the document that an entry is about.
fn document_of(reference: Option<&Bson>) -> Bson {
    let reference = reference.and_then(Bson::as_document);
    let id = reference.and_then(|reference| reference.get("id"));
    id.cloned().unwrap_or(Bson::Null)
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
            document: Arc::new(document),
        }
    }

    #[test]
    fn what_the_server_cannot_store_is_refused_before_it_is_sent() {
        let large = entry(&"x".repeat(1000)).pack(900).err().unwrap();
        assert!(matches!(large.reason(), RefusalReason::TooLarge { bytes } if *bytes > 1000));
        assert_eq!(large.document(), &Bson::Int32(7));
        let mut odd = entry("");
        Arc::make_mut(&mut odd.document).insert("a\0b", 1);
        let odd = odd.pack(900).err().unwrap();
        assert_eq!(odd.reason(), &RefusalReason::NotBson);
        assert_eq!(odd.document(), &Bson::Int32(7));
        assert!(entry("x").pack(900).is_ok());
    }
}
