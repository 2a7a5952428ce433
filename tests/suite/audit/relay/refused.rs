//! Entries that the log refuses for good stay on their documents, and block no other.

use mongodb::IndexModel;
use mongodb::bson::{Document, doc};
use mongodb::options::IndexOptions;
use monguard::error::RefusalReason;
use monguard::prelude::*;
use monguard_tests::models::Tally;
use monguard_tests::traces::Traces;

use super::stage::{LOG, Stage, log_takes};

/// A unique index of the log that is none of monguard's.
async fn unique_traces(stage: &Stage) {
    let options = IndexOptions::builder().unique(true).sparse(true).build();
    let index = IndexModel::builder()
        .keys(doc! { "traceId": 1 })
        .options(options)
        .build();
    let log = stage.db.database().collection::<Document>(LOG);
    log.create_index(index).await.unwrap();
}

/// Creates a tally under a trace id.
async fn traced(stage: &Stage, trace: &str) -> Stored<Tally> {
    let desk = stage.desk::<Tally>().trace(trace);
    desk.create(Tally::default()).await.unwrap().into_stored()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_with_a_value_that_is_taken_stays_and_is_reported() {
    let traces = Traces::record();
    let stage = Stage::new().await;
    unique_traces(&stage).await;
    let first = traced(&stage, "checkout-5f").await;
    stage.guard.flush().await.unwrap();
    let twice = traced(&stage, "checkout-5f").await;
    let last = traced(&stage, "checkout-6a").await;
    let refused = stage.guard.flush().await.unwrap().refused;
    let [refused] = refused.as_slice() else {
        panic!("{refused:?}")
    };
    assert_eq!(refused.document(), &twice.id().into());
    assert_eq!(refused.collection(), "tallies");
    let index = "traceId_1".to_owned();
    assert_eq!(refused.reason(), &RefusalReason::Duplicate { index });
    assert_eq!(stage.guard.refused_entries().len(), 1);
    assert_eq!(stage.guard.relay_status().refused(), 1);
    assert_eq!(stage.logged(first.id()).await, [1]);
    assert_eq!(stage.logged(last.id()).await, [1]);
    assert!(stage.logged(twice.id()).await.is_empty());
    assert_eq!(stage.carried(twice.id()).await, [1]);
    // Reported by its id, never by its values.
    let told = traces.containing(&refused.entry().to_hex());
    let told: Vec<_> = told.iter().filter(|line| line.contains("ERROR")).collect();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(!told[0].contains("checkout-5f"), "{told:#?}");
    assert!(!refused.to_string().contains("checkout-5f"), "{refused}");

    // It goes on being carried, and its successors come to the log.
    let desk = stage.desk::<Tally>();
    let updated = desk.update(&twice).inc(|t| t.total, 1).await.unwrap();
    stage.guard.flush().await.unwrap();
    assert_eq!(stage.logged(twice.id()).await, [2]);
    assert_eq!(stage.carried(twice.id()).await, [1, 2]);
    let updated = desk.update(&updated).inc(|t| t.total, 1).await.unwrap();
    assert_eq!(stage.carried(twice.id()).await, [1, 3]);
    assert_eq!(stage.guard.relay_status().refused(), 1, "it is not news");
    let tallies = stage.guard.collection::<Tally>();
    let history = tallies.history(updated.id()).await.unwrap();
    assert_eq!(history.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_brought_when_the_log_takes_it_after_all() {
    let stage = Stage::new().await;
    unique_traces(&stage).await;
    traced(&stage, "a").await;
    stage.guard.flush().await.unwrap();
    let twice = traced(&stage, "a").await;
    assert_eq!(stage.guard.flush().await.unwrap().refused.len(), 1);
    let log = stage.db.database().collection::<Document>(LOG);
    log.drop_index("traceId_1").await.unwrap();
    let recovered = stage.guard.collection::<Tally>().recover().await.unwrap();
    assert_eq!((recovered.brought, recovered.refused.len()), (1, 0));
    assert_eq!(stage.logged(twice.id()).await, [1]);
    assert!(stage.guard.refused_entries().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_a_validator_refuses_blocks_no_other() {
    let stage = Stage::idle().await;
    stage.db.database().create_collection(LOG).await.unwrap();
    log_takes(&stage.db, doc! { "traceId": { "$ne": "bad" } }).await;
    let mut good = Vec::new();
    for _ in 0..5 {
        good.push(traced(&stage, "good").await);
    }
    let bad = traced(&stage, "bad").await;
    for _ in 0..5 {
        good.push(traced(&stage, "good").await);
    }
    let refused = stage.guard.flush().await.unwrap().refused;
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].reason(), &RefusalReason::Code(121));
    assert_eq!(refused[0].document(), &bad.id().into());
    assert_eq!(stage.inserts(), 1);
    for tally in good {
        assert_eq!(stage.logged(tally.id()).await, [1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_not_removed_while_the_log_refuses_one_of_its_entries() {
    let stage = Stage::new().await;
    stage.db.database().create_collection(LOG).await.unwrap();
    log_takes(&stage.db, doc! { "traceId": { "$ne": "bad" } }).await;
    let bad = traced(&stage, "bad").await;
    let result = stage.desk::<Tally>().hard_delete(&bad).await;
    assert!(
        matches!(result, Err(Error::AuditNotWritten(_))),
        "{result:?}"
    );
    assert_eq!(stage.carried(bad.id()).await, [1, 2]);
    log_takes(&stage.db, doc! {}).await;
    let recovered = stage.guard.collection::<Tally>().recover().await.unwrap();
    assert_eq!(recovered.tombstones_finished, 1);
    assert_eq!(stage.logged(bad.id()).await, [1, 2]);
    let left = stage.db.database().collection::<Document>("tallies");
    assert_eq!(left.count_documents(doc! {}).await.unwrap(), 0);
}
