//! The connection goes before the server has seen the write, or the write comes late.

use std::time::Duration;

use mongodb::bson::{Bson, Document, doc};
use monguard::error::Settled;
use monguard::prelude::*;
use monguard_tests::models::Tally;
use monguard_tests::proxy::{Command, WireCommand};
use tokio::time::timeout;

use super::stage::{LONG, SHORT, Stage, data_write, entry_insert, settled};

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_did_not_arrive_is_sent_again() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    stage.proxy.on(data_write()).cut_before();

    let stored = stage.increment(&tally).await.unwrap().unwrap();

    assert!(matches!(stored.outcome(), Outcome::Written), "{stored:?}");
    assert_eq!(stage.commands().count("findAndModify"), 2);
    stage.assert_tally(tally.id(), 2, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_an_update_is_no_update() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    stage.proxy.on(data_write()).partial_request(40);

    stage.increment(&tally).await.unwrap().unwrap();

    stage.assert_tally(tally.id(), 2, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_that_did_not_arrive_is_sent_again_once_it_cannot_come_late() {
    let stage = Stage::impatient().await;
    stage.proxy.on(data_write()).cut_before();

    let started = tokio::time::Instant::now();
    let created = stage.writer().create(Tally { total: 5 }).await.unwrap();

    assert!(started.elapsed() >= SHORT);
    assert!(created.is_new());
    assert_eq!(stage.count::<Tally>().await, 1);
    stage.assert_tally(created.id(), 1, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_server_leaves_a_write_unsettled_that_was_not_made() {
    let stage = Stage::impatient().await;
    let tally = stage.tally().await;
    let gate = stage.proxy.on(data_write()).hold_request();
    let write = stage.increment(&tally);
    gate.reached(1).await;
    stage.proxy.refuse_connections();
    let started = tokio::time::Instant::now();
    gate.cut();

    let Err(Error::Unsettled(unsettled)) = write.await.unwrap() else {
        panic!("nobody can know")
    };
    assert!(started.elapsed() < 2 * SHORT, "{:?}", started.elapsed());
    let away = unsettled.settle().await;
    assert!(matches!(away, Err(Error::Unsettled(_))), "{away:?}");
    stage.proxy.accept_connections();

    assert_eq!(settled(&unsettled).await, Settled::NotLanded);
    stage.assert_tally(tally.id(), 1, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_server_leaves_a_write_unsettled_that_was_made() {
    let stage = Stage::impatient().await;
    let tally = stage.tally().await;
    let gate = stage.proxy.on(data_write()).hold_reply();
    let write = stage.increment(&tally);
    gate.reached(1).await;
    stage.proxy.refuse_connections();
    gate.cut();

    let Err(Error::Unsettled(unsettled)) = write.await.unwrap() else {
        panic!("nobody can know")
    };
    assert_eq!(stage.entries(tally.id()).await.len(), 1);
    stage.proxy.accept_connections();

    assert_eq!(settled(&unsettled).await, Settled::Landed);
    stage.assert_tally(tally.id(), 2, 5).await;
    assert_eq!(stage.guard.unwritten_entries(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_server_leaves_a_create_unsettled() {
    for is_made in [false, true] {
        let stage = Stage::impatient().await;
        let rule = stage.proxy.on(data_write());
        let gate = if is_made {
            rule.hold_reply()
        } else {
            rule.hold_request()
        };
        let writer = stage.writer::<Tally>();
        let create = tokio::spawn(async move { writer.create(Tally { total: 5 }).await });
        gate.reached(1).await;
        stage.proxy.refuse_connections();
        gate.cut();

        let Err(Error::Unsettled(unsettled)) = create.await.unwrap() else {
            panic!("nobody can know")
        };
        stage.proxy.accept_connections();

        let (expected, count) = if is_made {
            (Settled::Landed, 1)
        } else {
            (Settled::NotLanded, 0)
        };
        assert_eq!(settled(&unsettled).await, expected);
        assert_eq!(stage.count::<Tally>().await, count);
        let log = stage.db.database().collection::<()>("audit_logs");
        assert_eq!(log.estimated_document_count().await.unwrap(), count);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_comes_late_changes_nothing_any_more() {
    let stage = Stage::impatient().await;
    let tally = stage.tally().await;
    // Nobody hears of it until its time is up; then it is sent once more, and comes after that.
    let gate = stage.proxy.on(data_write()).hold_request();

    let stored = stage.increment(&tally).await.unwrap().unwrap();
    assert_eq!(stored.version(), 2);
    gate.release();
    gate.answered(1).await;

    stage.assert_tally(tally.id(), 2, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_that_comes_late_is_found_and_recorded() {
    let stage = Stage::of(|builder| builder.time_limit(SHORT).margin(LONG)).await;
    let gate = stage.proxy.on(data_write()).hold_request();
    // Its connection is gone for the caller, who waits for what becomes of it.
    let writer = stage.writer::<Tally>();
    let create = tokio::spawn(async move { writer.create(Tally { total: 5 }).await });
    gate.reached(1).await;
    create.abort();
    let insert = stage.watch(entry_insert());
    gate.release();

    insert.answered(1).await;
    let documents = stage.db.database().collection("tallies");
    let document: Document = documents.find_one(doc! {}).await.unwrap().unwrap();
    let id = document.get_object_id("_id").unwrap();
    stage.assert_tally(id, 1, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_has_its_own_time_limit() {
    let stage = Stage::of(|builder| builder.margin(Duration::ZERO)).await;
    let tally = stage.tally().await;
    let gate = stage.proxy.on(data_write()).times(9).hold_request();

    let writer = stage.writer::<Tally>();
    let update = writer.update(&tally).inc(|t| t.total, 5).time_limit(SHORT);
    let result = timeout(LONG, update.into_future()).await.unwrap();

    assert!(matches!(result, Err(Error::Unsettled(_))), "{result:?}");
    let sent = stage.commands().named("findAndModify");
    let limit = i64::try_from(SHORT.as_millis()).unwrap();
    let given = |command: &WireCommand| match command.body.get("maxTimeMS") {
        Some(Bson::Int32(limit)) => i64::from(*limit),
        Some(Bson::Int64(limit)) => *limit,
        other => panic!("{other:?}"),
    };
    assert!(sent.iter().all(|command| given(command) == limit));
    gate.cut();
}

/// The collection takes nothing any more.
async fn refuse(stage: &Stage, collection: &str) {
    let never = doc! { "never": { "$exists": true } };
    let command = doc! { "collMod": collection, "validator": never };
    stage.db.database().run_command(command).await.unwrap();
}

fn assert_refused<R: std::fmt::Debug>(result: monguard::Result<R>) {
    /// `DocumentValidationFailure`.
    const VALIDATION: i32 = 121;
    let Err(Error::Driver(error)) = result else {
        panic!("{result:?}")
    };
    assert_eq!(error.code(), Some(VALIDATION));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_write_that_is_refused_afterwards_is_reported_as_refused() {
    let stage = Stage::impatient().await;
    let tally = stage.tally().await;
    let gate = stage.proxy.on(data_write()).hold_request();
    let write = stage.increment(&tally);
    gate.reached(1).await;
    refuse(&stage, "tallies").await;
    gate.cut();

    assert_refused(write.await.unwrap());
    assert_eq!(stage.commands().count("findAndModify"), 2);
    stage.assert_tally(tally.id(), 1, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_create_that_is_refused_afterwards_is_reported_as_refused() {
    let stage = Stage::impatient().await;
    stage.tally().await;
    let gate = stage.proxy.on(data_write()).hold_request();
    let writer = stage.writer::<Tally>();
    let create = tokio::spawn(async move { writer.create(Tally { total: 5 }).await });
    gate.reached(1).await;
    refuse(&stage, "tallies").await;
    gate.cut();

    assert_refused(create.await.unwrap());
    assert_eq!(stage.count::<Tally>().await, 1);
}

/// It lands between the look that finds the document unchanged and the question whether the write
/// would match: that it does not any more is no condition of the caller's that failed.
#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_comes_late_is_not_taken_for_a_failed_condition() {
    let stage = Stage::of(|builder| builder.time_limit(SHORT).margin(Duration::ZERO)).await;
    let tally = stage.tally().await;
    let update = stage.proxy.on(data_write()).hold_request();
    let asks = |command: &Document| {
        let filter = command.get_document("filter");
        filter.is_ok_and(|filter| filter.contains_key("deletedAt"))
    };
    let find = Command::named("find").on_collection("tallies");
    let question = stage.proxy.on(find.matching(asks)).hold_request();

    let write = stage.increment(&tally);
    question.reached(1).await;
    update.release();
    update.answered(1).await;
    question.release();

    let stored = write.await.unwrap().unwrap();
    assert!(
        matches!(stored.outcome(), Outcome::Settled { .. }),
        "{stored:?}"
    );
    stage.assert_tally(tally.id(), 2, 5).await;
}
