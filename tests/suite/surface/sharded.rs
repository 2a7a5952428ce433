//! Collections that are sharded: no sharded cluster runs here, so what is sent is looked at.

use mongodb::bson::{Bson, DateTime, Document, doc, oid::ObjectId};
use monguard::error::InvalidReason;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Booking, Meter, Shipment};
use monguard_tests::targeting::assert_targeted;

use super::setup::{collection, raw};

/// Every operation on one document: each command compares each field of the shard key, so that the
/// server asks one shard alone.
#[tokio::test(flavor = "multi_thread")]
async fn each_command_on_one_document_has_the_shard_key() {
    let db = TestDb::new().await;
    let shipments = collection::<Shipment>(&db).await;
    let desk = shipments.by("desk");
    db.commands().clear();

    let created = desk
        .create(Shipment::to("eu", 1))
        .await
        .unwrap()
        .into_stored();
    let locator = created.locator();
    assert_eq!(locator, (created.id(), "eu".to_owned()));
    let found = shipments
        .find_by_id(locator.clone())
        .await
        .unwrap()
        .unwrap();
    let updated = desk.update(&found).inc(|s| s.weight, 1).await.unwrap();
    let bare = desk
        .update(updated.revision())
        .inc(|s| s.weight, 1)
        .await
        .unwrap();
    let number = Revision::from_version_at(&bare.locator(), bare.version()).unwrap();
    let numbered = desk.update(&number).inc(|s| s.weight, 1).await.unwrap();
    let modify = desk.modify(locator.clone(), |_, update| update.inc(|s| s.weight, 1));
    let modified = modify.await.unwrap();
    let latest = desk.update_latest(locator.clone()).inc(|s| s.weight, 1);
    let latest = latest.await.unwrap();
    let replaced = desk.replace(&latest, Shipment::to("eu", 9)).await.unwrap();
    let unchanged = desk.update(&replaced).set(|s| s.weight, 9).await.unwrap();
    for stale in [&created, &numbered, &modified] {
        let stale = desk
            .update(stale)
            .when(|s| s.weight.gt(0))
            .inc(|s| s.weight, 1);
        assert!(stale.await.unwrap_err().is_conflict());
    }
    let failed = desk
        .update(&unchanged)
        .when(|s| s.weight.gt(50))
        .inc(|s| s.weight, 1);
    let failed = failed.await;
    assert!(
        matches!(failed, Err(Error::ConditionFailed(_))),
        "{failed:?}"
    );
    lives_and_dies(&desk, &unchanged).await;

    let commands = db.commands().all();
    assert!(commands.len() > 40, "{}", commands.len());
    assert_targeted(&commands, "shipments", &[("region", Bson::from("eu"))]);
    let history = shipments.history(created.id()).await.unwrap();
    assert!(history.iter().all(monguard::AuditEntry::is_linked));
    assert_eq!(history.len(), 11);
}

/// Is deleted, changed while it is, restored, and removed.
async fn lives_and_dies(desk: &Writer<Shipment>, document: &Stored<Shipment>) {
    let deleted = desk.delete(document).await.unwrap();
    let again = desk.delete(deleted.revision()).await.unwrap();
    let hidden = desk
        .update_latest(document.locator())
        .inc(|s| s.weight, 1)
        .await;
    assert!(matches!(hidden, Err(Error::Deleted(_))), "{hidden:?}");
    let meant = desk.update_latest(document.locator()).including_deleted();
    let meant = meant.inc(|s| s.weight, 1).await.unwrap();
    let restored = desk.restore(&meant).await.unwrap();
    desk.hard_delete(restored.revision()).await.unwrap();
    let gone = desk.hard_delete(&restored).await;
    assert!(matches!(gone, Err(Error::NotFound(_))), "{gone:?}");
    assert!(matches!(again.outcome(), Outcome::Unchanged));
}

