//! The audit log.

use mongodb::bson::{Bson, DateTime, Document, bson, doc, oid::ObjectId};
use monguard::Version;
use monguard::audit::{Action, EntryChange};
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};
use monguard_tests::models::{Profile, Tally};

use super::stage::{collection, entries, in_full, raw, stored};

/// One life of a document, by a writer with everything that an entry can say. Returns its id and
/// what was stored after each of the first four writes.
async fn live(db: &TestDb, tallies: &Collection<Tally>) -> (ObjectId, Vec<Document>) {
    let desk = tallies
        .by("cs-1")
        .trace("req-1")
        .custom_data(doc! { "why": "test" });
    let mut images = Vec::new();
    let created = desk.create(Tally { total: 1 }).await.unwrap();
    let id = created.id();
    images.push(stored(db, "tallies", id).await);
    let updated = desk.update(&created).set(|t| t.total, 2).await.unwrap();
    images.push(stored(db, "tallies", id).await);
    let deleted = desk.delete(&updated).await.unwrap();
    images.push(stored(db, "tallies", id).await);
    let restored = desk.restore(&deleted).await.unwrap();
    images.push(stored(db, "tallies", id).await);
    desk.hard_delete(&restored).await.unwrap();
    (id, images)
}

/// A stored document as an image shows it: all but monguard's bookkeeping.
fn image(stored: &Document) -> Document {
    let mut image = stored.clone();
    image.remove("__w");
    image
}

/// Documents without the order of their keys, which the server may change.
fn sorted(document: &Document) -> Document {
    let mut keys: Vec<_> = document.iter().collect();
    keys.sort_by_key(|(key, _)| key.as_str());
    let sorted = keys.into_iter().map(|(key, value)| match value {
        Bson::Document(inside) => (key.clone(), Bson::Document(sorted(inside))),
        other => (key.clone(), other.clone()),
    });
    sorted.collect()
}

/// The entry that a write should have, but for its id, time and change.
fn expected(
    id: ObjectId,
    (action, version): (&str, i32),
    (written, replaced): (Option<&Document>, Option<&Document>),
    entry: &Document,
    change: Document,
) -> Document {
    let mut metadata = change;
    metadata.insert("customData", doc! { "why": "test" });
    let mode = if metadata.contains_key("deltaChanges") {
        "delta"
    } else {
        "full"
    };
    metadata.insert("storageMode", mode);
    metadata.insert("version", version);
    if let Some(replaced) = replaced {
        metadata.insert("from", version - 1);
        metadata.insert("prev", replaced.get_object_id("__w").unwrap());
    }
    // The entry's id is that of the operation; of a removed document nothing is left to say it.
    let operation = written.and_then(|stored| stored.get("__w"));
    let at = written.and_then(|stored| stored.get("updatedAt"));
    doc! {
        "_id": operation.or(entry.get("_id")).unwrap().clone(),
        "ref": { "collection": "tallies", "id": id },
        "action": action,
        "userId": "cs-1",
        "timestamp": at.or(entry.get("timestamp")).unwrap().clone(),
        "metadata": metadata,
        "traceId": "req-1",
    }
}

