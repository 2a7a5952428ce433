//! Revisions that leave the process, and come back to another one.

use mongodb::bson::{Document, doc};
use monguard::error::InvalidRevisionReason;
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};
use monguard_tests::models::{Job, Order, Shipment, Tally};

use super::setup::{collection, raw};

/// The collection as another process reaches it: a client and a guard of its own.
async fn elsewhere<T: Versioned>(db: &TestDb) -> Collection<T> {
    let client = db.connect().open().await;
    let guard = after_write(client.database().clone()).build();
    guard.await.unwrap().collection()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entity_tag_of_one_process_is_what_another_writes_on() {
    let db = TestDb::new().await;
    let here = collection::<Tally>(&db).await;
    let there = elsewhere::<Tally>(&db).await.by("there");
    let tally = here.by("here").create(Tally { total: 1 }).await.unwrap();
    let etag = tally.revision().to_etag();

    let revision = Revision::from_etag(&etag).unwrap();
    assert!(revision.is_whole());
    let updated = there.update(&revision).inc(|t| t.total, 1).await.unwrap();
    assert_eq!((updated.total, updated.version()), (2, 2.into()));

    // The tag is stale now, for everybody.
    for desk in [here.by("here"), there] {
        let stale = Revision::from_etag(&etag).unwrap();
        let stale = desk.update(stale).inc(|t| t.total, 1).await;
        let Err(Error::Conflict(conflict)) = stale else {
            panic!("{stale:?}")
        };
        assert_eq!(conflict.expected_version(), 1);
        assert_eq!(conflict.current_version(), 2);
        let current: Stored<Tally> = conflict.current().unwrap();
        assert_eq!(current.revision().to_etag(), updated.revision().to_etag());
    }
}

/// The same id and version, another state: what a bare number would take for the same.
#[tokio::test(flavor = "multi_thread")]
async fn an_entity_tag_is_as_strong_as_what_it_was_made_of() {
    let db = TestDb::new().await;
    let desk = collection::<Tally>(&db).await.by("desk");
    let tally = desk.create(Tally { total: 1 }).await.unwrap();
    let etag = tally.revision().to_etag();
    let foreign = doc! { "$set": { "total": 5_i64 }, "$currentDate": { "updatedAt": true } };
    let tallies = raw(&db, "tallies");
    let by_id = doc! { "_id": tally.id() };
    tallies.update_one(by_id.clone(), foreign).await.unwrap();

    let revision: Revision<Tally> = Revision::from_etag(&etag).unwrap();
    let refused = desk.update(revision).inc(|t| t.total, 1).await;
    let Err(Error::Conflict(conflict)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(conflict.expected_version(), conflict.current_version());
    let bare = Revision::<Tally>::from_version(tally.id(), 1);
    let bare = bare.to_string().parse::<Revision<Tally>>().unwrap();
    assert!(!bare.is_whole());
    desk.update(bare).inc(|t| t.total, 1).await.unwrap();
    let found: Document = tallies.find_one(by_id).await.unwrap().unwrap();
    assert_eq!(found.get_i64("total").unwrap(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_write_takes_a_revision_from_outside() {
    let db = TestDb::new().await;
    let desk = collection::<Tally>(&db).await.by("desk");
    let handed_out = |stored: &Stored<Tally>| {
        let json = serde_json::to_string(stored.revision()).unwrap();
        serde_json::from_str::<Revision<Tally>>(&json).unwrap()
    };
    let tally = desk.create(Tally { total: 1 }).await.unwrap().into_stored();
    let replaced = desk.replace(handed_out(&tally), Tally { total: 2 });
    let replaced = replaced.await.unwrap();
    let deleted = desk.delete(handed_out(&replaced)).await.unwrap();
    let restored = desk.restore(handed_out(&deleted)).await.unwrap();
    assert_eq!(restored.version(), 4);
    desk.hard_delete(handed_out(&restored)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entity_tag_of_another_model_is_refused_with_a_reason() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await.by("desk");
    let tally = tallies.create(Tally { total: 1 }).await.unwrap();
    let etag = tally.revision().to_etag();
    let refused = Revision::<Job>::from_etag(&etag).unwrap_err();
    assert_eq!(refused.reason(), InvalidRevisionReason::OtherCollection);
    // As the caller's error, with `?`.
    let error = Error::from(refused);
    assert_eq!(
        error.to_string(),
        "not a revision of `Job` in `jobs`: it is of another collection"
    );
}

/// What the model hides is not in what clients hold, nor is anything else of the model.
#[tokio::test(flavor = "multi_thread")]
async fn a_revision_holds_nothing_of_the_model() {
    let db = TestDb::new().await;
    let desk = collection::<Order>(&db).await.by("desk");
    let order = Order {
        card_token: Some("tok_secret".to_owned()),
        tags: vec!["tag_open".to_owned()],
        ..Order::placed("checkout_1")
    };
    let order = desk.create(order).await.unwrap();
    let bytes = mongodb::bson::serialize_to_vec(order.revision()).unwrap();
    let document: Document = mongodb::bson::deserialize_from_slice(&bytes).unwrap();
    let names: Vec<&str> = document.keys().map(String::as_str).collect();
    assert_eq!(names, ["f", "c", "i", "v", "b"]);
    let shown = format!("{document:?}{:?}", order.revision());
    for value in ["tok_secret", "tag_open", "checkout_1", "desk"] {
        assert!(!shown.contains(value), "{shown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entity_tag_of_a_sharded_model_says_where_the_document_is() {
    let db = TestDb::new().await;
    let desk = collection::<Shipment>(&db).await.by("desk");
    let shipment = desk.create(Shipment::to("eu", 5)).await.unwrap();
    let etag = shipment.revision().to_etag();
    let there = elsewhere::<Shipment>(&db).await.by("there");
    let revision: Revision<Shipment> = Revision::from_etag(&etag).unwrap();
    let updated = there.update(revision).set(|s| s.weight, 6).await.unwrap();
    assert_eq!(updated.weight, 6);
    let stale: Revision<Shipment> = Revision::from_etag(&etag).unwrap();
    let stale = there.update(stale).set(|s| s.weight, 7).await;
    assert!(matches!(stale, Err(Error::Conflict(_))), "{stale:?}");
}
