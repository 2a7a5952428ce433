use mongodb::bson::{DateTime, doc, oid::ObjectId};

use super::{delta, draft, keys, restored, updated, written};
use crate::audit::entry::{DraftChange, EntryLimits};

fn check(change: DraftChange, action: &str, first: &[&str]) {
    let entry = written(change);
    let order = [
        "_id",
        "ref",
        "action",
        "userId",
        "timestamp",
        "metadata",
        "traceId",
    ];
    assert_eq!(keys(&entry), order);
    assert_eq!(entry.get_str("action").unwrap(), action);
    let metadata = entry.get_document("metadata").unwrap();
    let rest = ["customData", "storageMode", "version", "from", "prev"];
    assert_eq!(keys(metadata), [first, &rest[..]].concat());
    let mode = if first == ["deltaChanges"] {
        "delta"
    } else {
        "full"
    };
    assert_eq!(metadata.get_str("storageMode").unwrap(), mode);
}

#[test]
fn entries_have_their_keys_in_order() {
    let before = || doc! { "_id": 7, "a": 1 };
    let after = || doc! { "_id": 7, "a": 2 };
    let delta = || delta(&before(), &after());
    let images = ["before", "after", "changes"];
    check(
        DraftChange::Created {
            after: Some(after()),
        },
        "create",
        &["after"],
    );
    check(updated(before(), after(), &["a"]), "update", &images);
    check(
        DraftChange::UpdatedDelta(delta()),
        "update",
        &["deltaChanges"],
    );
    check(
        DraftChange::SoftDeleted {
            before: Some(before()),
        },
        "delete",
        &["softDelete", "before"],
    );
    check(
        DraftChange::HardDeleted {
            before: Some(before()),
        },
        "delete",
        &["hardDelete", "before"],
    );
    check(restored(before(), after(), &["a"]), "restore", &images);
    check(
        DraftChange::RestoredDelta(delta()),
        "restore",
        &["deltaChanges"],
    );
}

#[test]
fn what_is_not_there_is_left_out_and_no_user_is_null() {
    let mut first = draft(DraftChange::Created {
        after: Some(doc! { "_id": 7, "a": 1 }),
    });
    (first.user, first.custom_data, first.from, first.prev) = (None, None, None, None);
    (first.trace_id, first.version) = (Some(String::new()), 1.into());
    let expected = doc! {
        "_id": ObjectId::from_bytes([1; 12]),
        "ref": { "collection": "orders", "id": 7 },
        "action": "create",
        "userId": null,
        "timestamp": DateTime::from_millis(5),
        "metadata": { "after": { "a": 1, "_id": 7 }, "storageMode": "full", "version": 1 },
    };
    let entry = first.into_document(EntryLimits::default()).unwrap();
    // As text: the order of keys counts, and so does the width of numbers.
    assert_eq!(format!("{entry:?}"), format!("{expected:?}"));
}

#[test]
fn a_version_grows_with_its_value() {
    let mut late = draft(DraftChange::HardDeleted {
        before: Some(doc! {}),
    });
    (late.version, late.from) = ((1 << 31).into(), Some(((1 << 31) - 1).into()));
    let entry = late.into_document(EntryLimits::default()).unwrap();
    let metadata = entry.get_document("metadata").unwrap();
    assert_eq!(metadata.get_i64("version").unwrap(), 1 << 31);
    assert_eq!(metadata.get_i32("from").unwrap(), i32::MAX);
}
