//! How a relay ends: by a shutdown, with its guard, with its runtime, with its process.

use std::time::Duration;

use monguard::prelude::*;
use monguard_tests::models::Tally;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use super::stage::{LONG, Stage, carrying, idle, until};

const SOON: Duration = Duration::from_millis(200);

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_flushes_and_what_is_written_later_stays_on_its_document() {
    let stage = Stage::idle().await;
    stage.tallies(5).await;
    assert_eq!(stage.log().await.len(), 0);
    let flushed = stage.guard.shutdown().await.unwrap();
    assert!(flushed.refused.is_empty());
    assert_eq!(stage.log().await.len(), 5);

    let later = stage.tally().await;
    stage.guard.flush().await.unwrap();
    stage.guard.shutdown().await.unwrap();
    assert_eq!(stage.guard.relay_status().waiting(), 0);
    assert!(stage.logged(later.id()).await.is_empty());
    assert_eq!(stage.carried(later.id()).await, [1]);
    // The next writer keeps it, and a recovery brings it.
    let other = stage.other().await;
    let desk = other.collection::<Tally>().by("other");
    desk.update_latest(later.id())
        .inc(|t| t.total, 1)
        .await
        .unwrap();
    assert_eq!(stage.carried(later.id()).await, [1, 2]);
    other.collection::<Tally>().recover().await.unwrap();
    assert_eq!(stage.logged(later.id()).await, [1, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_without_a_log_gives_up_in_time_and_the_rest_is_brought_later() {
    let stage = Stage::new().await;
    let cut = stage.cut_log();
    stage.tallies(5).await;
    let result = stage.guard.shutdown().within(SOON).await;
    let Err(Error::AuditBacklog(backlog)) = result else {
        panic!("{result:?}")
    };
    assert_eq!(backlog.waiting(), 5);
    cut.remove();
    stage.log_has(5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_brought_when_the_last_handle_is_dropped() {
    let stage = Stage::new().await;
    let guard = idle(carrying(stage.db.database())).build().await.unwrap();
    let desk = guard.collection::<Tally>().by("desk");
    for _ in 0..5 {
        desk.create(Tally::default()).await.unwrap();
    }
    drop(guard);
    assert_eq!(stage.log().await.len(), 0, "the writer is a handle, too");
    drop(desk);
    stage.log_has(5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flush_that_is_dropped_leaves_the_relay_as_it_was() {
    let stage = Stage::new().await;
    let cut = stage.cut_log();
    stage.tallies(2).await;
    let flush = tokio::time::timeout(SOON, stage.guard.flush().into_future()).await;
    assert!(flush.is_err());
    cut.remove();
    stage.guard.flush().await.unwrap();
    assert_eq!(stage.log().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guard_outlives_the_runtime_that_its_relay_was_started_in() {
    let stage = Stage::new().await;
    let cut = stage.cut_log();
    let desk = stage.desk::<Tally>();
    let (done, written) = oneshot::channel();
    std::thread::spawn(move || {
        let runtime = Runtime::new().unwrap();
        runtime.block_on(async {
            for _ in 0..3 {
                desk.create(Tally::default()).await.unwrap();
            }
        });
        runtime.shutdown_timeout(LONG);
        done.send(()).unwrap();
    });
    written.await.unwrap();
    assert_eq!(stage.guard.relay_status().waiting(), 3);
    cut.remove();
    stage.guard.flush().await.unwrap();
    assert_eq!(stage.log().await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shut_down_client_ends_the_relay_and_the_entries_stay() {
    let stage = Stage::new().await;
    let client = stage.db.connect().open().await;
    let guard = idle(carrying(client.database())).build().await.unwrap();
    let desk = guard.collection::<Tally>().by("desk");
    let tally = desk.create(Tally::default()).await.unwrap();
    client.client().clone().shutdown().immediate(true).await;
    let flushed = tokio::time::timeout(LONG, guard.flush().into_future()).await;
    let Err(Error::AuditBacklog(backlog)) = flushed.unwrap() else {
        panic!("nothing can be brought")
    };
    assert_eq!(backlog.waiting(), 1);
    assert_eq!(stage.carried(tally.id()).await, [1]);
    until("the relay fails", || {
        guard.relay_status().failing_since().is_some()
    })
    .await;
}
