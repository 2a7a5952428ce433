//! Documents that other programs wrote.

use mongodb::bson::{Bson, DateTime, Document, doc, oid::ObjectId};
use monguard::prelude::*;
use monguard::{Revision, Version};
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Address, Contact, Profile, Tally, Ticket};

use super::stage::{Contents, collection, entries, raw, stored};

async fn insert(db: &TestDb, name: &str, mut document: Document) -> ObjectId {
    let id = ObjectId::new();
    document.insert("_id", id);
    raw(db, name).insert_one(document).await.unwrap();
    id
}

/// The filter of the last write.
fn last_filter(db: &TestDb) -> Document {
    let writes = db.commands().named("findAndModify");
    let query = writes.last().unwrap().body.get_document("query");
    query.unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_write_to_a_document_without_a_version_matches_its_absence_and_makes_it_one() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let id = insert(&db, "tallies", doc! { "total": 1 }).await;
    let found = tallies.find_by_id(id).await.unwrap().unwrap();
    assert!(found.version().is_absent());
    let desk = tallies.by("desk");
    let written = desk.update(&found).set(|t| t.total, 2);
    assert_eq!(written.await.unwrap().version(), 1);

    let filter = last_filter(&db);
    for name in ["__v", "__w", "updatedAt"] {
        let absent = doc! { "$exists": false };
        assert_eq!(filter.get_document(name).unwrap(), &absent, "{name}");
    }
    let metadata = entries(&db).await[0]
        .get_document("metadata")
        .unwrap()
        .clone();
    assert_eq!(metadata.get_i32("version").unwrap(), 1);
    assert!(!metadata.contains_key("from") && !metadata.contains_key("prev"));

    let stale = tallies.by("desk").update(&found).set(|t| t.total, 3).await;
    let Err(Error::Conflict(conflict)) = stale else {
        panic!("{stale:?}")
    };
    assert_eq!(conflict.expected_version(), Version::Absent);
    assert_eq!(conflict.current_version(), Version::Number(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_stored_as_a_whole_double_is_written_to_and_leaves_the_process() {
    let db = TestDb::new().await;
    let tickets = collection::<Ticket>(&db).await;
    let document = doc! { "_id": 5e9, "text": "x", "__v": 1 };
    let documents = raw(&db, "tickets");
    documents.insert_one(document).await.unwrap();
    let found = tickets.find_by_id(5_000_000_000).await.unwrap().unwrap();
    let revision = Revision::from_etag(&found.revision().to_etag()).unwrap();
    assert_eq!(*revision.id(), 5_000_000_000);
    let desk = tickets.by("desk");
    let written = desk.update(revision).set(|t| t.text, "y").await.unwrap();
    assert_eq!(written.version(), 2);
    let stored = documents.find_one(doc! {}).await.unwrap().unwrap();
    assert_eq!(stored.get("_id"), Some(&Bson::Double(5e9)));
    let history = tickets.history(written.id()).await.unwrap();
    assert_eq!(history.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_write_can_be_the_first() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let desk = tallies.by("desk");
    let legacy = || insert(&db, "tallies", doc! { "total": 1 });

    let latest = desk.update_latest(legacy().await).inc(|t| t.total, 1).await;
    assert_eq!(latest.unwrap().version(), 1);
    let absent = Revision::<Tally>::from_version(legacy().await, monguard::Counter::ABSENT);
    let updated = desk.update(absent).inc(|t| t.total, 1).await.unwrap();
    assert_eq!(updated.version(), 1);
    let found = tallies.find_by_id(legacy().await).await.unwrap().unwrap();
    let replaced = desk.replace(&found, Tally { total: 5 }).await.unwrap();
    assert_eq!(replaced.version(), 1);
    let found = tallies.find_by_id(legacy().await).await.unwrap().unwrap();
    let deleted = desk.delete(&found).await.unwrap();
    assert_eq!(deleted.version(), 1);
    assert_eq!(desk.restore(&deleted).await.unwrap().version(), 2);
    let found = tallies.find_by_id(legacy().await).await.unwrap().unwrap();
    assert_eq!(*desk.hard_delete(&found).await.unwrap().version(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_are_read_from_every_integral_number_and_go_on_from_there() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let large = i64::from(i32::MAX) + 5;
    for (version, shown, next) in [
        (Bson::Int32(0), 0, Bson::Int32(1)),
        (Bson::Int32(4), 4, Bson::Int32(5)),
        (Bson::Int64(7), 7, Bson::Int32(8)),
        (Bson::Double(3.0), 3, Bson::Int32(4)),
        (Bson::Int32(-3), -3, Bson::Int32(-2)),
        (
            Bson::Int32(i32::MAX),
            i64::from(i32::MAX),
            Bson::Int64(2_147_483_648),
        ),
        (Bson::Int64(large), large, Bson::Int64(large + 1)),
    ] {
        let id = insert(&db, "tallies", doc! { "total": 1, "__v": version.clone() }).await;
        let found = tallies.find_by_id(id).await.unwrap().unwrap();
        assert_eq!(found.version(), shown);
        let desk = tallies.by("desk");
        let written = desk.update(&found).inc(|t| t.total, 1);
        assert_eq!(written.await.unwrap().version(), shown + 1);
        let document = stored(&db, "tallies", id).await;
        assert_eq!(document.get("__v"), Some(&next), "{version:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_without_a_successor_is_an_error() {
    let db = TestDb::new().await;
    let desk = collection::<Tally>(&db).await.by("desk");
    let id = insert(&db, "tallies", doc! { "total": 1, "__v": i64::MAX }).await;
    let result = desk.update_latest(id).inc(|t| t.total, 1).await;
    let refusal = super::stage::refusal(result);
    assert_eq!(refusal.0, monguard::error::InvalidReason::VersionsUsedUp);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_version_is_an_error_on_every_read_and_write_and_stays() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let desk = tallies.by("desk");
    for (version, found) in [
        (Bson::Null, "null"),
        (Bson::Double(1.5), "a fractional number"),
        (Bson::String("3".to_owned()), "a string"),
    ] {
        let id = insert(&db, "tallies", doc! { "total": 1, "__v": version }).await;
        let contents = Contents::of(&db).await;
        let base = || Revision::<Tally>::from_version(id, 1);
        let absent = Revision::<Tally>::from_version(id, monguard::Counter::ABSENT);
        let results = [
            tallies.find_by_id(id).await.map(|_| ()),
            tallies.find_one(|t| t.id.eq(id)).await.map(|_| ()),
            tallies.find(|t| t.id.eq(id)).await.map(|_| ()),
            desk.update(base()).set(|t| t.total, 5).await.map(|_| ()),
            desk.update(absent).set(|t| t.total, 5).await.map(|_| ()),
            desk.update_latest(id).set(|t| t.total, 5).await.map(|_| ()),
            desk.modify(id, |_, update| update).await.map(|_| ()),
            desk.replace(base(), Tally::default()).await.map(|_| ()),
            desk.delete(base()).await.map(|_| ()),
            desk.restore(base()).await.map(|_| ()),
            desk.hard_delete(base()).await.map(|_| ()),
        ];
        for (call, result) in results.into_iter().enumerate() {
            let Err(Error::ForeignVersion(foreign)) = result else {
                panic!("call {call}: {result:?}")
            };
            assert_eq!(foreign.found(), found);
            assert_eq!(foreign.subject().id(), Some(&Bson::ObjectId(id)));
        }
        contents.assert_kept(&db).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stamp_that_is_null_or_no_date_is_matched_as_it_is() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    for (stamp, expected) in [
        (Bson::Null, Bson::from(doc! { "$type": 10 })),
        (Bson::from("today"), Bson::from("today")),
        (
            Bson::from(doc! { "$gt": 1 }),
            Bson::from(doc! { "$eq": { "$gt": 1 } }),
        ),
    ] {
        let id = insert(
            &db,
            "tallies",
            doc! { "total": 1, "__v": 1, "updatedAt": stamp },
        )
        .await;
        let found = tallies.find_by_id(id).await.unwrap().unwrap();
        let desk = tallies.by("desk");
        let written = desk.update(&found).inc(|t| t.total, 1);
        assert_eq!(written.await.unwrap().version(), 2);
        assert_eq!(last_filter(&db).get("updatedAt"), Some(&expected));
        let document = stored(&db, "tallies", id).await;
        assert!(document.get_datetime("updatedAt").is_ok());
    }
}

fn foreign_profile() -> Document {
    doc! {
        "name": "n", "nickname": null, "labels": { "a": "1" }, "scores": [1],
        "address": { "street": "s", "zip": null, "country": "x", "geo": { "lat": 1.5 } },
        "contacts": [
            { "value": "1", "rank": 1, "secret": null, "since": 2001 },
            { "value": "2", "rank": 2, "secret": null, "since": 2002 },
        ],
        "byKind": { "home": { "value": "h", "rank": 1, "secret": null, "since": 2003 } },
        "extra": 1, "pin": null, "legacyFlag": true, "a": { "b": [1, { "c": 2 }] },
    }
}

/// Checks that the fields are there which the model does not know.
fn assert_unknown_fields(document: &Document) {
    let expected = foreign_profile();
    for name in ["legacyFlag", "a"] {
        assert_eq!(document.get(name), expected.get(name), "{document}");
    }
    let address = document.get_document("address").unwrap();
    assert_eq!(address.get_str("country").unwrap(), "x");
    assert_eq!(address.get_document("geo").unwrap(), &doc! { "lat": 1.5 });
    let contacts = document.get_array("contacts").unwrap().iter();
    for contact in contacts.filter_map(Bson::as_document) {
        let since = 2000 + contact.get_str("value").unwrap().parse::<i32>().unwrap();
        assert_eq!(contact.get_i32("since").unwrap(), since);
    }
    let home = document
        .get_document("byKind")
        .unwrap()
        .get_document("home");
    assert_eq!(home.unwrap().get_i32("since").unwrap(), 2003);
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_that_the_model_does_not_know_survive_every_write() {
    let db = TestDb::new().await;
    let profiles = collection::<Profile>(&db).await;
    let desk = profiles.by("desk");
    let id = insert(&db, "profiles", foreign_profile()).await;

    let updated = desk
        .update_latest(id)
        .set(|p| p.address.street, "t")
        .push(|p| p.scores, 2)
        .await
        .unwrap();
    assert_unknown_fields(&stored(&db, "profiles", id).await);
    let mut edited = (*updated).clone();
    edited.contacts.swap(0, 1);
    edited.contacts[0].rank = 9;
    edited.by_kind.get_mut("home").unwrap().rank = 9;
    edited.address = Some(Address {
        street: "u".to_owned(),
        zip: Some("1".to_owned()),
    });
    let replaced = desk.replace(&updated, edited.clone()).await.unwrap();
    assert_eq!(*replaced, edited);
    assert!(replaced.document().get_bool("legacyFlag").unwrap());
    // The element that was moved and edited is nobody's.
    let contacts = stored(&db, "profiles", id).await;
    let contacts = contacts.get_array("contacts").unwrap().clone();
    assert_eq!(
        contacts[1].as_document().unwrap().get_i32("since").unwrap(),
        2001
    );
    edited.contacts.remove(0);
    let replaced = desk.replace(&replaced, edited).await.unwrap();
    assert_unknown_fields(&stored(&db, "profiles", id).await);
    let deleted = desk.delete(&replaced).await.unwrap();
    assert_unknown_fields(&stored(&db, "profiles", id).await);
    desk.restore(&deleted).await.unwrap();
    assert_unknown_fields(&stored(&db, "profiles", id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn setting_a_whole_nested_struct_replaces_it() {
    let db = TestDb::new().await;
    let desk = collection::<Profile>(&db).await.by("desk");
    let id = insert(&db, "profiles", foreign_profile()).await;
    let home = Contact {
        value: "h".to_owned(),
        rank: 2,
        secret: None,
    };
    let address = Address {
        street: "new".to_owned(),
        zip: None,
    };
    let update = desk.update_latest(id).set(|p| p.address, address.clone());
    let set = update
        .set(|p| p.contacts, vec![home.clone()])
        .await
        .unwrap();
    assert_eq!(set.address.as_ref(), Some(&address));
    assert_eq!(set.contacts, [home]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_of_the_typescript_library_is_written_on() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let at = DateTime::from_millis(1_700_000_000_000);
    let user = ObjectId::new();
    let document = doc! { "total": 1, "__v": 2, "createdAt": at, "updatedAt": at,
    "createdBy": user, "updatedBy": user };
    let id = insert(&db, "tallies", document).await;
    let found = tallies.find_by_id(id).await.unwrap().unwrap();
    let desk = tallies.by("desk");
    let written = desk.update(&found).inc(|t| t.total, 1).await.unwrap();
    assert_eq!(written.version(), 3);
    let filter = last_filter(&db);
    assert_eq!(filter.get_i32("__v").unwrap(), 2);
    assert_eq!(
        filter.get_document("__w").unwrap(),
        &doc! { "$exists": false }
    );
    assert_eq!(filter.get_datetime("updatedAt").unwrap(), &at);

    let document = stored(&db, "tallies", id).await;
    assert_eq!(document.get("__v"), Some(&Bson::Int32(3)));
    assert_eq!(document.get_datetime("createdAt").unwrap(), &at);
    assert_eq!(document.get_object_id("createdBy").unwrap(), user);
    assert_eq!(document.get_str("updatedBy").unwrap(), "desk");

    // TypeScript writes next: the version goes up, `__w` stays.
    let update =
        doc! { "$set": { "total": 9, "__v": 4, "updatedAt": DateTime::now() }, "$inc": {} };
    raw(&db, "tallies")
        .update_one(doc! { "_id": id }, update)
        .await
        .unwrap();
    let stale = desk.update(&written).inc(|t| t.total, 1).await;
    assert!(stale.is_err_and(|error| error.is_conflict()));
    let latest = desk.update_latest(id).inc(|t| t.total, 1).await.unwrap();
    assert_eq!((latest.total, latest.version()), (10, 5.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_typescript_deleted_is_deleted_and_can_be_restored() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    // Its test is `$exists`: null counts as deleted.
    for deleted_at in [Bson::DateTime(DateTime::now()), Bson::Null] {
        let document = doc! { "total": 1, "__v": 2, "deletedAt": deleted_at, "deletedBy": "ts" };
        let id = insert(&db, "tallies", document).await;
        assert!(tallies.find_by_id(id).await.unwrap().is_none());
        let found = tallies.find_by_id(id).including_deleted().await.unwrap();
        let found = found.unwrap();
        assert!(found.is_deleted());
        let restored = tallies.by("desk").restore(&found).await.unwrap();
        assert!(!restored.is_deleted());
        let document = stored(&db, "tallies", id).await;
        assert!(!document.contains_key("deletedAt") && !document.contains_key("deletedBy"));
    }
}

/// JavaScript stores an integer beyond 32 bits as a double.
#[tokio::test(flavor = "multi_thread")]
async fn a_whole_double_is_read_into_an_integer_field() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let id = insert(&db, "tallies", doc! { "total": 5e9, "__v": 1 }).await;

    let found = tallies.find_by_id(id).await.unwrap().unwrap();
    assert_eq!(found.total, 5_000_000_000);
    let desk = tallies.by("desk");
    let raised = desk.modify(id, |_, tally| tally.inc(|t| t.total, 1)).await;
    assert_eq!(raised.unwrap().total, 5_000_000_001);

    let fractional = insert(&db, "tallies", doc! { "total": 0.5 }).await;
    let refused = tallies.find_by_id(fractional).await;
    let Err(Error::Decode(error)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(error.path(), Some("total"));
}
