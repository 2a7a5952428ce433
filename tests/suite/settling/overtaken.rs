//! The answer is lost, and by the time that it is asked for, another write has come.

use mongodb::bson::{Document, doc};
use monguard::error::Settled;
use monguard::prelude::*;
use monguard_tests::models::{Job, Tally};
use monguard_tests::proxy::Gate;

use super::stage::{Stage, Write, data_write, entry_insert, log_read, other};

/// An increment by 1 of whatever is there.
fn increment_latest(writer: Writer<Tally>, tally: &Stored<Tally>) -> Write {
    let id = tally.id();
    tokio::spawn(async move { writer.update_latest(id).inc(|t| t.total, 1).await })
}

fn assert_overtaken(stored: &Stored<Tally>) {
    let outcome = stored.outcome();
    assert!(
        matches!(outcome, Outcome::Settled { overtaken: true }),
        "{outcome:?}"
    );
    // As it was when it was ours.
    assert_eq!(stored.version(), 2);
    assert_eq!(stored.total, 5);
}

/// Our write is made, and its answer held.
async fn made(stage: &Stage, tally: &Stored<Tally>) -> (Gate, Write) {
    let gate = stage.proxy.on(data_write()).hold_reply();
    let write = stage.increment(tally);
    gate.reached(1).await;
    (gate, write)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_was_overwritten_before_it_could_settle_is_reported_as_made() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    let (gate, write) = made(&stage, &tally).await;
    let rival = increment_latest(stage.rival(), &tally);
    assert_eq!(rival.await.unwrap().unwrap().version(), 3);
    gate.cut();

    assert_overtaken(&write.await.unwrap().unwrap());
    stage.assert_tally(tally.id(), 3, 6).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_write_that_was_overwritten_did_not_touch_is_as_it_was() {
    let stage = Stage::new().await;
    let status = "waiting".to_owned();
    let job = stage.writer().create(Job { status, phase: 1 }).await;
    let job = job.unwrap().into_stored();
    let gate = stage.proxy.on(data_write()).hold_reply();
    let write = tokio::spawn({
        let (writer, job) = (stage.writer::<Job>(), job.clone());
        async move { writer.update(&job).set(|j| j.phase, 2).await }
    });
    gate.reached(1).await;
    let rival = stage.rival::<Job>();
    let other = rival.update_latest(job.id());
    let other = other.set(|j| j.status, "done").await.unwrap();
    gate.cut();

    let written = write.await.unwrap().unwrap();
    assert!(matches!(
        written.outcome(),
        Outcome::Settled { overtaken: true }
    ));
    assert_eq!((written.status.as_str(), written.phase), ("waiting", 2));
    let names = |job: &Stored<Job>| -> Vec<String> {
        let elements = job.document().iter_elements();
        elements
            .map(|element| element.unwrap().key().to_string())
            .collect()
    };
    assert_eq!(names(&written), names(&other));
    let created = |job: &Stored<Job>| job.document().get_datetime("createdAt").unwrap();
    assert_eq!(created(&written), created(&job));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_settles_when_the_entry_of_the_one_that_came_next_arrives() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    let (gate, write) = made(&stage, &tally).await;
    let proxy = stage.db.proxy().await;
    let held = proxy.on(entry_insert()).hold_request();
    let rival = increment_latest(other(&stage.db, &proxy).await, &tally);
    held.reached(1).await;
    let looks = stage.watch(log_read());
    gate.cut();

    // Two whole looks at the log find nothing.
    looks.answered(7).await;
    assert!(!write.is_finished());
    held.release();

    assert_overtaken(&write.await.unwrap().unwrap());
    rival.await.unwrap().unwrap();
    stage.assert_tally(tally.id(), 3, 6).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_left_no_trace_is_unsettled_until_the_next_entry_arrives() {
    let stage = Stage::impatient().await;
    let tally = stage.tally().await;
    let (gate, write) = made(&stage, &tally).await;
    let proxy = stage.db.proxy().await;
    let held = proxy.on(entry_insert()).hold_request();
    let rival = increment_latest(other(&stage.db, &proxy).await, &tally);
    held.reached(1).await;
    gate.cut();

    let Err(Error::Unsettled(unsettled)) = write.await.unwrap() else {
        panic!("nobody can know")
    };
    let again = unsettled.settle().await;
    assert!(matches!(again, Err(Error::Unsettled(_))), "{again:?}");
    held.release();
    rival.await.unwrap().unwrap();
    assert_eq!(stage.entries(tally.id()).await.len(), 2);

    assert_eq!(unsettled.settle().await.unwrap(), Settled::Landed);
    stage.assert_tally(tally.id(), 3, 6).await;
    let entries = stage.entries(tally.id()).await;
    let operation = entries[1].get_object_id("_id").unwrap();
    assert_eq!(operation, unsettled.operation());
    // It is settled for good.
    assert_eq!(unsettled.settle().await.unwrap(), Settled::Landed);
    stage.assert_tally(tally.id(), 3, 6).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_was_overwritten_several_times_is_reported_as_made() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    let (gate, write) = made(&stage, &tally).await;
    for _ in 0..3 {
        let rival = increment_latest(stage.rival(), &tally);
        rival.await.unwrap().unwrap();
    }
    gate.cut();

    assert_overtaken(&write.await.unwrap().unwrap());
    stage.assert_tally(tally.id(), 5, 8).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_document_was_hard_deleted_since_is_reported_as_made() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    let (gate, write) = made(&stage, &tally).await;
    let rivals = stage.rival::<Tally>();
    let current = rivals.update_latest(tally.id()).inc(|t| t.total, 1).await;
    rivals.hard_delete(current.unwrap()).await.unwrap();
    gate.cut();

    assert_overtaken(&write.await.unwrap().unwrap());
    assert_eq!(stage.count::<Tally>().await, 0);
    stage.assert_linked(tally.id(), 4).await;
}

/// Our write never reaches the server.
async fn held_back(stage: &Stage, tally: &Stored<Tally>) -> (Gate, Write) {
    let gate = stage.proxy.on(data_write()).hold_request();
    let write = stage.increment(tally);
    gate.reached(1).await;
    (gate, write)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_write_whose_base_a_rival_took_is_a_conflict() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    let (gate, write) = held_back(&stage, &tally).await;
    let rival = increment_latest(stage.rival(), &tally);
    rival.await.unwrap().unwrap();
    gate.cut();

    let Err(Error::Conflict(conflict)) = write.await.unwrap() else {
        panic!("the rival came first")
    };
    assert_eq!(conflict.current::<Tally>().unwrap().total, 1);
    stage.assert_tally(tally.id(), 2, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_write_whose_rival_has_no_entry_yet_is_unsettled_and_then_not_made() {
    let stage = Stage::impatient().await;
    let tally = stage.tally().await;
    let proxy = stage.db.proxy().await;
    let (gate, write) = held_back(&stage, &tally).await;
    let held = proxy.on(entry_insert()).hold_request();
    let rival = increment_latest(other(&stage.db, &proxy).await, &tally);
    held.reached(1).await;
    gate.cut();

    let Err(Error::Unsettled(unsettled)) = write.await.unwrap() else {
        panic!("nobody can know")
    };
    held.release();
    rival.await.unwrap().unwrap();

    assert_eq!(unsettled.settle().await.unwrap(), Settled::NotLanded);
    stage.assert_tally(tally.id(), 2, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_write_that_a_tool_without_operations_came_before_is_a_conflict() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    let (gate, write) = held_back(&stage, &tally).await;
    let tallies = stage.db.database().collection::<Document>("tallies");
    let foreign = doc! { "$inc": { "__v": 1, "total": 1_i64 } };
    tallies
        .update_one(doc! { "_id": tally.id() }, foreign)
        .await
        .unwrap();
    gate.cut();

    let result = write.await.unwrap();
    assert!(matches!(result, Err(Error::Conflict(_))), "{result:?}");
}
