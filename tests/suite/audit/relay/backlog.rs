//! Writes wait for room, and fail before they write where there is none.

use std::time::Duration;

use mongodb::bson::{Document, doc};
use monguard::prelude::*;
use monguard::{MonguardBuilder, RelayOptions};
use monguard_tests::models::Tally;
use monguard_tests::proxy::Command;

use super::stage::{LONG, Stage, until};

fn small(builder: MonguardBuilder) -> MonguardBuilder {
    let waits = Duration::from_millis(100);
    builder.relay(RelayOptions::default().entries(5).backpressure(waits))
}

async fn stored_tallies(stage: &Stage) -> u64 {
    let tallies = stage.db.database().collection::<Document>("tallies");
    tallies.count_documents(doc! {}).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_finds_no_room_is_not_made() {
    let stage = Stage::of(small).await;
    let cut = stage.cut_log();
    let tallies = stage.tallies(5).await;
    until("the log fails", || {
        stage.guard.relay_status().failing_since().is_some()
    })
    .await;
    let desk = stage.desk::<Tally>();
    stage.commands().clear();
    let create = desk.create(Tally::default()).await;
    let Err(error) = create else {
        panic!("there is no room for {create:?}")
    };
    assert!(error.is_retryable());
    let Error::AuditBacklog(backlog) = error else {
        panic!("{error}")
    };
    assert_eq!((backlog.waiting(), backlog.document().is_none()), (5, true));
    assert!(backlog.failing_since().is_some());
    assert!(std::error::Error::source(&*backlog).is_some());
    let update = desk.update(&tallies[0]).inc(|t| t.total, 1).await;
    assert!(matches!(update, Err(Error::AuditBacklog(_))), "{update:?}");
    let delete = desk.delete(&tallies[0]).await;
    assert!(matches!(delete, Err(Error::AuditBacklog(_))), "{delete:?}");
    assert_eq!(stage.commands().count("findAndModify"), 0);
    assert_eq!(stored_tallies(&stage).await, 5);

    cut.remove();
    stage.guard.flush().await.unwrap();
    let updated = desk.update(&tallies[0]).inc(|t| t.total, 1).await.unwrap();
    assert_eq!(updated.version(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_wait_for_room_as_long_as_they_may() {
    let patient = |builder: MonguardBuilder| {
        builder.relay(RelayOptions::default().entries(3).backpressure(LONG))
    };
    let stage = Stage::of(patient).await;
    let cut = stage.cut_log();
    stage.tallies(3).await;
    let writers: Vec<_> = (0..10)
        .map(|_| {
            let desk = stage.desk::<Tally>();
            tokio::spawn(async move { desk.create(Tally::default()).await })
        })
        .collect();
    until("the log fails", || {
        stage.guard.relay_status().failing_since().is_some()
    })
    .await;
    assert_eq!(stored_tallies(&stage).await, 3);
    cut.remove();
    for writer in writers {
        writer.await.unwrap().unwrap();
    }
    stage.guard.flush().await.unwrap();
    assert_eq!(stage.log().await.len(), 13);
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_outrun_a_small_relay_and_lose_nothing() {
    let tiny = |builder: MonguardBuilder| builder.relay(RelayOptions::default().entries(1));
    let stage = Stage::of(tiny).await;
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let desk = stage.desk::<Tally>();
            tokio::spawn(async move {
                for _ in 0..10 {
                    desk.create(Tally::default()).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    stage.guard.flush().await.unwrap();
    assert_eq!(stage.log().await.len(), 80);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bytes_that_wait_are_bounded_too() {
    let small = |builder: MonguardBuilder| {
        let options = RelayOptions::default().bytes(1);
        builder.relay(options.backpressure(Duration::from_millis(100)))
    };
    let stage = Stage::of(small).await;
    let cut = stage.cut_log();
    stage.tally().await;
    assert!(stage.guard.relay_status().waiting_bytes() > 1);
    let second = stage.desk::<Tally>().create(Tally::default()).await;
    assert!(matches!(second, Err(Error::AuditBacklog(_))), "{second:?}");
    cut.remove();
    stage.guard.flush().await.unwrap();
    stage.tally().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_nobody_drives_holds_up_no_other() {
    let two = |builder: MonguardBuilder| {
        let options = RelayOptions::default().entries(2);
        builder.relay(options.backpressure(Duration::from_secs(5)))
    };
    let stage = Stage::of(two).await;
    let cut = stage.cut_log();
    stage.tallies(2).await;
    let desk = stage.desk::<Tally>();
    let mut parked = std::pin::pin!(desk.create(Tally::default()).into_future());
    let waits = tokio::time::timeout(Duration::from_millis(50), parked.as_mut());
    assert!(waits.await.is_err(), "there is no room");
    cut.remove();
    stage.log_has(2).await;
    stage.tally().await;
    parked.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_of_unknown_outcome_takes_no_room() {
    let one = |builder: MonguardBuilder| {
        let options = RelayOptions::default().entries(1);
        let builder = builder.relay(options.backpressure(Duration::from_secs(1)));
        builder.margin(Duration::from_secs(1))
    };
    let stage = Stage::of(one).await;
    stage
        .proxy
        .on(Command::named("findAndModify"))
        .always()
        .cut_after();
    let reads = Command::named("find").on_collection("tallies");
    let unread = stage.proxy.on(reads).always().cut_before();
    let desk = stage.desk::<Tally>();
    let create = desk.create(Tally::default());
    let Err(Error::Unsettled(unsettled)) = create.time_limit(Duration::from_secs(1)).await else {
        panic!("it is known what became of it")
    };
    unread.remove();
    let other = stage.desk::<Tally>().create(Tally::default()).await;
    other.unwrap();
    stage.guard.flush().await.unwrap();
    assert_eq!(
        unsettled.settle().await.unwrap(),
        monguard::error::Settled::Landed
    );
    stage.guard.flush().await.unwrap();
    assert_eq!(stage.log().await.len(), 2);
}
