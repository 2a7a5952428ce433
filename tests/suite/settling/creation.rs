//! Creates: their answers lost, overtaken, replayed, and left without an entry.

use mongodb::bson::{DateTime, Document, doc};
use monguard::Monguard;
use monguard::prelude::*;
use monguard_tests::fixture::after_write;
use monguard_tests::models::{Order, Tally};
use monguard_tests::proxy::{Gate, Proxy};
use tokio::task::JoinHandle;

use super::hard_delete::broken_off;
use super::process::Process;
use super::stage::{Account, Stage, data_write, entry_insert, version_of, without_retries};

type Create = JoinHandle<monguard::Result<Created<Tally>>>;

fn create(stage: &Stage) -> Create {
    let writer = stage.writer::<Tally>();
    tokio::spawn(async move { writer.create(Tally { total: 5 }).await })
}

/// The create is made, and its answer held.
async fn made(stage: &Stage) -> (Gate, Create, Document) {
    let gate = stage.proxy.on(data_write()).hold_reply();
    let create = create(stage);
    gate.reached(1).await;
    let tallies = stage.db.database().collection::<Document>("tallies");
    let document = tallies.find_one(doc! {}).await.unwrap().unwrap();
    (gate, create, document)
}

fn assert_new(created: &Created<Tally>, is_overtaken: bool) {
    assert!(created.is_new());
    let outcome = created.outcome();
    assert!(
        matches!(outcome, Outcome::Settled { overtaken } if *overtaken == is_overtaken),
        "{outcome:?}"
    );
    assert_eq!(created.version(), 1);
    assert_eq!(created.total, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_whose_answer_is_lost_is_made_once() {
    let stage = Stage::new().await;
    stage.proxy.on(data_write()).cut_after();

    let created = create(&stage).await.unwrap().unwrap();

    assert_new(&created, false);
    assert_eq!(stage.count::<Tally>().await, 1);
    stage.assert_tally(created.id(), 1, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_that_was_overwritten_before_it_could_settle_is_reported_as_made() {
    let stage = Stage::new().await;
    let (gate, create, document) = made(&stage).await;
    let id = document.get_object_id("_id").unwrap();
    let rival = stage.rival::<Tally>();
    rival.update_latest(id).inc(|t| t.total, 1).await.unwrap();
    gate.cut();

    assert_new(&create.await.unwrap().unwrap(), true);
    stage.assert_tally(id, 2, 6).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_whose_document_is_gone_again_is_reported_as_made_and_not_made_again() {
    let stage = Stage::new().await;
    let (gate, create, document) = made(&stage).await;
    let id = document.get_object_id("_id").unwrap();
    let rivals = stage.guard.collection::<Tally>();
    let current = rivals.find_by_id(id).await.unwrap().unwrap();
    stage.rival::<Tally>().hard_delete(&current).await.unwrap();
    gate.cut();

    assert_new(&create.await.unwrap().unwrap(), true);
    assert_eq!(stage.count::<Tally>().await, 0);
    stage.assert_linked(id, 2).await;
}

async fn orders(guard: &Monguard) -> Writer<Order> {
    let orders = guard.collection::<Order>();
    orders.ensure_indexes().await.unwrap();
    orders.by("us").trace("request")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_with_a_key_may_be_replayed_after_its_answer_was_lost() {
    let stage = Stage::new().await;
    let writer = orders(&stage.guard).await;
    stage.proxy.on(data_write()).cut_after();

    let first = writer.create(Order::placed("c-1")).await.unwrap();
    let second = writer.create(Order::placed("c-1")).await.unwrap();

    assert!(first.is_new() && !second.is_new());
    assert_eq!(first.id(), second.id());
    assert_eq!(stage.count::<Order>().await, 1);
    stage.assert_linked(first.id(), 1).await;
    let entry = &stage.entries(first.id()).await[0];
    assert_eq!(entry.get_str("traceId").ok(), Some("request"), "{entry}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_that_a_key_was_used_before_may_be_lost() {
    let stage = Stage::new().await;
    let writer = orders(&stage.guard).await;
    let first = writer.create(Order::placed("c-1")).await.unwrap();
    writer.update(&first).set(|o| o.amount, 7).await.unwrap();
    stage.proxy.on(data_write()).cut_after();

    let second = writer.create(Order::placed("c-1")).await.unwrap();

    assert!(!second.is_new() && second.was_compared());
    assert_eq!(second.version(), 2);
    stage.assert_linked(first.id(), 2).await;
}

/// A process makes the create, and dies before its entry.
async fn orphan(stage: &Stage) -> (Document, Proxy) {
    let proxy = stage.db.proxy().await;
    let held = proxy.on(entry_insert()).hold_request();
    let connect = without_retries(stage.db.connect()).through(&proxy);
    let process = Process::start(async move {
        let client = connect.open().await;
        let guard = after_write(client.database().clone()).build();
        let writer = orders(&guard.await.unwrap()).await;
        let _ = writer.create(Order::placed("c-1")).await;
    });
    held.reached(1).await;
    process.kill();
    held.cut();
    let orders = stage.db.database().collection::<Document>("orders");
    (orders.find_one(doc! {}).await.unwrap().unwrap(), proxy)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_whose_creator_died_before_its_entry_is_completed_by_the_next() {
    let stage = Stage::new().await;
    let (document, _proxy) = orphan(&stage).await;
    let id = document.get_object_id("_id").unwrap();
    assert_eq!(stage.entries(id).await, []);
    let writer = orders(&stage.guard).await;

    let second = writer.create(Order::placed("c-1")).await.unwrap();

    assert!(!second.is_new());
    assert_eq!(second.id(), id);
    let last = stage.assert_linked(id, 1).await;
    assert_eq!(document.get_object_id("__w").ok(), last);
    // Once is enough.
    writer.create(Order::placed("c-1")).await.unwrap();
    stage.assert_linked(id, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_creator_who_is_still_at_it_writes_the_entry() {
    let stage = Stage::new().await;
    let writer = orders(&stage.guard).await;
    let held = stage.proxy.on(entry_insert()).hold_request();
    let first = tokio::spawn(async move { writer.create(Order::placed("c-1")).await });
    held.reached(1).await;
    let log = super::stage::log_read();
    let proxy = stage.db.proxy().await;
    let looks = proxy
        .on(log)
        .always()
        .delay_reply(std::time::Duration::ZERO);
    let client = without_retries(stage.db.connect()).through(&proxy).open();
    let guard = after_write(client.await.database().clone()).build();
    let again = orders(&guard.await.unwrap()).await;
    let second = tokio::spawn(async move { again.create(Order::placed("c-1")).await });
    looks.answered(1).await;
    held.release();

    assert!(first.await.unwrap().unwrap().is_new());
    let second = second.await.unwrap().unwrap();
    assert!(!second.is_new());
    let entries = stage.entries(second.id()).await;
    let traces: Vec<_> = entries
        .iter()
        .map(|entry| entry.get_str("traceId").ok())
        .collect();
    // The one who only finds the document does not know the trace.
    assert_eq!(traces, [Some("request")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_version_of_a_legacy_document_is_no_create_to_complete() {
    let stage = Stage::new().await;
    let writer = orders(&stage.guard).await;
    let first = writer.create(Order::placed("c-1")).await.unwrap();
    let raw = stage.db.database().collection::<Document>("orders");
    let long_ago = DateTime::from_millis(0);
    let bare = doc! {
        "$set": { "createdAt": long_ago, "updatedAt": long_ago },
        "$unset": { "__v": "", "__w": "" },
    };
    raw.update_one(doc! { "_id": first.id() }, bare)
        .await
        .unwrap();
    let log = stage.db.database().collection::<Document>("audit_logs");
    log.delete_many(doc! {}).await.unwrap();
    let updated = writer.update_latest(first.id()).set(|o| o.amount, 7).await;
    assert_eq!(updated.unwrap().version(), 1);
    log.delete_many(doc! {}).await.unwrap();

    let second = writer.create(Order::placed("c-1")).await.unwrap();

    assert!(!second.is_new());
    assert_eq!(stage.entries(first.id()).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_taken_is_a_duplicate_key() {
    let stage = Stage::new().await;
    let writer = stage.writer::<Account>();
    let first = writer.create(Account::numbered("A-1")).await.unwrap();

    let Err(Error::DuplicateKey(error)) = writer.create(Account::numbered("A-1")).await else {
        panic!("the number is taken")
    };

    assert_eq!(error.index(), "_id_");
    assert_eq!(error.fields(), ["_id"]);
    stage.assert_linked(first.id(), 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_that_an_id_is_taken_may_be_lost() {
    let stage = Stage::impatient().await;
    let rival = stage.rival::<Account>();
    let first = rival.create(Account::numbered("A-1")).await.unwrap();
    rival.update(&first).inc(|a| a.balance, 1).await.unwrap();
    stage.proxy.on(data_write()).cut_after();

    let second = stage.writer().create(Account::numbered("A-1")).await;

    let Err(Error::DuplicateKey(error)) = second else {
        panic!("{second:?}")
    };
    assert_eq!(error.fields(), ["_id"]);
    stage.assert_linked("A-1", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_unique_index_is_named_by_the_error() {
    let stage = Stage::new().await;
    let tallies = stage.db.database().collection::<Document>("tallies");
    let unique = mongodb::IndexModel::builder()
        .keys(doc! { "total": 1 })
        .options(
            mongodb::options::IndexOptions::builder()
                .unique(true)
                .build(),
        )
        .build();
    tallies.create_index(unique).await.unwrap();
    let first = create(&stage).await.unwrap().unwrap();

    let Err(Error::DuplicateKey(error)) = create(&stage).await.unwrap() else {
        panic!("the total is taken")
    };
    assert_eq!(error.fields(), ["total"]);
    let other = stage.tally().await;
    let update = stage.writer::<Tally>();
    let update = update.update(&other).set(|t| t.total, 5).await;
    let Err(Error::DuplicateKey(error)) = update else {
        panic!("{update:?}")
    };
    assert_eq!(error.fields(), ["total"]);
    for id in [first.id(), other.id()] {
        assert_eq!(version_of(&stage.entries(id).await[0]), 1);
        stage.assert_linked(id, 1).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_of_a_chosen_id_that_was_overwritten_without_a_trace_is_unsettled() {
    let stage = Stage::impatient().await;
    let gate = stage.proxy.on(data_write()).hold_reply();
    let writer = stage.writer::<Account>();
    let create = tokio::spawn(async move { writer.create(Account::numbered("A-1")).await });
    gate.reached(1).await;
    let proxy = stage.db.proxy().await;
    let held = proxy.on(entry_insert()).hold_request();
    let rival = super::stage::other::<Account>(&stage.db, &proxy).await;
    let rival = tokio::spawn(async move {
        let latest = rival.update_latest("A-1".to_owned());
        latest.inc(|a| a.balance, 1).await
    });
    held.reached(1).await;
    gate.cut();

    let Err(Error::Unsettled(unsettled)) = create.await.unwrap() else {
        panic!("nobody can know")
    };
    held.release();
    rival.await.unwrap().unwrap();
    let settled = unsettled.settle().await.unwrap();
    assert_eq!(settled, monguard::error::Settled::Landed);
    stage.assert_linked("A-1", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_of_a_chosen_id_whose_deleter_died_is_not_made_again() {
    let stage = Stage::new().await;
    let gate = stage.proxy.on(data_write()).hold_reply();
    let writer = stage.writer::<Account>();
    let create = tokio::spawn(async move { writer.create(Account::numbered("A-1")).await });
    gate.reached(1).await;
    let hold = |proxy: &Proxy| proxy.on(entry_insert()).hold_request();
    let _proxy = broken_off(&stage, hold).await;
    gate.cut();

    let created = create.await.unwrap().unwrap();

    let outcome = created.outcome();
    assert!(
        matches!(outcome, Outcome::Settled { overtaken: true }),
        "{outcome:?}"
    );
    assert_eq!(stage.count::<Account>().await, 0);
    stage.assert_linked("A-1", 2).await;
}
