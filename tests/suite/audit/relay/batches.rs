//! Entries come to the log in batches, once each.

use std::collections::HashSet;

use mongodb::bson::{DateTime, Document, doc};
use monguard::prelude::*;
use monguard_tests::models::Tally;
use monguard_tests::proxy::Command;

use super::stage::{LOG, LONG, Stage, idle, until, version};

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_entries_that_wait_are_copied_by_one_insert() {
    let stage = Stage::of(|builder| builder.time_limit(LONG * 3)).await;
    let inserts = Command::named("insert").on_collection(LOG);
    let gate = stage.proxy.on(inserts).hold_request();
    stage.tally().await;
    gate.reached(1).await;
    let writers = (0..10).map(|_| {
        let desk = stage.desk::<Tally>();
        tokio::spawn(async move {
            for _ in 0..100 {
                desk.create(Tally::default()).await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    // What waits includes what is on its way.
    assert_eq!(stage.guard.relay_status().waiting(), 1001);
    assert!(stage.log().await.is_empty());
    gate.release();
    let flushed = stage.guard.flush().await.unwrap();
    assert!(flushed.refused.is_empty());
    assert_eq!((stage.inserts(), stage.log().await.len()), (2, 1001));
    let status = stage.guard.relay_status();
    assert_eq!((status.waiting(), status.waiting_bytes()), (0, 0));
    assert_eq!((status.relayed(), status.refused()), (1001, 0));
    assert!(status.failing_since().is_none() && status.last_failure().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_comes_to_the_log_by_itself() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    stage.log_has(1).await;
    // Nothing waits, so there is nothing to send.
    stage.guard.flush().await.unwrap();
    assert_eq!(stage.inserts(), 1);
    // What is in the log is not carried any further.
    let desk = stage.desk::<Tally>();
    let tally = desk.update(&tally).inc(|t| t.total, 1).await.unwrap();
    assert_eq!(stage.carried(tally.id()).await, [2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_document_carries_much_of_is_brought_without_gathering() {
    let stage = Stage::idle().await;
    let desk = stage.desk::<Tally>();
    // A little on each of many documents waits for more.
    let mut tally = stage.tallies(8).await.swap_remove(0);
    assert_eq!(stage.inserts(), 0);
    for _ in 2..=8 {
        tally = desk.update(&tally).inc(|t| t.total, 1).await.unwrap();
    }
    until("the relay brings entries", || stage.inserts() > 0).await;
    stage.guard.flush().await.unwrap();
    stage.assert_history(tally.id(), 8).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flush_that_has_nothing_to_wait_for_sends_nothing() {
    let stage = Stage::new().await;
    stage.commands().clear();
    stage.guard.flush().await.unwrap();
    assert!(stage.commands().names().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_process_left_long_ago_is_brought_by_the_next_writer_of_the_document() {
    let stage = Stage::of(idle).await;
    stage.guard.shutdown().await.unwrap();
    let (old, new) = (stage.tally().await, stage.tally().await);
    let documents = stage.db.database().collection::<Document>("tallies");
    let long_ago = DateTime::from_millis(DateTime::now().timestamp_millis() - 60_000);
    let update = doc! { "$set": { "__audit.0.at": long_ago } };
    let of = doc! { "_id": old.id() };
    documents.update_one(of, update).await.unwrap();

    let other = stage.other().await;
    let desk = other.collection::<Tally>().by("other");
    for tally in [&old, &new] {
        let written = desk.update_latest(tally.id()).inc(|t| t.total, 1).await;
        assert_eq!(written.unwrap().version(), 2);
    }
    other.flush().await.unwrap();
    assert_eq!(stage.logged(old.id()).await, [1, 2]);
    // Its writer may be about to bring it.
    assert_eq!(stage.logged(new.id()).await, [2]);
    let again = desk.update_latest(old.id()).inc(|t| t.total, 1).await;
    assert_eq!(stage.carried(again.unwrap().id()).await, [3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_relays_on_one_database_bring_each_entry_once() {
    let stage = Stage::new().await;
    let other = stage.other().await;
    let tallies = stage.tallies(20).await;
    let desks = [stage.desk::<Tally>(), other.collection().by("other")];
    let writers = desks.map(|desk| {
        let ids: Vec<_> = tallies.iter().map(Stored::id).collect();
        tokio::spawn(async move {
            for _ in 0..5 {
                for id in &ids {
                    desk.update_latest(*id).inc(|t| t.total, 1).await.unwrap();
                }
            }
        })
    });
    for writer in writers {
        writer.await.unwrap();
    }
    let flushed = tokio::join!(stage.guard.flush(), other.flush());
    assert!(flushed.0.unwrap().refused.is_empty());
    assert!(flushed.1.unwrap().refused.is_empty());
    let log = stage.log().await;
    let ids: HashSet<_> = log
        .iter()
        .map(|entry| entry.get("_id").unwrap().to_string())
        .collect();
    assert_eq!((log.len(), ids.len()), (20 * 11, 20 * 11));
    assert_eq!(log.iter().map(version).max(), Some(11));
    for tally in tallies {
        assert_eq!(stage.logged(tally.id()).await, (1..=11).collect::<Vec<_>>());
    }
}
