//! The log, or the server, is not there for a while.

use std::time::Duration;

use mongodb::Client;
use mongodb::bson::{Document, doc};
use monguard::prelude::*;
use monguard_test_server::Server;
use monguard_tests::models::Tally;
use monguard_tests::proxy::Command;

use super::stage::{LOG, LONG, Stage, carrying, idle, until};

const SOON: Duration = Duration::from_millis(200);

#[tokio::test(flavor = "multi_thread")]
async fn writes_go_on_while_the_log_takes_nothing_and_are_copied_when_it_does() {
    let stage = Stage::new().await;
    let cut = stage.cut_log();
    let tally = stage.tally().await;
    until("the log fails", || {
        stage.guard.relay_status().failing_since().is_some()
    })
    .await;
    let desk = stage.desk::<Tally>();
    let tally = desk.update(&tally).inc(|t| t.total, 1).await.unwrap();
    let status = stage.guard.relay_status();
    assert_eq!((status.waiting(), status.relayed()), (2, 0));
    assert!(status.last_failure().unwrap().is_transient(), "{status:?}");
    assert_eq!(stage.carried(tally.id()).await, [1, 2]);

    let Err(Error::AuditBacklog(backlog)) = stage.guard.flush().within(SOON).await else {
        panic!("the log takes nothing")
    };
    assert_eq!((backlog.waiting(), backlog.document().is_none()), (2, true));
    assert_eq!(backlog.failing_since(), status.failing_since());
    assert!(backlog.to_string().contains("2 audit entries"), "{backlog}");

    cut.remove();
    stage.guard.flush().await.unwrap();
    let status = stage.guard.relay_status();
    assert_eq!((status.waiting(), status.relayed()), (0, 2));
    assert!(status.failing_since().is_none());
    assert_eq!(stage.logged(tally.id()).await, [1, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_whose_insert_is_not_answered_are_there_once() {
    let stage = Stage::of(|builder| idle(builder).time_limit(LONG)).await;
    let tallies = stage.tallies(10).await;
    let inserts = || Command::named("insert").on_collection(LOG);
    stage.proxy.on(inserts()).times(3).cut_after();
    stage.guard.flush().await.unwrap();
    assert!(stage.inserts() >= 3, "{}", stage.inserts());
    assert_eq!(stage.log().await.len(), 10);
    assert_eq!(stage.guard.relay_status().relayed(), 10);

    // A part of the frame alone.
    stage.tallies(3).await;
    stage.proxy.on(inserts()).times(2).partial_request(30);
    stage.proxy.on(inserts()).skip(2).times(2).partial_reply(9);
    stage.guard.flush().await.unwrap();
    assert_eq!(stage.log().await.len(), 13);
    for tally in tallies {
        assert_eq!(stage.logged(tally.id()).await, [1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_relay_survives_a_server_that_is_killed_and_comes_back() {
    let server = Server::builder().sync_on_commit().start().unwrap();
    let client = Client::with_uri_str(server.uri()).await.unwrap();
    let database = client.database("restarted");
    let guard = idle(carrying(&database)).build().await.unwrap();
    let desk = guard.collection::<Tally>().by("desk");
    for _ in 0..20 {
        desk.create(Tally::default()).await.unwrap();
    }
    server.kill().unwrap();
    let flush = tokio::spawn({
        let guard = guard.clone();
        async move { guard.flush().await }
    });
    until("the log fails", || {
        guard.relay_status().failing_since().is_some()
    })
    .await;
    server.restart().unwrap();
    let flushed = tokio::time::timeout(LONG, flush).await;
    assert!(flushed.unwrap().unwrap().unwrap().refused.is_empty());
    let log = database.collection::<Document>(LOG);
    assert_eq!(log.count_documents(doc! {}).await.unwrap(), 20);
    // Writes go on through the same guard.
    desk.create(Tally::default()).await.unwrap();
    guard.flush().await.unwrap();
    assert_eq!(log.count_documents(doc! {}).await.unwrap(), 21);
}
