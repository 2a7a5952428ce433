//! What a write can be based on.

use mongodb::bson::{Uuid, doc, oid::ObjectId};
use monguard::prelude::*;
use monguard::{Revision, Version};
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Country, Device, Tally};
use serde_json::{Value, json};

use super::stage::{collection, raw};

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_document_is_written_in_one_round_trip_and_a_revision_in_two() {
    let db = TestDb::new().await;
    let desk = collection::<Tally>(&db).await.by("desk");
    let placed = desk.create(Tally::default()).await.unwrap();
    db.commands().clear();
    let second = desk.update(&placed).inc(|t| t.total, 1).await.unwrap();
    assert_eq!(db.commands().names(), ["findAndModify", "insert"]);
    db.commands().clear();
    let third = desk
        .update(second.revision())
        .inc(|t| t.total, 1)
        .await
        .unwrap();
    assert_eq!(db.commands().names(), ["find", "findAndModify", "insert"]);
    assert_eq!((third.total, third.version()), (2, 3.into()));
    db.commands().clear();
    let bare = Revision::<Tally>::from_version(third.id(), 3);
    let fourth = desk.update(bare).inc(|t| t.total, 1).await.unwrap();
    assert_eq!(db.commands().names(), ["find", "findAndModify", "insert"]);
    assert_eq!(fourth.version(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_is_the_whole_state_and_a_bare_version_is_not() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let desk = tallies.by("desk");
    let placed = desk.create(Tally::default()).await.unwrap();
    assert!(placed.revision().is_whole());
    let bare = Revision::<Tally>::from_version(placed.id(), 1);
    assert!(!bare.is_whole());
    // A foreign writer that stamps, and forgets the version.
    let update = doc! { "$set": { "total": 50, "updatedAt": "tomorrow" } };
    let filter = doc! { "_id": placed.id() };
    raw(&db, "tallies")
        .update_one(filter, update)
        .await
        .unwrap();
    for result in [
        desk.update(&placed).inc(|t| t.total, 1).await,
        desk.update(placed.revision()).inc(|t| t.total, 1).await,
    ] {
        let Err(Error::Conflict(conflict)) = result else {
            panic!("{result:?}")
        };
        assert_eq!(conflict.current_version(), Version::Number(1));
        assert_eq!(conflict.current::<Tally>().unwrap().total, 50);
    }
    let written = desk.update(&bare).inc(|t| t.total, 1).await.unwrap();
    assert_eq!((written.total, written.version()), (51, 2.into()));
    let stale = desk.update(&bare).inc(|t| t.total, 1).await;
    assert!(stale.is_err_and(|error| error.is_conflict()));
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_take_their_base_by_value_by_reference_and_as_created() {
    let db = TestDb::new().await;
    let desk = collection::<Tally>(&db).await.by("desk");
    let created = desk.create(Tally::default()).await.unwrap();
    let second = desk.update(&created).inc(|t| t.total, 1).await.unwrap();
    let third = desk.update(second).inc(|t| t.total, 1).await.unwrap();
    let fourth = desk.replace(third, Tally { total: 9 }).await.unwrap();
    let revision = fourth.revision().clone();
    let fifth = desk.delete(revision).await.unwrap();
    let sixth = desk.restore(&fifth).await.unwrap();
    assert_eq!((sixth.total, sixth.version()), (9, 6.into()));
    let other = desk.create(Tally::default()).await.unwrap();
    assert_eq!(
        desk.update(other)
            .inc(|t| t.total, 1)
            .await
            .unwrap()
            .version(),
        2
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_does_not_exist_is_not_found() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let desk = tallies.by("desk");
    let id = ObjectId::new();
    let base = || Revision::<Tally>::from_version(id, 1);
    let by_hand = Stored::from_parts(id, 1, Tally::default()).unwrap();
    for (call, result) in [
        desk.update(base()).inc(|t| t.total, 1).await.map(|_| ()),
        desk.update(&by_hand).inc(|t| t.total, 1).await.map(|_| ()),
        desk.update(&by_hand).set(|t| t.total, 0).await.map(|_| ()),
        desk.update_latest(id).inc(|t| t.total, 1).await.map(|_| ()),
        desk.modify(id, |_, update| update).await.map(|_| ()),
        desk.replace(base(), Tally::default()).await.map(|_| ()),
        desk.delete(base()).await.map(|_| ()),
        desk.delete(&by_hand).await.map(|_| ()),
        desk.restore(base()).await.map(|_| ()),
        desk.restore(&by_hand).await.map(|_| ()),
        desk.hard_delete(base()).await.map(|_| ()),
    ]
    .into_iter()
    .enumerate()
    {
        let Err(error @ Error::NotFound(_)) = result else {
            panic!("call {call}: {result:?}")
        };
        assert!(error.to_string().contains(&id.to_hex()), "{error}");
    }
    assert!(tallies.find_by_id(id).await.unwrap().is_none());
    assert!(tallies.history(id).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_document_serialises_as_the_model_and_with_metadata_on_request() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let desk = tallies.by(ObjectId::from_bytes([7; 12]));
    let placed = desk.create(Tally { total: 5 }).await.unwrap().into_stored();
    assert_eq!(
        serde_json::to_value(&placed).unwrap(),
        json!({ "total": 5 })
    );
    let deleted = tallies.by(42).delete(&placed).await.unwrap();
    let shown = serde_json::to_value(deleted.with_metadata()).unwrap();
    let at = |name: &str| shown.get(name).and_then(Value::as_str).unwrap().to_owned();
    let expected = json!({
        "total": 5, "id": placed.id().to_hex(), "version": 2,
        "createdAt": at("createdAt"), "updatedAt": at("updatedAt"), "deletedAt": at("deletedAt"),
        "createdBy": "07".repeat(12), "updatedBy": 42, "deletedBy": 42,
    });
    assert_eq!(shown, expected);
    assert!(at("createdAt").ends_with('Z') && at("deletedAt") == at("updatedAt"));
    let live = serde_json::to_value(placed.with_metadata()).unwrap();
    assert!(live.get("deletedAt").is_none() && live["version"] == 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_does_not_hide_what_the_model_declares() {
    let db = TestDb::new().await;
    let desk = collection::<Country>(&db).await.by("desk");
    let created = desk.create(Country::new("de", "Germany")).await.unwrap();
    let text = serde_json::to_string(&created.with_metadata()).unwrap();
    for name in [
        "createdAt",
        "updatedAt",
        "createdBy",
        "updatedBy",
        "rowVersion",
    ] {
        assert_eq!(text.matches(&format!("\"{name}\"")).count(), 1, "{text}");
    }
    let shown: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&shown["id"], &shown["version"]), (&json!("de"), &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_uuid_is_shown_as_people_write_it() {
    let db = TestDb::new().await;
    let id = Uuid::from_bytes([7; 16]);
    let actor = mongodb::bson::Binary::from(id);
    let desk = collection::<Device>(&db).await.by(actor);
    let text = "x".to_owned();
    let created = desk.create(Device { id, text }).await.unwrap();
    let shown = serde_json::to_value(created.with_metadata()).unwrap();
    let expected = json!("07070707-0707-0707-0707-070707070707");
    assert_eq!(
        (&shown["id"], &shown["createdBy"]),
        (&expected, &expected),
        "{shown}"
    );
}
