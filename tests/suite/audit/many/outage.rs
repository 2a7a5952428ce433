//! Writes of many documents while the log is down.

use std::time::Duration;

use mongodb::bson::doc;
use monguard::error::AuditBacklog;
use monguard::prelude::*;
use monguard::{BulkOutcome, MonguardBuilder, RelayOptions};
use monguard_tests::models::Tally;

use super::super::relay::stage::{Stage, idle, until};
use super::stage::counts;

/// Adds to all tallies by one command, and by a batch: raw operators are not for the server.
async fn add_twice(desk: &Writer<Tally>, count: u64) {
    let all = desk.update_many(|_| Filter::all());
    let report = all.inc(|t| t.total, 1).await.unwrap();
    assert_eq!(counts(&report), [count, count, 0, 0, 0], "{report:?}");
    let all = desk.update_many(|_| Filter::all());
    let raw = all.update_document(doc! { "$inc": { "total": 1_i64 } });
    let report = raw.await.unwrap();
    assert_eq!(counts(&report), [count, count, 0, 0, 0], "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_stay_on_their_documents_and_come_to_the_log_later() {
    let stage = Stage::new().await;
    let cut = stage.cut_log();
    let desk = stage.desk::<Tally>();
    let created = desk.create_many((0..6).map(|_| Tally::default())).await;
    let created = created.unwrap();
    assert!(created.is_complete(), "{created:?}");
    let tallies = created.outcomes().iter().filter_map(BulkOutcome::stored);
    let tallies: Vec<_> = tallies.cloned().collect();
    add_twice(&desk, 6).await;
    let (first, second) = (tallies[0].id(), tallies[1].id());
    let collection = stage.guard.collection::<Tally>();
    let first = collection.find_by_id(first).await.unwrap().unwrap();
    let second = collection.find_by_id(second).await.unwrap().unwrap();
    let bulk = desk.bulk().update(&first, |u| u.inc(|t| t.total, 1));
    let report = bulk.delete(&second).await.unwrap();
    assert_eq!(report.applied(), 2, "{report:?}");
    until("the log fails", || {
        stage.guard.relay_status().failing_since().is_some()
    })
    .await;

    assert!(stage.log().await.is_empty());
    for (tally, version) in tallies.iter().zip([4, 4, 3, 3, 3, 3]) {
        let all: Vec<i32> = (1..=version).collect();
        assert_eq!(stage.carried(tally.id()).await, all);
        stage.assert_history(tally.id(), version).await;
    }

    cut.remove();
    assert!(stage.guard.flush().await.unwrap().refused.is_empty());
    assert_eq!(stage.log().await.len(), 20);
    for (tally, version) in tallies.iter().zip([4, 4, 3, 3, 3, 3]) {
        let all: Vec<i32> = (1..=version).collect();
        assert_eq!(stage.logged(tally.id()).await, all);
    }
    // What is known to be in the log is taken off by the next writes.
    add_twice(&desk, 5).await;
    let carried = stage.carried(tallies[2].id()).await;
    assert!([&[4, 5][..], &[5]].contains(&&*carried), "{carried:?}");
}

fn backlog(error: &Error) -> &AuditBacklog {
    match error {
        Error::AuditBacklog(backlog) => backlog,
        error => panic!("{error:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_finds_no_room_in_the_relay_writes_nothing() {
    let small = |builder: MonguardBuilder| {
        let options = RelayOptions::default().entries(4);
        builder.relay(options.backpressure(Duration::from_millis(100)))
    };
    let stage = Stage::of(small).await;
    let cut = stage.cut_log();
    let tallies = stage.tallies(4).await;
    let desk = stage.desk::<Tally>();

    let all = desk.update_many(|_| Filter::all());
    let raw = all.update_document(doc! { "$inc": { "total": 1_i64 } });
    let report = raw.await.unwrap();

    assert_eq!(counts(&report), [4, 0, 0, 0, 4], "{report:?}");
    for failure in report.failures() {
        let backlog = backlog(failure.error());
        assert!(backlog.document().is_none() && backlog.waiting() == 4);
        assert!(failure.error().is_retryable());
    }
    let bulk = desk.bulk().update(&tallies[0], |u| u.inc(|t| t.total, 1));
    let report = bulk.delete(&tallies[1]).await.unwrap();
    let errors: Vec<_> = report.failures().map(|(_, error)| backlog(error)).collect();
    assert_eq!(errors.len(), 2, "{report:?}");
    for tally in &tallies {
        assert_eq!(stage.carried(tally.id()).await, [1]);
    }

    cut.remove();
    stage.guard.flush().await.unwrap();
    add_twice(&desk, 4).await;
    stage.guard.flush().await.unwrap();
    for tally in &tallies {
        assert_eq!(stage.logged(tally.id()).await, [1, 2, 3]);
    }
}

/// At most two entries on a document; what is waited for is not waited for long.
fn narrow(builder: MonguardBuilder) -> MonguardBuilder {
    idle(builder)
        .carried_entries(2)
        .time_limit(Duration::from_secs(1))
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_that_carry_as_much_as_they_may_fail_each_for_itself() {
    let stage = Stage::of(narrow).await;
    let cut = stage.cut_log();
    let full = stage.tallies(8).await;
    let desk = stage.desk::<Tally>();
    let all = desk.update_many(|_| Filter::all()).inc(|t| t.total, 1);
    assert_eq!(all.await.unwrap().modified(), 8);
    let fresh = stage.tally().await;

    let started = tokio::time::Instant::now();
    let all = desk.update_many(|_| Filter::all()).inc(|t| t.total, 1);
    let report = all.await.unwrap();

    assert_eq!(counts(&report), [9, 1, 0, 0, 8], "{report:?}");
    for failure in report.failures() {
        let backlog = backlog(failure.error());
        let document = backlog.document().expect("one document is full");
        assert_eq!(document.id(), Some(failure.id()));
        assert_eq!(backlog.waiting(), 2);
        assert!(backlog.cause().is_some());
    }
    // The log is waited for once, not once for each of them.
    let took = started.elapsed();
    assert!(took < Duration::from_secs(4), "{took:?}");
    for tally in &full {
        assert_eq!(stage.carried(tally.id()).await, [1, 2]);
    }
    assert_eq!(stage.carried(fresh.id()).await, [1, 2]);

    let collection = stage.guard.collection::<Tally>();
    let now = collection.find_by_id(full[0].id()).await.unwrap().unwrap();
    let other = stage.tally().await;
    let bulk = desk.bulk().update(&now, |u| u.inc(|t| t.total, 1));
    let report = bulk.update(&other, |u| u.inc(|t| t.total, 1));
    let report = report.create(Tally::default()).await.unwrap();
    let [
        BulkOutcome::Failed(error),
        BulkOutcome::Applied(_),
        BulkOutcome::Applied(_),
    ] = report.outcomes()
    else {
        panic!("{report:?}")
    };
    assert!(backlog(error).document().is_some());

    cut.remove();
    let all = desk.update_many(|_| Filter::all()).inc(|t| t.total, 1);
    let report = all.await.unwrap();
    assert_eq!(counts(&report), [11, 11, 0, 0, 0], "{report:?}");
    stage.guard.flush().await.unwrap();
    for tally in &full {
        assert_eq!(stage.logged(tally.id()).await, [1, 2, 3]);
        stage.assert_history(tally.id(), 3).await;
    }
}
