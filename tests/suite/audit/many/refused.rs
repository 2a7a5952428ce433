//! The log refuses entries of a write of many documents: the writes stand, the entries stay.

use mongodb::IndexModel;
use mongodb::bson::{Document, doc};
use mongodb::options::IndexOptions;
use monguard::error::RefusalReason;
use monguard::prelude::*;
use monguard_tests::models::Tally;

use super::super::relay::stage::{LOG, Stage, log_takes};

/// Adds to all tallies, by one command. Returns how many were written.
async fn add_to_all(desk: &Writer<Tally>) -> u64 {
    let all = desk.update_many(|_| Filter::all());
    let report = all.inc(|t| t.total, 1).await.unwrap();
    assert!(report.is_complete(), "{report:?}");
    report.modified()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_is_refused_stays_and_the_others_are_copied() {
    let stage = Stage::new().await;
    let tallies = stage.tallies(5).await;
    stage.guard.flush().await.unwrap();
    let bad = &tallies[2];
    log_takes(&stage.db, doc! { "ref.id": { "$ne": bad.id() } }).await;
    let desk = stage.desk::<Tally>();
    stage.commands().clear();

    assert_eq!(add_to_all(&desk).await, 5);

    assert_eq!(stage.commands().count_on("update", "tallies"), 1);
    let refused = stage.guard.flush().await.unwrap().refused;
    let [one] = refused.as_slice() else {
        panic!("{refused:?}")
    };
    assert_eq!(one.document(), &bad.id().into());
    assert_eq!(one.reason(), &RefusalReason::Code(121));
    for tally in tallies.iter().filter(|tally| tally.id() != bad.id()) {
        assert_eq!(stage.logged(tally.id()).await, [1, 2]);
    }
    assert_eq!(stage.logged(bad.id()).await, [1]);
    stage.assert_history(bad.id(), 2).await;

    // It goes on being carried, through writes of one and of many.
    assert_eq!(add_to_all(&desk).await, 5);
    let update = desk.update_latest(bad.id()).inc(|t| t.total, 1);
    update.await.unwrap();
    let refused = stage.guard.flush().await.unwrap().refused;
    assert_eq!(refused.len(), 3, "{refused:?}");
    assert_eq!(stage.carried(bad.id()).await.last(), Some(&4));
    assert!(stage.carried(bad.id()).await.ends_with(&[2, 3, 4]));
    stage.assert_history(bad.id(), 4).await;

    // And comes to the log once that takes it.
    log_takes(&stage.db, doc! {}).await;
    let recovered = stage.guard.collection::<Tally>().recover().await.unwrap();
    assert_eq!((recovered.brought, recovered.refused.len()), (3, 0));
    assert_eq!(stage.logged(bad.id()).await, [1, 2, 3, 4]);
    assert!(stage.guard.refused_entries().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_unique_index_of_the_log_keeps_out_all_but_one() {
    let stage = Stage::new().await;
    let tallies = stage.tallies(4).await;
    stage.guard.flush().await.unwrap();
    let options = IndexOptions::builder().unique(true).sparse(true).build();
    let index = IndexModel::builder().keys(doc! { "traceId": 1 });
    let log = stage.db.database().collection::<Document>(LOG);
    log.create_index(index.options(options).build())
        .await
        .unwrap();

    // All entries of one write have its trace.
    let desk = stage.desk::<Tally>().trace("nightly-7");
    assert_eq!(add_to_all(&desk).await, 4);

    let refused = stage.guard.flush().await.unwrap().refused;
    assert_eq!(refused.len(), 3, "{refused:?}");
    let index = "traceId_1".to_owned();
    let reason = RefusalReason::Duplicate { index };
    assert!(refused.iter().all(|one| one.reason() == &reason));
    assert_eq!(stage.log().await.len(), 5);
    for tally in &tallies {
        stage.assert_history(tally.id(), 2).await;
    }
    log.drop_index("traceId_1").await.unwrap();
    let recovered = stage.guard.collection::<Tally>().recover().await.unwrap();
    assert_eq!((recovered.brought, recovered.refused.len()), (3, 0));
    for tally in &tallies {
        assert_eq!(stage.logged(tally.id()).await, [1, 2]);
    }
}
