use mongodb::bson::{Bson, DateTime, Document, bson, doc, oid::ObjectId};
use proptest::prelude::*;

use super::{Action, DraftChange, EntryChange, EntryDraft, EntryLimits, RawEntry};
use crate::{
    audit::{
        delta::{Delta, DeltaOptions},
        mask,
        models::{ACCOUNT, OPEN, SECRET, account},
    },
    value::{Measure, arbitrary},
};

fn draft(change: DraftChange) -> EntryDraft {
    EntryDraft {
        id: ObjectId::from_bytes([1; 12]),
        collection: "orders".to_owned(),
        document_id: bson!(7),
        user: Some(bson!("u")),
        timestamp: DateTime::from_millis(5),
        trace_id: Some("t".to_owned()),
        custom_data: Some(bson!({ "reason": "r" })),
        version: 2,
        from: Some(1),
        prev: Some(ObjectId::from_bytes([2; 12])),
        change,
    }
}

fn written(change: DraftChange) -> Document {
    draft(change).into_document(EntryLimits::default()).unwrap()
}

fn delta(before: &Document, after: &Document) -> Delta {
    Delta::between(&OPEN, before, after, DeltaOptions::default())
}

fn keys(document: &Document) -> Vec<&str> {
    document.keys().map(String::as_str).collect()
}

