use mongodb::bson::{Bson, DateTime, Document, bson, doc, oid::ObjectId};

use super::{delta, restored, updated, written};
use crate::audit::{
    entry::{Action, DraftChange, EntryChange, RawEntry},
    models::SECRET,
};

fn read_back(change: DraftChange) -> EntryChange {
    RawEntry::from_document(written(change)).unwrap().change
}

#[test]
fn what_was_written_is_read_back() {
    let before = || doc! { "_id": 7, "a.b": 1 };
    let after = || doc! { "_id": 7, "a.b": 2 };
    let delta = delta(&before(), &after());
    let (b, a, changes) = (Some(before()), Some(after()), vec!["a.b".to_owned()]);

    let read = read_back(DraftChange::UpdatedDelta(delta.clone()));
    assert_eq!(read, EntryChange::Delta(delta.clone()));
    let read = read_back(DraftChange::RestoredDelta(delta.clone()));
    assert_eq!(read, EntryChange::RestoredDelta(delta));
    let read = read_back(DraftChange::Created {
        after: Some(after()),
    });
    assert_eq!(read, EntryChange::Created { after: a.clone() });
    let read = read_back(DraftChange::SoftDeleted {
        before: Some(before()),
    });
    assert_eq!(read, EntryChange::SoftDeleted { before: b.clone() });
    let read = read_back(DraftChange::HardDeleted {
        before: Some(before()),
    });
    assert_eq!(read, EntryChange::HardDeleted { before: b.clone() });
    let read = read_back(updated(before(), after(), &["a.b"]));
    let (before_image, after_image) = (b.clone(), a.clone());
    let full = EntryChange::Full {
        before: before_image,
        after: after_image,
        changes: changes.clone(),
    };
    assert_eq!(read, full);
    let read = read_back(restored(before(), after(), &["a.b"]));
    assert_eq!(
        read,
        EntryChange::Restored {
            before: b,
            after: a,
            changes
        }
    );
}

#[test]
fn who_when_and_which_version_are_read_back() {
    let entry = RawEntry::from_document(written(DraftChange::Created {
        after: Some(doc! {}),
    }))
    .unwrap();
    assert_eq!(entry.id, Bson::ObjectId(ObjectId::from_bytes([1; 12])));
    assert_eq!(
        (entry.collection.as_str(), entry.document_id),
        ("orders", bson!(7))
    );
    assert_eq!(
        (entry.action, entry.user),
        (Action::Create, Some(bson!("u")))
    );
    assert_eq!(entry.timestamp, DateTime::from_millis(5));
    assert_eq!(entry.trace_id.as_deref(), Some("t"));
    assert_eq!(entry.custom_data, Some(bson!({ "reason": "r" })));
    assert_eq!(
        (entry.version, entry.from),
        (Some(2.into()), Some(1.into()))
    );
    assert_eq!(entry.prev, Some(ObjectId::from_bytes([2; 12])));
    assert!(!entry.image_omitted);
}

/// An entry of TypeScript's with this action and metadata.
fn theirs(action: &str, metadata: Document) -> Document {
    doc! {
        "_id": ObjectId::from_bytes([1; 12]),
        "ref": { "collection": "orders", "id": 7 },
        "action": action,
        "userId": null,
        "timestamp": DateTime::from_millis(5),
        "metadata": metadata,
    }
}

fn read_theirs(action: &str, metadata: Document) -> EntryChange {
    RawEntry::from_document(theirs(action, metadata))
        .unwrap()
        .change
}

