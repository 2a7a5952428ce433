//! A history, played from the creation on.

use mongodb::bson::Document;
use monguard::AuditEntry;
use monguard::audit::EntryChange;

/// The document that the entries tell of. `shown`: a document as far as the log tells of it, for the
/// comparison with the image of a soft delete.
///
/// # Panics
/// If an entry does not follow from the one before, or is of another kind.
pub fn replayed<T>(history: &[AuditEntry<T>], shown: impl Fn(Document) -> Document) -> Document {
    let mut document = Document::new();
    for entry in history {
        document = match &entry.change {
            EntryChange::Created { after } => after.clone().unwrap(),
            EntryChange::Delta(delta) | EntryChange::RestoredDelta(delta) => {
                delta.replay(document).unwrap()
            }
            EntryChange::SoftDeleted { before } => {
                assert_eq!(shown(document), shown(before.clone().unwrap()));
                let mut deleted = before.clone().unwrap();
                deleted.insert("deletedAt", entry.timestamp);
                deleted.insert("deletedBy", entry.user.clone().unwrap());
                deleted
            }
            other => panic!("{other:?}"),
        };
    }
    document
}
