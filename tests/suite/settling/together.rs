//! A write and its entry are one command, and no transaction: what becomes of them is told as truly.

use mongodb::IndexModel;
use mongodb::bson::{Document, doc};
use mongodb::options::IndexOptions;
use monguard::error::Settled;
use monguard::prelude::*;
use monguard::{OnAuditFailure, Retry};
use monguard_tests::models::{Job, Tally};
use tokio::task::JoinSet;

use super::stage::{Stage, both, impatient, settled};

fn assert_settled(stored: &Stored<Tally>, overtaken: bool) {
    let outcome = stored.outcome();
    let is_told = matches!(outcome, Outcome::Settled { overtaken: told } if *told == overtaken);
    assert!(is_told, "{outcome:?}");
    assert_eq!((stored.version(), stored.total), (2.into(), 5));
}

fn tallies(stage: &Stage) -> mongodb::Collection<Document> {
    stage.db.database().collection("tallies")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_one_command_and_has_its_entry() {
    let Some(stage) = Stage::together().await else {
        return;
    };
    let tally = stage.tally().await;
    let writer = stage.writer::<Tally>();
    stage.commands().clear();
    let updated = writer.update(&tally).inc(|t| t.total, 5).await.unwrap();
    let replaced = writer.replace(&updated, Tally { total: 7 }).await.unwrap();
    let deleted = writer.delete(&replaced).await.unwrap();
    let restored = writer.restore(&deleted).await.unwrap();
    let modified = writer.modify(tally.id(), |_, update| update.inc(|t| t.total, 1));
    let modified = modified.await.unwrap();

    let names = stage.commands().names();
    let expected = [["bulkWrite"; 4].as_slice(), &["find", "bulkWrite"]].concat();
    assert_eq!(names, expected);
    assert!(matches!(restored.outcome(), Outcome::Written));
    assert_eq!(modified.version(), 6);
    stage.assert_tally(tally.id(), 6, 8).await;
    for command in stage.commands().named("bulkWrite") {
        let concern = command.body.get_document("writeConcern").unwrap();
        assert_eq!(concern, &doc! { "w": "majority", "j": true });
        assert!(command.body.contains_key("maxTimeMS"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_does_not_match_makes_neither_an_entry_nor_a_document() {
    let Some(stage) = Stage::together().await else {
        return;
    };
    let tally = stage.tally().await;
    let writer = stage.writer::<Tally>();
    let current = writer.update(&tally).inc(|t| t.total, 5).await.unwrap();
    let stale = writer.update(&tally).inc(|t| t.total, 1).await;
    assert!(matches!(stale, Err(Error::Conflict(_))), "{stale:?}");
    let unchanged = writer.update(&tally).set(|t| t.total, 0).await;
    assert!(
        matches!(unchanged, Err(Error::Conflict(_))),
        "{unchanged:?}"
    );
    // A condition of the caller's might be one that is not taken where a document may be made.
    stage.commands().clear();
    let condition = writer.update(&current).when(|t| t.total.gt(500));
    let failed = condition.inc(|t| t.total, 1).await;
    assert!(
        matches!(failed, Err(Error::ConditionFailed(_))),
        "{failed:?}"
    );
    assert_eq!(stage.commands().count("bulkWrite"), 0);
    stage.assert_tally(tally.id(), 2, 5).await;
    assert_eq!(stage.count::<Tally>().await, 1);

    writer.hard_delete(&current).await.unwrap();
    let gone = writer.update(&current).inc(|t| t.total, 1).await;
    assert!(matches!(gone, Err(Error::NotFound(_))), "{gone:?}");
    assert_eq!(stage.count::<Tally>().await, 0);
    assert_eq!(stage.entries(tally.id()).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_first_writes_to_a_document_without_a_version_one_is_made() {
    let Some(stage) = Stage::together().await else {
        return;
    };
    let id = mongodb::bson::oid::ObjectId::new();
    let legacy = doc! { "_id": id, "total": 1_i64, "updatedAt": null };
    tallies(&stage).insert_one(legacy).await.unwrap();
    let found = stage.guard.collection::<Tally>().find_by_id(id).await;
    let found = found.unwrap().unwrap();
    stage.increment(&found).await.unwrap().unwrap();
    let second = stage.increment(&found).await.unwrap();
    assert!(matches!(second, Err(Error::Conflict(_))), "{second:?}");
    assert_eq!(stage.count::<Tally>().await, 1);
    assert_eq!(stage.entries(id).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_another_document_has_alone_is_a_duplicate_key() {
    let Some(stage) = Stage::together().await else {
        return;
    };
    let options = IndexOptions::builder().unique(true).build();
    let index = IndexModel::builder().keys(doc! { "total": 1 });
    let index = index.options(options).build();
    tallies(&stage).create_index(index).await.unwrap();
    let tally = stage.tally().await;
    stage.writer().create(Tally { total: 5 }).await.unwrap();
    let taken = stage.increment(&tally).await.unwrap();
    let Err(Error::DuplicateKey(duplicate)) = taken else {
        panic!("{taken:?}")
    };
    assert_eq!(duplicate.index(), "total_1");
    assert_eq!(duplicate.fields(), ["total"]);
    stage.assert_tally(tally.id(), 1, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_answer_is_lost_both_are_there_once() {
    for bytes in [None, Some(1), Some(40)] {
        let Some(stage) = Stage::together().await else {
            return;
        };
        let tally = stage.tally().await;
        let rule = stage.proxy.on(both());
        match bytes {
            None => rule.cut_after(),
            Some(bytes) => rule.partial_reply(bytes),
        };
        assert_settled(&stage.increment(&tally).await.unwrap().unwrap(), false);
        stage.assert_tally(tally.id(), 2, 5).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_arrive_is_sent_again() {
    let Some(stage) = Stage::together().await else {
        return;
    };
    let tally = stage.tally().await;
    stage.proxy.on(both()).cut_before();
    let stored = stage.increment(&tally).await.unwrap().unwrap();
    assert!(matches!(stored.outcome(), Outcome::Written), "{stored:?}");
    assert_eq!(stage.commands().count("bulkWrite"), 2);
    stage.assert_tally(tally.id(), 2, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_late_changes_nothing_any_more() {
    let Some(stage) = Stage::together().await else {
        return;
    };
    let tally = stage.tally().await;
    let gate = stage.proxy.on(both()).hold_request();
    let stored = stage.increment(&tally).await.unwrap().unwrap();
    assert_eq!(stored.version(), 2);
    gate.release();
    gate.answered(1).await;
    stage.assert_tally(tally.id(), 2, 5).await;
    assert_eq!(stage.count::<Tally>().await, 1);
}

/// The entry came with the write, so that it tells even if another write has come since.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_was_overwritten_before_it_could_settle_is_reported_as_made() {
    let Some(stage) = Stage::together().await else {
        return;
    };
    let tally = stage.tally().await;
    let gate = stage.proxy.on(both()).hold_reply();
    let write = stage.increment(&tally);
    gate.reached(1).await;
    let rival = stage.rival::<Tally>();
    let later = rival.update_latest(tally.id()).inc(|t| t.total, 1).await;
    assert_eq!(later.unwrap().version(), 3);
    gate.cut();
    assert_settled(&write.await.unwrap().unwrap(), true);
    stage.assert_tally(tally.id(), 3, 6).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_server_leaves_a_write_unsettled_whose_entry_is_there() {
    let Some(stage) = Stage::together().await else {
        return;
    };
    let tally = stage.tally().await;
    let gate = stage.proxy.on(both()).hold_reply();
    let write = stage.increment(&tally);
    gate.reached(1).await;
    stage.proxy.refuse_connections();
    gate.cut();
    let Err(Error::Unsettled(unsettled)) = write.await.unwrap() else {
        panic!("nobody can know")
    };
    stage.assert_tally(tally.id(), 2, 5).await;
    stage.proxy.accept_connections();
    assert_eq!(settled(&unsettled).await, Settled::Landed);
    stage.assert_tally(tally.id(), 2, 5).await;
    assert_eq!(stage.guard.unwritten_entries(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_nobody_waits_for_has_its_entry() {
    let Some(stage) = Stage::together().await else {
        return;
    };
    let tally = stage.tally().await;
    let gate = stage.proxy.on(both()).hold_request();
    let write = stage.increment(&tally);
    gate.reached(1).await;
    write.abort();
    gate.release();
    gate.answered(1).await;
    stage.assert_tally(tally.id(), 2, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_the_log_refuses_is_reported_as_missing() {
    for policy in [OnAuditFailure::Report, OnAuditFailure::Fail] {
        let build = |builder| impatient(builder).bulk_write(true).on_audit_failure(policy);
        let stage = Stage::of(build).await;
        let tally = stage.tally().await;
        let never = doc! { "never": { "$exists": true } };
        let command = doc! { "collMod": "audit_logs", "validator": never };
        stage.db.database().run_command(command).await.unwrap();
        let written = stage.increment(&tally).await.unwrap();
        let stored = match (policy, written) {
            (OnAuditFailure::Fail, Err(Error::AuditNotWritten(error))) => {
                error.stored::<Tally>().unwrap()
            }
            (OnAuditFailure::Report, Ok(stored)) => {
                let outcome = stored.outcome();
                assert!(
                    matches!(outcome, Outcome::WrittenWithoutEntry(_)),
                    "{outcome:?}"
                );
                stored
            }
            (_, other) => panic!("{other:?}"),
        };
        assert_eq!((stored.version(), stored.total), (2.into(), 5));
        assert_eq!(stage.guard.unwritten_entries(), 1);
        assert_eq!(stage.entries(tally.id()).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_server_does_not_know_the_command_two_are_sent_from_then_on() {
    let Some(stage) = Stage::together().await else {
        return;
    };
    let tally = stage.tally().await;
    let rule = stage.proxy.on(both()).always().unknown();
    stage.commands().clear();
    let first = stage.increment(&tally).await.unwrap().unwrap();
    assert!(matches!(first.outcome(), Outcome::Written), "{first:?}");
    let second = stage.increment(&first).await.unwrap().unwrap();
    assert_eq!((second.version(), second.total), (3.into(), 10));
    let two = ["findAndModify", "insert"];
    assert_eq!(
        stage.commands().names(),
        [&["bulkWrite"], two.as_slice(), &two].concat()
    );
    assert_eq!(rule.times_fired(), 1);
    stage.assert_tally(tally.id(), 3, 10).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_of_one_document_lose_nothing_whether_they_send_one_command_or_two() {
    let Some(stage) = Stage::together().await else {
        return;
    };
    let status = "waiting".to_owned();
    let job = stage.writer().create(Job { status, phase: 0 }).await;
    let id = job.unwrap().id();
    let mut writers = JoinSet::new();
    for number in 0..8 {
        let writer = if number % 2 == 0 {
            stage.writer::<Job>()
        } else {
            stage.rival()
        };
        writers.spawn(async move {
            for _ in 0..5 {
                let update = writer.update_latest(id).inc(|j| j.phase, 1);
                update.retry(Retry::default().attempts(1000)).await.unwrap();
            }
        });
    }
    writers.join_all().await;
    let document = stage.document::<Job>(id).await.unwrap();
    assert_eq!(document.get_i32("phase").ok(), Some(40), "{document}");
    stage.assert_linked(id, 41).await;
}
