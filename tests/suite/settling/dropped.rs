//! The future of a write is dropped after the write was sent.

use monguard_tests::models::Tally;
use monguard_tests::proxy::Gate;
use tokio::task::JoinHandle;

use super::stage::{Account, Stage, data_write, entry_insert};

/// Drops the write while its answer is held, and waits for the entry that comes all the same.
async fn drop_it<R>(stage: &Stage, gate: &Gate, write: JoinHandle<R>) {
    gate.reached(1).await;
    write.abort();
    assert!(write.await.is_err_and(|error| error.is_cancelled()));
    let insert = stage.watch(entry_insert());
    gate.release();
    insert.answered(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_nobody_waits_for_has_its_entry() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    let gate = stage.proxy.on(data_write()).hold_reply();
    let (writer, base) = (stage.writer::<Tally>(), tally.clone());
    let update = tokio::spawn(async move { writer.update(&base).inc(|t| t.total, 5).await });

    drop_it(&stage, &gate, update).await;

    stage.assert_tally(tally.id(), 2, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_modify_that_nobody_waits_for_has_its_entry() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    let gate = stage.proxy.on(data_write()).hold_reply();
    let (writer, id) = (stage.writer::<Tally>(), tally.id());
    let modify = tokio::spawn(async move {
        let modify = writer.modify(id, |_, update| update.inc(|t| t.total, 5));
        modify.await
    });

    drop_it(&stage, &gate, modify).await;

    stage.assert_tally(tally.id(), 2, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_that_nobody_waits_for_has_its_entry() {
    let stage = Stage::new().await;
    let gate = stage.proxy.on(data_write()).hold_reply();
    let writer = stage.writer::<Account>();
    let create = tokio::spawn(async move { writer.create(Account::numbered("A-1")).await });

    drop_it(&stage, &gate, create).await;

    stage.assert_linked("A-1", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hard_delete_that_nobody_waits_for_is_done() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    let gate = stage.proxy.on(data_write()).hold_reply();
    let removal = data_write().matching(|body| body.contains_key("remove"));
    let removal = stage.watch(removal);
    let (writer, base) = (stage.writer::<Tally>(), tally.clone());
    let delete = tokio::spawn(async move { writer.hard_delete(&base).await });

    drop_it(&stage, &gate, delete).await;
    removal.answered(1).await;

    assert_eq!(stage.count::<Tally>().await, 0);
    stage.assert_linked(tally.id(), 2).await;
}