#[test]
fn creates_and_updates_of_typescript_are_read() {
    let image = || Some(doc! { "a": 1 });
    let read = read_theirs(
        "create",
        doc! { "after": { "a": 1 }, "storageMode": "full" },
    );
    assert_eq!(read, EntryChange::Created { after: image() });
    let read = read_theirs("create", doc! { "before": null, "after": null });
    assert_eq!(read, EntryChange::Created { after: None });

    // Before 0.11 there was no storage mode.
    let read = read_theirs(
        "update",
        doc! { "before": { "a": 1 }, "after": { "a": 1 }, "changes": ["a"] },
    );
    let changes = vec!["a".to_owned()];
    assert_eq!(
        read,
        EntryChange::Full {
            before: image(),
            after: image(),
            changes
        }
    );
    let read = read_theirs(
        "update",
        doc! { "before": null, "after": { "a": 1 }, "storageMode": "full" },
    );
    assert_eq!(
        read,
        EntryChange::Full {
            before: None,
            after: image(),
            changes: vec![]
        }
    );

    let delta = doc! { "r.buffer.11": { "old": 1, "new": 2 } };
    let read = read_theirs(
        "update",
        doc! { "deltaChanges": delta, "storageMode": "delta" },
    );
    assert!(matches!(read, EntryChange::Delta(delta) if delta.get("r").unwrap().unrecoverable));

    let many = doc! {
        "multiDocumentUpdate": true, "documentsModified": 3, "filter": { "a": { "$gt": 1 } }, "storageMode": "full",
    };
    let filter = Some(doc! { "a": { "$gt": 1 } });
    assert_eq!(
        read_theirs("update", many),
        EntryChange::ManyUpdated { filter, count: 3 }
    );
}

#[test]
fn deletes_and_manual_entries_of_typescript_are_read() {
    let image = || Some(doc! { "a": 1 });
    let read = read_theirs("delete", doc! { "softDelete": true, "before": { "a": 1 } });
    assert_eq!(read, EntryChange::SoftDeleted { before: image() });
    let read = read_theirs("delete", doc! { "hardDelete": true, "before": { "a": 1 } });
    assert_eq!(read, EntryChange::HardDeleted { before: image() });
    let read = read_theirs("delete", doc! { "before": { "a": 1 }, "after": null });
    assert_eq!(
        read,
        EntryChange::Other {
            before: image(),
            after: None
        }
    );
    let read = read_theirs("restore", doc! {});
    assert_eq!(
        read,
        EntryChange::Restored {
            before: None,
            after: None,
            changes: vec![]
        }
    );
    let read = read_theirs("custom", doc! { "after": { "a": 1 } });
    assert_eq!(
        read,
        EntryChange::Other {
            before: None,
            after: image()
        }
    );
}

#[test]
fn legacy_entries_and_foreign_versions_are_read() {
    let mut legacy = theirs(
        "update",
        doc! { "version": 3.0, "from": 2_i64, "prev": null },
    );
    legacy.remove("userId");
    legacy.insert("createdAt", DateTime::from_millis(5));
    let entry = RawEntry::from_document(legacy).unwrap();
    assert_eq!(
        (entry.user, entry.version, entry.from, entry.prev),
        (None, Some(3.into()), Some(2.into()), None)
    );
    let token = RawEntry::from_document(theirs("archived", doc! { "version": "token" })).unwrap();
    assert_eq!(
        (token.version, token.action),
        (None, Action::Custom("archived".to_owned()))
    );
}

#[test]
fn what_is_no_entry_is_an_error_that_names_it() {
    let broken = [
        (
            "ref",
            bson!(1),
            "`ref` should be a document, and is of type Int32",
        ),
        (
            "ref",
            bson!({ "id": SECRET }),
            "`ref.collection` should be a string, and is absent",
        ),
        (
            "ref",
            bson!({ "collection": "c" }),
            "`ref.id` should be an id, and is absent",
        ),
        (
            "action",
            bson!(null),
            "`action` should be a string, and is of type Null",
        ),
        (
            "timestamp",
            bson!(SECRET),
            "`timestamp` should be a date, and is of type String",
        ),
        (
            "metadata",
            bson!({ "deltaChanges": { "a.b": SECRET } }),
            "`metadata.deltaChanges.a.b` should be a document, and is of type String",
        ),
        (
            "metadata",
            bson!({ "changes": SECRET }),
            "`metadata.changes` should be a list of names, and is of type String",
        ),
    ];
    for (name, value, text) in broken {
        let mut entry = theirs("update", doc! {});
        entry.insert(name, value);
        let error = RawEntry::from_document(entry).unwrap_err();
        let expected = format!("audit entry `010101010101010101010101` cannot be read: {text}");
        assert_eq!(error.to_string(), expected);
        assert!(!format!("{error:?}").contains(SECRET));
    }
    assert!(RawEntry::from_document(doc! {}).is_err());
}
