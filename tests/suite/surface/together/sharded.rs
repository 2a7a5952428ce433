//! A shard key, and what looks documents up or writes them in other ways.

use mongodb::bson::{Bson, doc};
use monguard::error::InvalidReason;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Booking, Shipment};
use monguard_tests::targeting::assert_targeted;

use super::{collection, entries, raw};

#[tokio::test(flavor = "multi_thread")]
async fn a_selection_with_the_revision_is_a_whole_base() {
    let db = TestDb::new().await;
    let bookings = collection::<Booking>(&db).await;
    let desk = bookings.by("desk");
    desk.create(Booking::of(1, "r")).await.unwrap();
    let find = bookings.find_one(|b| b.tenant_id.eq(1));
    let (revision, seats) = find
        .select(|b| b.seats)
        .with_revision()
        .await
        .unwrap()
        .unwrap();
    assert!(revision.is_whole());
    db.commands().clear();
    let written = desk.update(&revision).set(|b| b.seats, seats + 1).await;
    assert_eq!(written.unwrap().seats, 3);
    let keys = [("tenantId", Bson::Int32(1)), ("day", Bson::Int64(0))];
    assert_targeted(&db.commands().all(), "bookings", &keys);
    let page = bookings
        .find(|b| b.seats.eq(3))
        .page(1)
        .select(|b| b.request)
        .with_revision();
    let (revision, _) = page.await.unwrap().items.remove(0);
    desk.delete(&revision).await.unwrap();
    let stale = desk.update(&revision).inc(|b| b.seats, 1).await;
    assert!(stale.is_err());
    assert_eq!(entries(&db).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_are_asked_for_within_their_shard_keys() {
    let db = TestDb::new().await;
    let shipments = collection::<Shipment>(&db).await;
    let desk = shipments.by("desk");
    let mut locators = Vec::new();
    for weight in 0..3 {
        locators.push(
            desk.create(Shipment::to("eu", weight))
                .await
                .unwrap()
                .locator(),
        );
    }
    db.commands().clear();
    let found = shipments
        .find_by_ids(locators.clone())
        .select(|s| s.weight)
        .with_revision();
    let found = found.await.unwrap();
    assert!(found.iter().all(|(revision, _)| revision.is_whole()));
    let weights: Vec<i64> = found.iter().map(|(_, weight)| *weight).collect();
    assert_eq!(weights, [0, 1, 2]);
    assert_targeted(
        &db.commands().all(),
        "shipments",
        &[("region", Bson::from("eu"))],
    );
    let mut elsewhere = locators[0].clone();
    elsewhere.1 = "us".to_owned();
    let each = shipments
        .find_by_ids([elsewhere, locators[2].clone()])
        .select(|s| s.weight)
        .each();
    assert_eq!(each.await.unwrap(), [None, Some(2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_latest_state_is_deleted_and_restored_where_it_is() {
    let db = TestDb::new().await;
    let shipments = collection::<Shipment>(&db).await;
    let desk = shipments.by("desk");
    let locator = desk.create(Shipment::to("eu", 1)).await.unwrap().locator();
    db.commands().clear();
    desk.delete_latest(locator.clone()).await.unwrap();
    let restored = desk.restore_latest(locator.clone()).await.unwrap();
    assert_eq!(restored.version(), 3);
    assert_targeted(
        &db.commands().all(),
        "shipments",
        &[("region", Bson::from("eu"))],
    );
    let elsewhere = (locator.0, "us".to_owned());
    let missed = desk.delete_latest(elsewhere).await;
    assert!(matches!(missed, Err(Error::NotFound(_))), "{missed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_way_of_writing_changes_the_shard_key() {
    let db = TestDb::new().await;
    let shipments = collection::<Shipment>(&db).await;
    let desk = shipments.by("desk");
    let first = desk
        .create(Shipment::to("eu", 1))
        .await
        .unwrap()
        .into_stored();
    let builder = Stored::builder(first.id(), 1, Shipment::to("us", 1));
    let other = builder.build().unwrap();
    let changes = other.changes_since(&first).unwrap();
    let deleted = desk.delete(&first).await.unwrap();
    let restored = desk.restore(&deleted).await.unwrap();
    db.commands().clear();
    for refused in [
        desk.update(&restored)
            .update_document(doc! { "$set": { "region": "us" } })
            .await,
        desk.update(&restored)
            .update_document(doc! { "$unset": { "region": "" } })
            .await,
        desk.update(&restored).apply(changes.clone()).await,
        desk.replace(&restored, Shipment::to("us", 1)).await,
        desk.update_latest(restored.locator())
            .apply(changes.clone())
            .await,
        desk.update_latest(restored.locator())
            .including_deleted()
            .apply(changes)
            .await,
    ] {
        let Err(Error::InvalidUpdate(error)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(error.path(), "region");
        let reason = error.reason();
        let is_meant = matches!(
            reason,
            InvalidReason::ShardKey | InvalidReason::Immutable | InvalidReason::Required
        );
        assert!(is_meant, "{reason:?}");
    }
    assert_eq!(db.commands().count("findAndModify"), 0);
    assert_eq!(entries(&db).await.len(), 3);
}

/// A server of a sharded cluster keeps an id unique within one shard alone.
#[tokio::test(flavor = "multi_thread")]
async fn the_id_as_the_unique_field_is_looked_for_under_the_shard_key() {
    let db = TestDb::new().await;
    let tickets = collection::<Ticket>(&db).await;
    let desk = tickets.by("desk");
    let of = |region: &str| Ticket {
        number: "n".into(),
        region: region.into(),
        uses: 0,
    };
    db.commands().clear();
    let made = desk.get_or_create(|t| t.number, of("eu")).await.unwrap();
    assert!(made.is_new());
    let got = desk.get_or_create(|t| t.number, of("eu")).await.unwrap();
    assert!(!got.is_new());
    let modify = desk.create_or_modify(
        |t| t.number,
        of("eu"),
        |_, update| update.inc(|t| t.uses, 1),
    );
    assert_eq!(modify.await.unwrap().uses, 1);
    assert_targeted(
        &db.commands().all(),
        "tickets",
        &[("region", Bson::from("eu"))],
    );
    // It is another document: this server, which is not sharded, refuses it.
    let other = desk.get_or_create(|t| t.number, of("us")).await;
    assert!(matches!(other, Err(Error::DuplicateKey(_))), "{other:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_unique_within_a_shard_key_is_no_unique_field() {
    let db = TestDb::new().await;
    let desk = collection::<Booking>(&db).await.by("desk");
    let refused = desk.get_or_create(|b| b.request, Booking::of(1, "r")).await;
    let Err(Error::InvalidUpdate(error)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(error.reason(), &InvalidReason::NotUnique);
    assert_eq!(
        raw(&db, "bookings").count_documents(doc! {}).await.unwrap(),
        0
    );
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "tickets")]
struct Ticket {
    #[serde(rename = "_id")]
    #[monguard(id)]
    number: String,
    #[monguard(shard_key)]
    region: String,
    uses: i64,
}
