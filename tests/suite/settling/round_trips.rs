//! What the operations cost.

use monguard::prelude::*;
use monguard_tests::models::{Order, Tally};

use super::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn a_create_takes_two_round_trips() {
    let stage = Stage::new().await;
    stage.writer().create(Tally::default()).await.unwrap();
    assert_eq!(
        stage.commands().names(),
        ["hello", "buildInfo", "findAndModify", "insert"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_with_a_key_takes_two_once_its_index_was_seen() {
    let stage = Stage::new().await;
    let orders = stage.guard.collection::<Order>();
    orders.ensure_indexes().await.unwrap();
    let writer = orders.by("us");
    stage.commands().clear();

    writer.create(Order::placed("c-1")).await.unwrap();
    let sent = ["listIndexes", "findAndModify", "insert"];
    assert_eq!(stage.commands().names(), sent);
    stage.commands().clear();

    writer.create(Order::placed("c-2")).await.unwrap();
    assert_eq!(stage.commands().names(), ["findAndModify", "insert"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_takes_two_round_trips_and_one_that_changes_nothing_takes_one() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    let writer = stage.writer::<Tally>();
    stage.commands().clear();

    let stored = writer.update(&tally).inc(|t| t.total, 5).await.unwrap();
    assert_eq!(stage.commands().names(), ["findAndModify", "insert"]);
    stage.commands().clear();

    let unchanged = writer.update(&stored).set(|t| t.total, 5).await.unwrap();
    assert!(matches!(unchanged.outcome(), Outcome::Unchanged));
    assert_eq!(stage.commands().names(), ["find"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_of_a_bare_revision_reads_first() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    let writer = stage.writer::<Tally>();
    stage.commands().clear();

    let revision = tally.revision().clone();
    writer.update(revision).inc(|t| t.total, 5).await.unwrap();

    assert_eq!(
        stage.commands().names(),
        ["find", "findAndModify", "insert"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_modify_takes_three_round_trips() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    let writer = stage.writer::<Tally>();
    stage.commands().clear();

    let modify = writer.modify(tally.id(), |_, update| update.inc(|t| t.total, 5));
    modify.await.unwrap();

    assert_eq!(
        stage.commands().names(),
        ["find", "findAndModify", "insert"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hard_delete_takes_three_round_trips() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    stage.commands().clear();

    stage.writer().hard_delete(&tally).await.unwrap();

    let sent = ["findAndModify", "insert", "findAndModify"];
    assert_eq!(stage.commands().names(), sent);
}