/// Two fields, one of them stored in a way of its own, and what an idempotency key needs.
#[tokio::test(flavor = "multi_thread")]
async fn a_create_with_a_key_looks_within_the_shard_key() {
    let db = TestDb::new().await;
    let bookings = collection::<Booking>(&db).await;
    let desk = bookings.by("desk");
    let indexes = raw(&db, "bookings").list_index_names().await.unwrap();
    assert!(
        indexes.contains(&"monguard_key_request".to_owned()),
        "{indexes:?}"
    );
    db.commands().clear();

    let first = desk.create(Booking::of(1, "r-1")).await.unwrap();
    let second = desk.create(Booking::of(1, "r-1")).await.unwrap();
    assert!(first.is_new() && !second.is_new() && second.was_compared());
    assert_eq!(first.id(), second.id());
    let different = Booking {
        seats: 3,
        ..Booking::of(1, "r-1")
    };
    let different = desk.create(different).await;
    assert!(
        matches!(different, Err(Error::IdempotencyMismatch(_))),
        "{different:?}"
    );
    let day = DateTime::from_millis(0);
    let locator = (first.id(), 1, day);
    assert_eq!(first.locator(), locator);
    let latest = desk.update_latest(locator).inc(|b| b.seats, 1).await;
    assert_eq!(latest.unwrap().seats, 3);
    let keys = [("tenantId", Bson::Int32(1)), ("day", Bson::Int64(0))];
    assert_targeted(&db.commands().all(), "bookings", &keys);

    // Of another shard key, the request is another one.
    let other = desk.create(Booking::of(2, "r-1")).await.unwrap();
    assert!(other.is_new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_index_of_an_idempotency_key_begins_with_the_shard_key() {
    let db = TestDb::new().await;
    collection::<Booking>(&db).await;
    let listed = db
        .database()
        .run_command(doc! { "listIndexes": "bookings" });
    let listed = listed.await.unwrap();
    let indexes = listed
        .get_document("cursor")
        .unwrap()
        .get_array("firstBatch");
    let key = |index: &Bson| {
        index
            .as_document()
            .unwrap()
            .get_document("key")
            .unwrap()
            .clone()
    };
    let keys: Vec<Vec<String>> = indexes
        .unwrap()
        .iter()
        .map(|index| key(index).keys().cloned().collect())
        .collect();
    assert!(
        keys.contains(&["tenantId", "day", "request"].map(str::to_owned).to_vec()),
        "{keys:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shard_key_of_a_document_never_changes() {
    let db = TestDb::new().await;
    let desk = collection::<Shipment>(&db).await.by("desk");
    let created = desk.create(Shipment::to("eu", 1)).await.unwrap();
    let moved = desk.replace(&created, Shipment::to("us", 1)).await;
    let Err(Error::InvalidUpdate(error)) = moved else {
        panic!("{moved:?}")
    };
    assert_eq!(
        (error.path(), error.reason()),
        ("region", &InvalidReason::ShardKey)
    );
    assert!(
        error.to_string().contains("is a part of the shard key"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_found_by_its_id_under_its_shard_key_alone() {
    let db = TestDb::new().await;
    let shipments = collection::<Shipment>(&db).await;
    let desk = shipments.by("desk");
    let id = desk.create(Shipment::to("eu", 1)).await.unwrap().id();
    let elsewhere = (id, "us".to_owned());
    assert!(
        shipments
            .find_by_id(elsewhere.clone())
            .await
            .unwrap()
            .is_none()
    );
    let missed = desk.update_latest(elsewhere).inc(|s| s.weight, 1).await;
    assert!(matches!(missed, Err(Error::NotFound(_))), "{missed:?}");
}

/// To the server a missing field and a null are one value of the shard key.
#[tokio::test(flavor = "multi_thread")]
async fn a_document_without_the_shard_key_is_found_under_null() {
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
    #[monguard(collection = "crates")]
    struct Crate {
        #[monguard(shard_key)]
        region: Option<String>,
        weight: i64,
    }
    let db = TestDb::new().await;
    let crates = collection::<Crate>(&db).await;
    let id = ObjectId::new();
    let document = doc! { "_id": id, "weight": 1_i64 };
    raw(&db, "crates").insert_one(document).await.unwrap();
    db.commands().clear();
    let desk = crates.by("desk");
    let found = crates.find_by_id((id, None)).await.unwrap().unwrap();
    let updated = desk.update(&found).inc(|c| c.weight, 1).await.unwrap();
    desk.hard_delete(&updated).await.unwrap();
    assert_targeted(&db.commands().all(), "crates", &[("region", Bson::Null)]);
    let left: Option<Document> = raw(&db, "crates").find_one(doc! {}).await.unwrap();
    assert_eq!(left, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_that_is_sharded_by_the_id_is_asked_by_it() {
    let db = TestDb::new().await;
    let meters = collection::<Meter>(&db).await;
    let desk = meters.by("desk");
    db.commands().clear();
    let number = "m-1".to_owned();
    let meter = desk.create(Meter { number, reading: 1 }).await.unwrap();
    assert_eq!(meter.locator(), "m-1");
    let found = meters.find_by_id("m-1".to_owned()).await.unwrap().unwrap();
    let updated = desk.update(&found).inc(|m| m.reading, 1).await.unwrap();
    desk.hard_delete(&updated).await.unwrap();
    assert_targeted(
        &db.commands().all(),
        "meters",
        &[("_id", Bson::from("m-1"))],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_in_the_shard_key_is_refused() {
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
    #[monguard(collection = "bundles")]
    struct Bundle {
        #[monguard(shard_key)]
        regions: Vec<String>,
    }
    let db = TestDb::new().await;
    let desk = collection::<Bundle>(&db).await.by("desk");
    let regions = vec!["eu".to_owned()];
    let refused = desk.create(Bundle { regions }).await;
    let Err(Error::InvalidUpdate(error)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(
        (error.path(), error.reason()),
        ("regions", &InvalidReason::ShardKeyIsList)
    );
}
