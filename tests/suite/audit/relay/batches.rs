//! Entries come to the log in batches, once each.

use std::collections::HashSet;

use monguard::prelude::*;
use monguard_tests::models::Tally;

use super::stage::{Stage, version};

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_entries_are_copied_by_one_insert() {
    let stage = Stage::idle().await;
    let writers = (0..10).map(|_| {
        let desk = stage.desk::<Tally>();
        tokio::spawn(async move {
            for _ in 0..99 {
                desk.create(Tally::default()).await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!((stage.inserts(), stage.log().await.len()), (0, 0));
    assert_eq!(stage.guard.relay_status().waiting(), 990);
    // A whole batch is not gathered any longer.
    stage.tallies(10).await;
    stage.log_has(1000).await;
    assert_eq!(stage.inserts(), 1);
    let flushed = stage.guard.flush().await.unwrap();
    assert!(flushed.refused.is_empty());
    let status = stage.guard.relay_status();
    assert_eq!((status.waiting(), status.waiting_bytes()), (0, 0));
    assert_eq!((status.relayed(), status.refused()), (1000, 0));
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
async fn a_flush_that_has_nothing_to_wait_for_sends_nothing() {
    let stage = Stage::new().await;
    stage.commands().clear();
    stage.guard.flush().await.unwrap();
    assert!(stage.commands().names().is_empty());
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
