//! The data is written, and its audit entry cannot be.

use std::sync::atomic::{AtomicU32, Ordering};

use mongodb::bson::{Document, doc};
use mongodb::options::IndexOptions;
use mongodb::{Database, IndexModel};
use monguard::prelude::*;
use monguard::{MonguardBuilder, OnAuditFailure};
use monguard_tests::models::Tally;

use super::stage::{Stage, entry_insert, impatient};

/// What keeps entries out of the log.
#[derive(Clone, Copy, Debug)]
enum Obstacle {
    Validator,
    UniqueIndex,
    Connection,
}

const OBSTACLES: [Obstacle; 3] = [
    Obstacle::Validator,
    Obstacle::UniqueIndex,
    Obstacle::Connection,
];

impl Obstacle {
    async fn put_up(self, stage: &Stage) {
        let database = stage.db.database();
        match self {
            Obstacle::Validator => refuse_all(database).await,
            Obstacle::UniqueIndex => refuse_second_entries(database).await,
            Obstacle::Connection => {
                stage.proxy.on(entry_insert()).always().cut_before();
            }
        }
    }
}

async fn refuse_all(database: &Database) {
    let command = doc! { "collMod": "audit_logs", "validator": { "never": { "$exists": true } } };
    database.run_command(command).await.unwrap();
}

async fn refuse_second_entries(database: &Database) {
    let unique = IndexOptions::builder().unique(true).build();
    let index = IndexModel::builder().keys(doc! { "ref.id": 1 });
    let log = database.collection::<Document>("audit_logs");
    log.create_index(index.options(unique).build())
        .await
        .unwrap();
}

fn fail(builder: MonguardBuilder) -> MonguardBuilder {
    impatient(builder).on_audit_failure(OnAuditFailure::Fail)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_without_its_entry_is_reported_and_counted() {
    for obstacle in OBSTACLES {
        let stage = Stage::impatient().await;
        let tally = stage.tally().await;
        obstacle.put_up(&stage).await;

        let writer = stage.writer::<Tally>();
        let stored = writer.update(&tally).inc(|t| t.total, 5).await.unwrap();

        let Outcome::WrittenWithoutEntry(cause) = stored.outcome() else {
            panic!("{obstacle:?}: {stored:?}")
        };
        assert!(matches!(**cause, Error::Driver(_)), "{cause:?}");
        assert_eq!(stored.version(), 2);
        assert_eq!(stored.total, 5);
        assert_eq!(stage.guard.unwritten_entries(), 1);
        stage.assert_linked(tally.id(), 1).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_without_its_entry_can_be_an_error_with_the_document() {
    for obstacle in OBSTACLES {
        let stage = Stage::of(fail).await;
        let tally = stage.tally().await;
        obstacle.put_up(&stage).await;

        let writer = stage.writer::<Tally>();
        let Err(Error::AuditNotWritten(error)) = writer.update(&tally).inc(|t| t.total, 5).await
        else {
            panic!("{obstacle:?} is in the way")
        };

        let stored = error.stored::<Tally>().unwrap();
        assert_eq!(stored.version(), 2);
        assert_eq!(stored.total, 5);
        assert_eq!(stage.guard.unwritten_entries(), 1);
        let document = stage.document::<Tally>(tally.id()).await.unwrap();
        assert_eq!(document.get_object_id("__w").unwrap(), error.operation());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_modify_without_its_entry_is_not_made_again() {
    for obstacle in OBSTACLES {
        let stage = Stage::of(fail).await;
        let tally = stage.tally().await;
        obstacle.put_up(&stage).await;

        let runs = AtomicU32::new(0);
        let writer = stage.writer::<Tally>();
        let modify = writer.modify(tally.id(), |_, update| {
            runs.fetch_add(1, Ordering::SeqCst);
            update.inc(|t| t.total, 5)
        });
        let result = modify.await;

        assert!(
            matches!(result, Err(Error::AuditNotWritten(_))),
            "{result:?}"
        );
        assert_eq!(runs.into_inner(), 1);
        let document = stage.document::<Tally>(tally.id()).await.unwrap();
        assert_eq!(document.get_i64("total").ok(), Some(5));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_without_its_entry_is_new() {
    let stage = Stage::impatient().await;
    stage.tally().await;
    Obstacle::Validator.put_up(&stage).await;

    let created = stage.writer().create(Tally { total: 5 }).await.unwrap();

    assert!(created.is_new());
    let outcome = created.outcome();
    assert!(
        matches!(outcome, Outcome::WrittenWithoutEntry(_)),
        "{outcome:?}"
    );
    assert_eq!(stage.guard.unwritten_entries(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_removed_without_its_entry() {
    let stage = Stage::impatient().await;
    let tally = stage.tally().await;
    Obstacle::Validator.put_up(&stage).await;

    let writer = stage.writer::<Tally>();
    let deleted = writer.hard_delete(&tally).await;

    assert!(
        matches!(deleted, Err(Error::AuditNotWritten(_))),
        "{deleted:?}"
    );
    assert_eq!(stage.count::<Tally>().await, 1);
    // Once entries can be written again, whoever comes finishes it.
    let open = doc! { "collMod": "audit_logs", "validator": {} };
    stage.db.database().run_command(open).await.unwrap();
    let again = writer.hard_delete(&tally).await;
    assert!(matches!(again, Err(Error::NotFound(_))), "{again:?}");
    assert_eq!(stage.count::<Tally>().await, 0);
    stage.assert_linked(tally.id(), 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_entry_of_the_same_id_is_not_taken_for_this_one() {
    let stage = Stage::impatient().await;
    let tally = stage.tally().await;
    let gate = stage.proxy.on(entry_insert()).hold_request();
    let writer = stage.writer::<Tally>();
    let base = tally.clone();
    let update = tokio::spawn(async move { writer.update(&base).inc(|t| t.total, 5).await });
    gate.reached(1).await;
    let document = stage.document::<Tally>(tally.id()).await.unwrap();
    let foreign = doc! { "_id": document.get("__w").unwrap(), "ref": { "id": "other" } };
    let log = stage.db.database().collection::<Document>("audit_logs");
    log.insert_one(foreign).await.unwrap();
    gate.release();

    let stored = update.await.unwrap().unwrap();
    let outcome = stored.outcome();
    assert!(
        matches!(outcome, Outcome::WrittenWithoutEntry(_)),
        "{outcome:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_whose_insert_was_not_answered_is_there_once() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    stage.proxy.on(entry_insert()).times(2).cut_after();

    let writer = stage.writer::<Tally>();
    let stored = writer.update(&tally).inc(|t| t.total, 5).await.unwrap();

    assert!(matches!(stored.outcome(), Outcome::Written), "{stored:?}");
    stage.assert_tally(tally.id(), 2, 5).await;
}