#[test]
fn entries_have_their_keys_in_order() {
    let (before, after) = (doc! { "_id": 7, "a": 1 }, doc! { "_id": 7, "a": 2 });
    let changes = vec!["a".to_owned()];
    let full = || (before.clone(), after.clone(), changes.clone());
    let cases: [(DraftChange, &str, &[&str]); 7] = [
        (
            DraftChange::Created {
                after: after.clone(),
            },
            "create",
            &["after"],
        ),
        (
            {
                let (before, after, changes) = full();
                DraftChange::Updated {
                    before,
                    after,
                    changes,
                }
            },
            "update",
            &["before", "after", "changes"],
        ),
        (
            DraftChange::UpdatedDelta(delta(&before, &after)),
            "update",
            &["deltaChanges"],
        ),
        (
            DraftChange::SoftDeleted {
                before: before.clone(),
            },
            "delete",
            &["softDelete", "before"],
        ),
        (
            DraftChange::HardDeleted {
                before: before.clone(),
            },
            "delete",
            &["hardDelete", "before"],
        ),
        (
            {
                let (before, after, changes) = full();
                DraftChange::Restored {
                    before,
                    after,
                    changes,
                }
            },
            "restore",
            &["before", "after", "changes"],
        ),
        (
            DraftChange::RestoredDelta(delta(&before, &after)),
            "restore",
            &["deltaChanges"],
        ),
    ];
    for (change, action, first) in cases {
        let entry = written(change);
        assert_eq!(
            keys(&entry),
            [
                "_id",
                "ref",
                "action",
                "userId",
                "timestamp",
                "metadata",
                "traceId"
            ]
        );
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
}

#[test]
fn what_is_not_there_is_left_out_and_no_user_is_null() {
    let mut first = draft(DraftChange::Created {
        after: doc! { "_id": 7, "a": 1 },
    });
    (
        first.user,
        first.trace_id,
        first.custom_data,
        first.from,
        first.prev,
    ) = (None, Some(String::new()), None, None, None);
    first.version = 1;
    let expected = doc! {
        "_id": ObjectId::from_bytes([1; 12]), "ref": { "collection": "orders", "id": 7 }, "action": "create", "userId": null,
        "timestamp": DateTime::from_millis(5),
        "metadata": { "after": { "a": 1, "_id": 7 }, "storageMode": "full", "version": 1 },
    };
    let entry = first.into_document(EntryLimits::default()).unwrap();
    assert_eq!(format!("{entry:?}"), format!("{expected:?}"));
}

#[test]
fn what_was_written_is_read_back() {
    let (before, after) = (doc! { "_id": 7, "a.b": 1 }, doc! { "_id": 7, "a.b": 2 });
    let delta = delta(&before, &after);
    let changes = vec!["a.b".to_owned()];
    let read = |change| RawEntry::from_document(written(change)).unwrap();
    let entry = read(DraftChange::UpdatedDelta(delta.clone()));
    assert_eq!(entry.change, EntryChange::Delta(delta.clone()));
    assert_eq!(
        (entry.version, entry.from, entry.prev),
        (Some(2), Some(1), Some(ObjectId::from_bytes([2; 12])))
    );
    assert_eq!(
        (entry.user, entry.trace_id.as_deref(), entry.custom_data),
        (Some(bson!("u")), Some("t"), Some(bson!({ "reason": "r" })))
    );
    assert_eq!(
        (entry.collection.as_str(), entry.document_id, entry.action),
        ("orders", bson!(7), Action::Update)
    );
    assert_eq!(
        read(DraftChange::RestoredDelta(delta.clone())).change,
        EntryChange::RestoredDelta(delta)
    );
    let (b, a) = (Some(before.clone()), Some(after.clone()));
    assert_eq!(
        read(DraftChange::Created {
            after: after.clone()
        })
        .change,
        EntryChange::Created { after: a.clone() }
    );
    assert_eq!(
        read(DraftChange::SoftDeleted {
            before: before.clone()
        })
        .change,
        EntryChange::SoftDeleted { before: b.clone() }
    );
    assert_eq!(
        read(DraftChange::HardDeleted {
            before: before.clone()
        })
        .change,
        EntryChange::HardDeleted { before: b.clone() }
    );
    let full = DraftChange::Updated {
        before: before.clone(),
        after: after.clone(),
        changes: changes.clone(),
    };
    assert_eq!(
        read(full).change,
        EntryChange::Full {
            before: b.clone(),
            after: a.clone(),
            changes: changes.clone()
        }
    );
    let restored = DraftChange::Restored {
        before,
        after,
        changes: changes.clone(),
    };
    assert_eq!(
        read(restored).change,
        EntryChange::Restored {
            before: b,
            after: a,
            changes
        }
    );
}

/// An entry of TypeScript's with this action and metadata.
fn theirs(action: &str, metadata: Document) -> Document {
    doc! {
        "_id": ObjectId::from_bytes([1; 12]), "ref": { "collection": "orders", "id": 7 }, "action": action, "userId": null,
        "timestamp": DateTime::from_millis(5), "metadata": metadata,
    }
}

#[test]
fn every_form_of_typescript_is_read() {
    let read = |action, metadata| {
        RawEntry::from_document(theirs(action, metadata))
            .unwrap()
            .change
    };
    let image = || Some(doc! { "a": 1 });
    let delta = doc! { "r.buffer.11": { "old": 1, "new": 2 } };
    assert_eq!(
        read(
            "create",
            doc! { "after": { "a": 1 }, "storageMode": "full" }
        ),
        EntryChange::Created { after: image() }
    );
    assert_eq!(
        read("create", doc! { "before": null, "after": null }),
        EntryChange::Created { after: None }
    );
    let changes = vec!["a".to_owned()];
    assert_eq!(
        read(
            "update",
            doc! { "before": { "a": 1 }, "after": { "a": 1 }, "changes": ["a"] }
        ),
        EntryChange::Full {
            before: image(),
            after: image(),
            changes
        },
    );
    assert_eq!(
        read(
            "update",
            doc! { "before": null, "after": { "a": 1 }, "storageMode": "full" }
        ),
        EntryChange::Full {
            before: None,
            after: image(),
            changes: vec![]
        },
    );
    let EntryChange::Delta(delta) = read(
        "update",
        doc! { "deltaChanges": delta, "storageMode": "delta" },
    ) else {
        panic!("no delta");
    };
    assert!(delta.get("r").unwrap().unrecoverable);
    let many = doc! { "multiDocumentUpdate": true, "documentsModified": 3, "filter": { "a": { "$gt": 1 } }, "storageMode": "full" };
    assert_eq!(
        read("update", many),
        EntryChange::ManyUpdated {
            filter: Some(doc! { "a": { "$gt": 1 } }),
            count: 3
        }
    );
    assert_eq!(
        read("delete", doc! { "softDelete": true, "before": { "a": 1 } }),
        EntryChange::SoftDeleted { before: image() }
    );
    assert_eq!(
        read("delete", doc! { "hardDelete": true, "before": { "a": 1 } }),
        EntryChange::HardDeleted { before: image() }
    );
    assert_eq!(
        read("delete", doc! { "before": { "a": 1 } }),
        EntryChange::Other {
            before: image(),
            after: None
        }
    );
    assert_eq!(
        read("restore", doc! {}),
        EntryChange::Restored {
            before: None,
            after: None,
            changes: vec![]
        }
    );
    assert_eq!(
        read("custom", doc! { "after": { "a": 1 } }),
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
        (None, Some(3), Some(2), None)
    );
    let token = RawEntry::from_document(theirs("archived", doc! { "version": "token" })).unwrap();
    assert_eq!(
        (token.version, token.action),
        (None, Action::Custom("archived".to_owned()))
    );
}

#[test]
fn what_is_no_entry_is_an_error_that_names_it() {
    let broken: [(&str, Bson, &str); 7] = [
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

#[test]
fn an_image_that_is_too_large_is_left_out_and_marked() {
    let large = |n: usize| doc! { "_id": 7, "text": "x".repeat(n) };
    let limits = EntryLimits {
        bytes: 1000,
        depth: 100,
    };
    let fit = |change| draft(change).into_document(limits).unwrap();
    let both = fit(DraftChange::Updated {
        before: large(2000),
        after: large(3000),
        changes: vec!["text".to_owned()],
    });
    let rest = [
        "changes",
        "customData",
        "storageMode",
        "version",
        "from",
        "prev",
        "imageOmitted",
    ];
    assert_eq!(keys(both.get_document("metadata").unwrap()), rest);
    let one = fit(DraftChange::Updated {
        before: large(100),
        after: large(3000),
        changes: vec![],
    });
    assert!(one.get_document("metadata").unwrap().contains_key("before"));
    assert!(Measure::of_document(&one).bytes <= 1000);
    assert!(RawEntry::from_document(one).unwrap().image_omitted);
    let created =
        RawEntry::from_document(fit(DraftChange::Created { after: large(1000) })).unwrap();
    assert_eq!(created.change, EntryChange::Created { after: None });
    let mut custom = draft(DraftChange::Created { after: doc! {} });
    custom.custom_data = Some(bson!("x".repeat(1000)));
    let error = custom.into_document(limits).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("is too large for the log (1000 bytes, 100 levels)"),
        "{error}"
    );
}

#[test]
fn the_largest_values_of_a_delta_make_room() {
    let limits = EntryLimits {
        bytes: 1000,
        depth: 100,
    };
    let before = doc! { "a": "x".repeat(700), "b": "x".repeat(400), "c": 1 };
    let entry = draft(DraftChange::UpdatedDelta(delta(&before, &doc! { "c": 2 })))
        .into_document(limits)
        .unwrap();
    let changes = entry
        .get_document("metadata")
        .unwrap()
        .get_document("deltaChanges")
        .unwrap();
    let expected = doc! { "a": { "old": { "omitted": true } }, "b": { "old": "x".repeat(400) }, "c": { "old": 1, "new": 2 } };
    assert_eq!(changes, &expected);
    let many: Document = (0..100)
        .map(|i| (format!("name-{i}"), Bson::Int32(1)))
        .collect();
    let entry = draft(DraftChange::UpdatedDelta(delta(&many, &doc! {})))
        .into_document(limits)
        .unwrap();
    let changes = entry
        .get_document("metadata")
        .unwrap()
        .get_document("deltaChanges")
        .unwrap();
    assert_eq!(keys(changes), [""]);
}

#[test]
fn an_image_that_is_too_deep_is_left_out() {
    let deep = |levels: usize| (0..levels).fold(doc! {}, |inner, _| doc! { "d": inner });
    let created = |levels| {
        RawEntry::from_document(written(DraftChange::Created {
            after: deep(levels),
        }))
        .unwrap()
    };
    assert!(!created(97).image_omitted);
    assert!(created(98).image_omitted);
    let entry = written(DraftChange::UpdatedDelta(delta(&doc! {}, &deep(99))));
    assert_eq!(Measure::of_document(&entry).depth, 5);
}

proptest! {
    #[test]
    fn an_entry_is_never_larger_than_its_limit_and_always_read(
        before in arbitrary::document(4), after in arbitrary::document(4), bytes in 420_usize..700, depth in 6_usize..9,
    ) {
        let limits = EntryLimits { bytes, depth };
        let delta = delta(&before, &after);
        let full = DraftChange::Updated { before: before.clone(), after, changes: vec![] };
        for change in [DraftChange::HardDeleted { before }, full, DraftChange::UpdatedDelta(delta)] {
            let entry = draft(change).into_document(limits).unwrap();
            let measure = Measure::of_document(&entry);
            prop_assert!(measure.bytes <= bytes && measure.depth <= depth, "{:?} {}", measure, entry);
            prop_assert!(RawEntry::from_document(entry).is_ok());
        }
    }

    #[test]
    fn no_secret_shows_in_an_entry(before in account(), after in account()) {
        let image = |document: &Document| mask::image(&ACCOUNT, document);
        let changes = crate::audit::delta::changed_names(&ACCOUNT, &before, &after);
        let full = DraftChange::Updated { before: image(&before), after: image(&after), changes };
        let delta = DraftChange::UpdatedDelta(Delta::between(&ACCOUNT, &before, &after, DeltaOptions::default()));
        for change in [full, delta, DraftChange::SoftDeleted { before: image(&before) }] {
            let entry = written(change);
            let read = RawEntry::from_document(entry.clone()).unwrap();
            for text in [format!("{entry:?}"), format!("{read:?}"), String::from_utf8_lossy(&entry.to_vec().unwrap()).into_owned()] {
                prop_assert!(!text.contains(SECRET), "{}", text);
            }
        }
    }
}
