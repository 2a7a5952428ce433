use mongodb::bson::{Bson, oid::ObjectId};
use sha2::{Digest, Sha256};

use crate::value::write_canonical;

/// The id of the entry that an operation over many documents has for one of them.
///
/// The operation's own id stands on each of its documents; the log needs one id for each entry.
pub(crate) fn entry_of_many(operation: ObjectId, collection: &str, document_id: &Bson) -> ObjectId {
    let mut canonical = Vec::new();
    write_canonical(&Bson::String(collection.to_owned()), &mut canonical);
    write_canonical(document_id, &mut canonical);
    let digest = Sha256::new()
        .chain_update(operation.bytes())
        .chain_update(canonical)
        .finalize();
    let mut id = [0; 12];
    id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    ObjectId::from_bytes(id)
}

#[cfg(test)]
mod tests {
    use mongodb::bson::bson;

    use super::*;

    #[test]
    fn each_document_of_an_operation_has_an_entry_of_its_own() {
        let operation = ObjectId::from_bytes([7; 12]);
        let id = entry_of_many(operation, "orders", &bson!(1));
        assert_eq!(id, entry_of_many(operation, "orders", &bson!(1.0)));
        assert_ne!(id, entry_of_many(operation, "orders", &bson!(2)));
        assert_ne!(id, entry_of_many(operation, "order", &bson!(1)));
        assert_ne!(
            id,
            entry_of_many(ObjectId::from_bytes([8; 12]), "orders", &bson!(1))
        );
    }
}
