//! Why a write did not match, told by what the settling read finds.

use mongodb::bson::{Document, doc};
use monguard::Topology;
use monguard::error::Settled;
use monguard::prelude::*;
use monguard_tests::models::Tally;
use monguard_tests::proxy::WireCommand;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::stage::{LONG, Stage, data_write, log_read, settled};

type Write = JoinHandle<monguard::Result<Stored<Tally>>>;

/// The level that a settling read asks for.
fn settled_level(stage: &Stage) -> Option<&'static str> {
    match stage.guard.capabilities().topology() {
        Topology::Standalone => None,
        _ => Some("linearizable"),
    }
}

fn level(command: &WireCommand) -> Option<&str> {
    let concern = command.body.get_document("readConcern").ok()?;
    concern.get_str("level").ok()
}

/// Asserts that the write was settled by reading the document, and then the log, outside of any
/// causal session, on the primary and with a time limit.
fn assert_settled(stage: &Stage) {
    let sent = stage.commands().all();
    let write = sent.iter().rposition(|sent| sent.name == "findAndModify");
    let reads = &sent[write.unwrap() + 1..];
    assert_eq!(reads[0].collections, ["tallies"], "{reads:#?}");
    assert_eq!(reads[1].collections, ["audit_logs"], "{reads:#?}");
    for read in &reads[..2] {
        assert_eq!(level(read), settled_level(stage), "{read:#?}");
        assert!(read.body.contains_key("maxTimeMS"), "{read:#?}");
        let concern = read.body.get_document("readConcern").ok();
        let is_causal = concern.is_some_and(|concern| concern.contains_key("afterClusterTime"));
        assert!(!is_causal, "{read:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_base_is_a_conflict() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    let rival = stage.rival::<Tally>();
    rival.update(&tally).inc(|t| t.total, 1).await.unwrap();

    let writer = stage.writer::<Tally>();
    let result = writer.update(&tally).inc(|t| t.total, 5).await;

    let Err(Error::Conflict(conflict)) = result else {
        panic!("{result:?}")
    };
    assert_eq!(conflict.expected_version().as_i64(), Some(1));
    assert_eq!(conflict.current_version().as_i64(), Some(2));
    assert_eq!(conflict.current::<Tally>().unwrap().total, 1);
    assert_settled(&stage);
    stage.assert_tally(tally.id(), 2, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_soft_deleted_document_is_deleted() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    stage.rival().delete(&tally).await.unwrap();

    let writer = stage.writer::<Tally>();
    let result = writer.update(&tally).inc(|t| t.total, 5).await;

    assert!(matches!(result, Err(Error::Deleted(_))), "{result:?}");
    assert_settled(&stage);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_gone_is_not_found() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    stage.rival().hard_delete(&tally).await.unwrap();

    let writer = stage.writer::<Tally>();
    let result = writer.update(&tally).inc(|t| t.total, 5).await;

    assert!(matches!(result, Err(Error::NotFound(_))), "{result:?}");
    assert_settled(&stage);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_condition_that_does_not_hold_is_told_from_a_conflict() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;

    let writer = stage.writer::<Tally>();
    let update = writer.update(&tally).when(|t| t.total.gte(1));
    let result = update.inc(|t| t.total, 5).await;

    let Err(Error::ConditionFailed(failed)) = result else {
        panic!("{result:?}")
    };
    assert_eq!(failed.current_version().as_i64(), Some(1));
    assert_settled(&stage);
    assert_eq!(stage.commands().count("findAndModify"), 1);
    stage.assert_tally(tally.id(), 1, 0).await;
}

/// A tool that leaves the version as it is.
async fn foreign_write(stage: &Stage, update: Document) {
    let tallies = stage.db.database().collection::<Document>("tallies");
    tallies.update_one(doc! {}, update).await.unwrap();
}

/// An update on the condition that the total is 0.
fn conditional(stage: &Stage, tally: &Stored<Tally>) -> Write {
    let (writer, tally) = (stage.writer::<Tally>(), tally.clone());
    tokio::spawn(async move {
        let update = writer.update(&tally).when(|t| t.total.eq(0));
        update.set(|t| t.total, 5).await
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_would_match_after_all_is_tried_again() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    let gate = stage.proxy.on(data_write()).hold_request();
    let settling = stage.proxy.on(log_read()).hold_request();
    let write = conditional(&stage, &tally);
    gate.reached(1).await;
    foreign_write(&stage, doc! { "$set": { "total": 1_i64 } }).await;
    gate.release();
    settling.reached(1).await;
    foreign_write(&stage, doc! { "$set": { "total": 0_i64 } }).await;
    settling.release();

    let stored = write.await.unwrap().unwrap();

    assert!(matches!(stored.outcome(), Outcome::Written), "{stored:?}");
    assert_eq!(stage.commands().count("findAndModify"), 2);
    stage.assert_tally(tally.id(), 2, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_only_ever_would_match_comes_to_an_end() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    let gate = stage.proxy.on(data_write()).always().hold_request();
    let settling = stage.proxy.on(log_read()).always().hold_request();
    let write = conditional(&stage, &tally);
    for turn in 1.. {
        tokio::select! {
            () = gate.reached(turn) => {}
            () = finished(&write) => break,
        }
        foreign_write(&stage, doc! { "$set": { "total": 1_i64 } }).await;
        gate.release_one();
        settling.reached(turn).await;
        foreign_write(&stage, doc! { "$set": { "total": 0_i64 } }).await;
        settling.release_one();
    }

    let result = write.await.unwrap();
    assert!(
        matches!(result, Err(Error::ConditionFailed(_))),
        "{result:?}"
    );
    stage.assert_tally(tally.id(), 1, 0).await;
}

/// Resolves once the write has come to its end.
async fn finished(write: &Write) {
    while !write.is_finished() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_settling_read_that_fails_makes_no_conflict() {
    let stage = Stage::impatient().await;
    let tally = stage.tally().await;
    let rival = stage.rival::<Tally>();
    rival.update(&tally).inc(|t| t.total, 1).await.unwrap();
    let rule = stage.proxy.on(log_read()).always().cut_before();

    let writer = stage.writer::<Tally>();
    let result = writer.update(&tally).inc(|t| t.total, 5).await;

    let Err(Error::Unsettled(unsettled)) = result else {
        panic!("{result:?}")
    };
    rule.remove();
    assert_eq!(settled(&unsettled).await, Settled::NotLanded);
    stage.assert_tally(tally.id(), 2, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_settling_read_that_is_never_answered_makes_no_conflict_either() {
    let stage = Stage::impatient().await;
    let tally = stage.tally().await;
    let rival = stage.rival::<Tally>();
    rival.update(&tally).inc(|t| t.total, 1).await.unwrap();
    let gate = stage.proxy.on(log_read()).always().hold_request();

    let writer = stage.writer::<Tally>();
    let update = writer.update(&tally).inc(|t| t.total, 5).into_future();
    let result = timeout(LONG, update).await.unwrap();

    assert!(matches!(result, Err(Error::Unsettled(_))), "{result:?}");
    gate.cut();
}
