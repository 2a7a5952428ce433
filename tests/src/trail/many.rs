//! Operations over many documents, each of which has an entry of its own.

use mongodb::bson::{Bson, oid::ObjectId};
use sha2::{Digest, Sha256};

/// The id of the entry that an operation over many documents has for one of them, whose id is a
/// text or an ObjectId: the first bytes of a digest over operation, collection and id.
pub(super) fn entry_of_many(operation: ObjectId, collection: &str, id: &Bson) -> Option<ObjectId> {
    let digest = Sha256::new().chain_update(operation.bytes());
    let digest = with_text(digest, collection);
    let digest = match id {
        Bson::String(text) => with_text(digest, text),
        Bson::ObjectId(id) => digest.chain_update([b'o']).chain_update(id.bytes()),
        _ => return None,
    };
    let mut id = [0; 12];
    let digest = digest.finalize();
    id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    Some(ObjectId::from_bytes(id))
}

fn with_text(digest: Sha256, text: &str) -> Sha256 {
    let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
    let digest = digest
        .chain_update([b's'])
        .chain_update(length.to_be_bytes());
    digest.chain_update(text.as_bytes())
}
