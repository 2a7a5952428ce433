//! What a recovery leaves alone.

use std::time::Duration;

use mongodb::IndexModel;
use mongodb::bson::{Bson, DateTime, Document, doc};
use monguard::Audit;
use monguard::error::InvalidReason;
use monguard::prelude::*;
use monguard_tests::models::Tally;

use super::super::relay::stage::{Stage, carrying};
use super::{crashed, fresh};

fn tallies(stage: &Stage) -> mongodb::Collection<Document> {
    stage.db.database().collection("tallies")
}

async fn stored(stage: &Stage, tally: &Stored<Tally>) -> Document {
    let found = tallies(stage).find_one(doc! { "_id": tally.id() }).await;
    found.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_trail_of_ours_is_reported_and_left_alone() {
    let (stage, written) = crashed(4).await;
    let set = async |index: usize, update: Document| {
        let of = doc! { "_id": written[index].id() };
        tallies(&stage).update_one(of, update).await.unwrap();
    };
    set(0, doc! { "$set": { "__audit": "theirs" } }).await;
    set(1, doc! { "$push": { "__audit": { "o": "theirs" } } }).await;
    let strange = [
        stored(&stage, &written[0]).await,
        stored(&stage, &written[1]).await,
    ];
    let recovered = fresh(&stage).await.recover().await.unwrap();
    assert_eq!((recovered.documents, recovered.brought), (4, 3));
    let unreadable: Vec<(Bson, Option<usize>)> = recovered
        .unreadable
        .iter()
        .map(|one| (one.document.id().cloned().unwrap(), one.elements))
        .collect();
    let expected = [
        (written[0].id().into(), None),
        (written[1].id().into(), Some(1)),
    ];
    assert_eq!(unreadable, expected);
    for (tally, before) in written.iter().zip(strange) {
        assert_eq!(stored(&stage, tally).await, before);
    }
    assert!(stage.logged(written[0].id()).await.is_empty());
    assert_eq!(stage.logged(written[1].id()).await, [1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_that_are_older_than_the_retention_are_not_brought_back() {
    let (stage, written) = crashed(3).await;
    let collection = fresh(&stage).await;
    let recovered = collection
        .recover()
        .retention(Duration::ZERO)
        .await
        .unwrap();
    assert_eq!((recovered.entries, recovered.too_old), (3, 3));
    assert_eq!(recovered.brought, 0);
    assert!(stage.log().await.is_empty());
    // They are as they were.
    assert_eq!(stage.carried(written[0].id()).await, [1]);
    let hour = Duration::from_secs(3600);
    let recovered = collection.recover().retention(hour).await.unwrap();
    assert_eq!((recovered.brought, recovered.too_old), (3, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_that_carry_nothing_are_not_read() {
    let stage = Stage::new().await;
    let guard = Monguard::builder(stage.db.database().clone()).audit(Audit::after_write());
    let guard = guard.build().await.unwrap();
    let desk = guard.collection::<Tally>().by("desk");
    desk.create(Tally::default()).await.unwrap();
    let recovered = fresh(&stage).await.recover().await.unwrap();
    assert_eq!((recovered.documents, recovered.token), (0, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_that_were_not_written_since_are_left_out_with_or_without_the_index() {
    let (stage, written) = crashed(6).await;
    let old = DateTime::from_millis(0);
    for tally in &written[..4] {
        let update = doc! { "$set": { "updatedAt": old } };
        let of = doc! { "_id": tally.id() };
        tallies(&stage).update_one(of, update).await.unwrap();
    }
    let since = DateTime::from_millis(1000);
    let client = stage.db.connect().open().await;
    let guard = carrying(client.database()).build().await.unwrap();
    let collection = guard.collection::<Tally>();
    let hints = || {
        let finds = client.commands().named("find");
        finds
            .iter()
            .filter(|find| find.body.contains_key("hint"))
            .count()
    };
    let recovered = collection.recover().updated_since(since).await.unwrap();
    assert_eq!((recovered.documents, recovered.brought, hints()), (2, 2, 0));

    let index = IndexModel::builder()
        .keys(doc! { "_id": 1, "updatedAt": 1 })
        .build();
    tallies(&stage).create_index(index).await.unwrap();
    let recovered = collection
        .recover()
        .updated_since(since)
        .batch(1)
        .await
        .unwrap();
    assert_eq!((recovered.documents, recovered.brought), (2, 0));
    assert!(hints() >= 2, "{}", hints());
    assert!(stage.logged(written[0].id()).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_with_entries_that_this_version_cannot_read_is_not_removed() {
    let (stage, written) = crashed(1).await;
    let of = doc! { "_id": written[0].id() };
    let push = doc! { "$push": { "__audit": { "f": 2, "o": "of a later format" } } };
    tallies(&stage).update_one(of, push).await.unwrap();
    let before = stored(&stage, &written[0]).await;
    let builder = |audit| Monguard::builder(stage.db.database().clone()).audit(audit);
    for audit in [Audit::carried(), Audit::after_write()] {
        let guard = builder(audit).build().await.unwrap();
        let tallies = guard.collection::<Tally>();
        let found = tallies.find_by_id(written[0].id()).await.unwrap();
        let removed = tallies.by("desk").hard_delete(found.unwrap()).await;
        let Err(Error::InvalidUpdate(refused)) = removed else {
            panic!("{removed:?}")
        };
        assert_eq!(refused.reason(), &InvalidReason::ForeignTrail);
        assert_eq!(stored(&stage, &written[0]).await, before);
    }
}