fn assert_entries(log: &[Document], id: ObjectId, images: &[Document], changes: [Document; 5]) {
    let actions = [
        ("create", 1),
        ("update", 2),
        ("delete", 3),
        ("restore", 4),
        ("delete", 5),
    ];
    assert_eq!(log.len(), 5);
    for (index, (change, action)) in changes.into_iter().zip(actions).enumerate() {
        let replaced = index.checked_sub(1).map(|index| &images[index]);
        let entry = &log[index];
        let expected = expected(id, action, (images.get(index), replaced), entry, change);
        assert_eq!(sorted(entry), sorted(&expected), "{action:?}");
        let keys: Vec<_> = entry.keys().map(String::as_str).collect();
        let order = [
            "_id",
            "ref",
            "action",
            "userId",
            "timestamp",
            "metadata",
            "traceId",
        ];
        assert_eq!(keys, order);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_as_deltas_are_as_the_format_says() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let (id, images) = live(&db, &tallies).await;
    let deleted = &images[2];
    let restored = doc! { "deletedAt": { "old": deleted.get("deletedAt").unwrap() },
    "deletedBy": { "old": "cs-1" } };
    let changes = [
        doc! { "after": image(&images[0]) },
        doc! { "deltaChanges": { "total": { "old": 1_i64, "new": 2_i64 } } },
        doc! { "softDelete": true, "before": image(&images[1]) },
        doc! { "deltaChanges": restored },
        doc! { "hardDelete": true, "before": image(&images[3]) },
    ];
    assert_entries(&entries(&db).await, id, &images, changes);
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_in_full_are_as_the_format_says() {
    let db = TestDb::new().await;
    let tallies = in_full::<Tally>(&db).await;
    let (id, images) = live(&db, &tallies).await;
    let log = entries(&db).await;
    let names = |index: usize| {
        let metadata = log[index].get_document("metadata").unwrap();
        metadata.get_array("changes").unwrap().clone()
    };
    // The names of what changed, without the stamps; their order is that of the documents.
    assert_eq!(names(1), ["total".into(), "__v".into()]);
    let mut restored = names(3);
    restored.sort_by_key(ToString::to_string);
    assert_eq!(
        restored,
        ["__v".into(), "deletedAt".into(), "deletedBy".into()]
    );
    let both = |index: usize| {
        doc! { "before": image(&images[index - 1]), "after": image(&images[index]),
        "changes": names(index) }
    };
    let changes = [
        doc! { "after": image(&images[0]) },
        both(1),
        doc! { "softDelete": true, "before": image(&images[1]) },
        both(3),
        doc! { "hardDelete": true, "before": image(&images[3]) },
    ];
    assert_entries(&log, id, &images, changes);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_of_a_create_ends_with_the_id() {
    let db = TestDb::new().await;
    let desk = collection::<Tally>(&db).await.by("desk");
    desk.create(Tally::default()).await.unwrap();
    let log = entries(&db).await;
    let after = log[0]
        .get_document("metadata")
        .unwrap()
        .get_document("after");
    assert_eq!(after.unwrap().keys().last().unwrap(), "_id");
    assert!(!log[0].contains_key("traceId"));
    assert!(
        !log[0]
            .get_document("metadata")
            .unwrap()
            .contains_key("customData")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_the_log_may_not_show_has_an_entry_all_the_same() {
    let db = TestDb::new().await;
    let profiles = collection::<Profile>(&db).await;
    let desk = profiles.by("desk");
    let created = desk.create(Profile::named("n")).await.unwrap();
    let skipped = desk.update(&created).inc(|p| p.visits, 1).await.unwrap();
    let redacted = desk
        .update(&skipped)
        .set(|p| p.pin, "secret")
        .await
        .unwrap();
    assert_eq!((redacted.visits, redacted.version()), (1, 3.into()));
    let log = entries(&db).await;
    let delta = |index: usize| {
        let metadata = log[index].get_document("metadata").unwrap();
        metadata.get_document("deltaChanges").unwrap().clone()
    };
    assert_eq!(delta(1), doc! {});
    let marker = doc! { "redacted": true };
    assert_eq!(delta(2), doc! { "pin": { "old": &marker, "new": &marker } });
    let after = log[0]
        .get_document("metadata")
        .unwrap()
        .get_document("after");
    let after = after.unwrap();
    assert!(!after.contains_key("visits"));
    assert_eq!(after.get_document("pin").unwrap(), &marker);
    let history = profiles.history(created.id()).await.unwrap();
    let EntryChange::Delta(delta) = &history[1].change else {
        panic!("{:?}", history[1])
    };
    assert!(delta.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn actors_of_every_kind_are_stored_and_logged_as_they_are() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    for actor in [
        Bson::ObjectId(ObjectId::new()),
        Bson::Int64(7),
        bson!({ "id": 7, "realm": "staff" }),
        Bson::String("u-1".to_owned()),
        Bson::Binary(mongodb::bson::Binary {
            subtype: mongodb::bson::spec::BinarySubtype::Uuid,
            bytes: vec![1; 16],
        }),
    ] {
        let desk = tallies.by(actor.clone());
        let created = desk.create(Tally::default()).await.unwrap();
        let deleted = desk.delete(&created).await.unwrap();
        let document = stored(&db, "tallies", created.id()).await;
        for name in ["createdBy", "updatedBy", "deletedBy"] {
            assert_eq!(document.get(name), Some(&actor), "{name}");
        }
        desk.restore(&deleted).await.unwrap();
        let history = tallies.history(created.id()).await.unwrap();
        assert!(
            history
                .iter()
                .all(|entry| entry.user.as_ref() == Some(&actor))
        );
    }
    let system = tallies.by_system("nightly-close");
    let created = system.create(Tally::default()).await.unwrap();
    let history = tallies.history(created.id()).await.unwrap();
    assert_eq!(history[0].user, Some("system:nightly-close".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_of_typescript_stand_where_their_time_puts_them_and_are_marked() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let desk = tallies.by("desk");
    let id = ObjectId::new();
    let at = DateTime::from_millis(1_700_000_000_000);
    let later = DateTime::from_millis(1_700_000_001_000);
    let typescript = |action: &str, at: DateTime, metadata: Document| {
        doc! { "ref": { "collection": "tallies", "id": id }, "action": action, "userId": "ts",
        "timestamp": at, "metadata": metadata }
    };
    let after = doc! { "total": 1, "__v": 1, "_id": id };
    let log = [
        typescript(
            "update",
            later,
            doc! { "deltaChanges": { "total": { "old": 1, "new": 2 } },
            "storageMode": "delta" },
        ),
        typescript("create", at, doc! { "after": after, "storageMode": "full" }),
    ];
    raw(&db, "audit_logs").insert_many(log).await.unwrap();
    let document = doc! { "_id": id, "total": 2, "__v": 2, "updatedAt": later };
    raw(&db, "tallies").insert_one(document).await.unwrap();
    let written = desk.update_latest(id).inc(|t| t.total, 1).await.unwrap();
    desk.delete(&written).await.unwrap();

    let history = tallies.history(id).await.unwrap();
    let seen: Vec<_> = history
        .iter()
        .map(|entry| {
            let number = entry.version.and_then(Version::as_i64);
            (entry.action.clone(), number, entry.is_unversioned())
        })
        .collect();
    let expected = [
        (Action::Create, None, true),
        (Action::Update, None, true),
        (Action::Update, Some(3), false),
        (Action::Delete, Some(4), false),
    ];
    assert_eq!(seen, expected);
    // What monguard's first write replaced is not in the log under a version.
    assert!(!history[2].is_linked() && history[3].is_linked());
    let change = history[1].changed(|t| t.total).unwrap().unwrap();
    assert_eq!((change.old, change.new), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_is_that_of_one_document_of_one_collection() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let desk = tallies.by("desk");
    let one = desk.create(Tally::default()).await.unwrap();
    desk.create(Tally::default()).await.unwrap();
    let foreign = doc! { "ref": { "collection": "others", "id": one.id() }, "action": "create",
    "userId": null, "timestamp": DateTime::now(), "metadata": { "after": {} } };
    raw(&db, "audit_logs").insert_one(foreign).await.unwrap();
    assert_eq!(tallies.history(one.id()).await.unwrap().len(), 1);

    let broken = doc! { "ref": { "collection": "tallies", "id": one.id() }, "action": 7 };
    raw(&db, "audit_logs").insert_one(broken).await.unwrap();
    let history = tallies.history(one.id()).await;
    assert!(
        matches!(history, Err(Error::UnreadableEntry(_))),
        "{history:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_kept_where_the_guard_was_told() {
    let db = TestDb::new().await;
    let builder = after_write(db.database().clone());
    let monguard = builder.audit_collection("trail").build().await.unwrap();
    let tallies = monguard.collection::<Tally>();
    let ensured = tallies.ensure_indexes().await.unwrap();
    assert_eq!(ensured.made, ["trail.monguard_history"]);
    let created = tallies.by("desk").create(Tally::default()).await.unwrap();
    assert_eq!(raw(&db, "trail").count_documents(doc! {}).await.unwrap(), 1);
    assert!(entries(&db).await.is_empty());
    assert_eq!(tallies.history(created.id()).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn data_and_log_are_written_with_majority_and_journal_whatever_the_client_says() {
    let db = TestDb::new().await;
    let one = mongodb::options::WriteConcern::nodes(1);
    let weak = db
        .connect()
        .options(|options| options.write_concern = Some(one));
    let weak = weak.open().await;
    let monguard = after_write(weak.database().clone()).build().await;
    let desk = monguard.unwrap().collection::<Tally>().by("desk");
    let created = desk.create(Tally::default()).await.unwrap();
    let updated = desk.update(&created).inc(|t| t.total, 1).await.unwrap();
    desk.hard_delete(&updated).await.unwrap();

    let mut writes = weak.commands().named("findAndModify");
    writes.extend(weak.commands().named("insert"));
    assert_eq!(writes.len(), 7);
    for write in writes {
        let concern = write.body.get_document("writeConcern").unwrap();
        assert_eq!(
            concern,
            &doc! { "w": "majority", "j": true },
            "{}",
            write.body
        );
        if write.name == "findAndModify" {
            assert!(write.body.contains_key("maxTimeMS"), "{}", write.body);
        }
    }
}
