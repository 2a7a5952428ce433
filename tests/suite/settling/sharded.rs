//! Lost answers in sharded collections: every look has the shard key too.

use mongodb::bson::{Bson, Document};
use monguard::prelude::*;
use monguard_tests::models::{Booking, Shipment};
use monguard_tests::targeting::assert_targeted;

use super::hard_delete::removal;
use super::stage::{Stage, data_write};

fn assert_settled<T: Versioned>(stored: &Stored<T>) {
    let outcome = stored.outcome();
    let is_settled = matches!(outcome, Outcome::Settled { overtaken: false });
    assert!(is_settled, "{outcome:?}");
}

async fn shipment(stage: &Stage) -> Stored<Shipment> {
    let created = stage.rival().create(Shipment::to("eu", 1)).await.unwrap();
    created.into_stored()
}

fn assert_on_one_shard(stage: &Stage) {
    let region = [("region", Bson::from("eu"))];
    assert_targeted(&stage.commands().all(), "shipments", &region);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_whose_answer_is_lost_is_looked_up_on_its_shard() {
    let stage = Stage::new().await;
    let shipment = shipment(&stage).await;
    stage.proxy.on(data_write()).cut_after();
    let writer = stage.writer::<Shipment>();
    let updated = writer.update(&shipment).inc(|s| s.weight, 1).await.unwrap();
    assert_settled(&updated);
    assert_eq!((updated.weight, updated.version()), (2, 2.into()));
    assert!(stage.commands().count_on("find", "shipments") > 0);
    assert_on_one_shard(&stage);
    stage.assert_linked(shipment.id(), 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_did_not_arrive_is_sent_again_to_its_shard() {
    let stage = Stage::new().await;
    let shipment = shipment(&stage).await;
    stage.proxy.on(data_write()).cut_before();
    let writer = stage.writer::<Shipment>();
    let modify = writer.modify(shipment.locator(), |_, update| update.inc(|s| s.weight, 1));
    assert_eq!(modify.await.unwrap().weight, 2);
    assert_eq!(stage.commands().count("findAndModify"), 2);
    assert_on_one_shard(&stage);
    stage.assert_linked(shipment.id(), 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hard_delete_whose_answers_are_lost_is_finished_on_its_shard() {
    for lost in [data_write(), removal()] {
        let stage = Stage::new().await;
        let shipment = shipment(&stage).await;
        stage.proxy.on(lost).cut_after();
        let writer = stage.writer::<Shipment>();
        writer.hard_delete(&shipment).await.unwrap();
        assert_eq!(stage.count::<Shipment>().await, 0);
        assert_on_one_shard(&stage);
        stage.assert_linked(shipment.id(), 2).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_whose_answer_is_lost_is_looked_up_on_its_shard() {
    let stage = Stage::new().await;
    let bookings = stage.guard.collection::<Booking>();
    bookings.ensure_indexes().await.unwrap();
    stage.proxy.on(data_write()).cut_after();
    let writer = stage.writer::<Booking>();
    stage.commands().clear();
    let created = writer.create(Booking::of(1, "r-1")).await.unwrap();
    assert!(created.is_new());
    assert_settled(&created);
    let again = writer.create(Booking::of(1, "r-1")).await.unwrap();
    assert!(!again.is_new());
    assert_eq!(again.version(), created.version());
    let keys = [("tenantId", Bson::Int32(1)), ("day", Bson::Int64(0))];
    assert_targeted(&stage.commands().all(), "bookings", &keys);
    assert_eq!(stage.entries(created.id()).await.len(), 1);
}

/// The token of a settled write is the one that was stored.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_whose_answer_is_lost_is_the_one_that_was_made() {
    let stage = Stage::new().await;
    let direct = stage.rival::<Booking>();
    direct.collection().ensure_indexes().await.unwrap();
    let booking = direct.create(Booking::of(1, "r-1")).await.unwrap();
    stage.proxy.on(data_write()).cut_after();
    let writer = stage.writer::<Booking>();
    let updated = writer.update(&booking).inc(|b| b.seats, 1).await.unwrap();
    assert_settled(&updated);
    let document = stage.document::<Booking>(booking.id()).await.unwrap();
    let token = document.get("__v").unwrap();
    assert_eq!(*token, Bson::from(updated.version().get().unwrap()));
    let entries = stage.entries(booking.id()).await;
    let made =
        |entry: &Document| entry.get_document("metadata").unwrap().get("version") == Some(token);
    assert_eq!(entries.iter().filter(|entry| made(entry)).count(), 1);
    let next = writer.update(&updated).inc(|b| b.seats, 1).await.unwrap();
    assert_eq!(next.seats, 4);
}
