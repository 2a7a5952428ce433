//! A write of many documents that reaches the server when its caller has given up on the answer.

use std::time::Duration;

use mongodb::bson::{Bson, Document};
use monguard::prelude::*;
use monguard::{Audit, ManyReport, ObjectId};
use monguard_tests::fixture::{TestClient, TestDb};
use monguard_tests::proxy::{Gate, Proxy};
use monguard_tests::traces::Traces;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::stage::{Item, assert_life, batch, counts, direct, stock, stored};

const LONG: Duration = Duration::from_secs(60);

/// A guard behind the proxy that soon gives up on an answer, and then waits for longer.
async fn impatient(db: &TestDb, proxy: &Proxy) -> (TestClient, Collection<Item>) {
    let connect = db.connect().retry_writes(false).retry_reads(false);
    let client = connect.through(proxy).open().await;
    let builder = Monguard::builder(client.database().clone())
        .audit(Audit::carried())
        .time_limit(Duration::from_millis(500))
        .margin(Duration::from_secs(2));
    let items = builder.build().await.unwrap().collection::<Item>();
    (client, items)
}

/// The operation of the first write, by its filter.
fn operation_of(client: &TestClient) -> ObjectId {
    let command = &client.commands().named("update")[0].body;
    let statement = command.get_array("updates").unwrap()[0].clone();
    let filter = statement.as_document().unwrap().get_document("q").unwrap();
    let other = filter.get_document("__w").unwrap();
    other.get_object_id("$ne").unwrap()
}

/// Whether a document shows that this operation has written it.
fn tells_of(document: &Document, operation: ObjectId) -> bool {
    document.to_string().contains(&operation.to_hex())
}

/// Waits until the write has given up on its answer. What arrives from now on is late, and in time.
async fn waits_begin(client: &TestClient, traces: Traces) {
    let operation = operation_of(client).to_hex();
    let has_begun = || {
        let of_it = traces.containing(&operation);
        of_it
            .iter()
            .any(|line| line.contains("the answer was lost"))
    };
    let begun = async {
        while !has_begun() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(LONG, begun).await.unwrap();
}

/// Adds 100 to all amounts, by a command that is held before the server sees it.
async fn held(proxy: &Proxy, items: &Collection<Item>) -> (Gate, JoinHandle<ManyReport>) {
    let gate = proxy.on(batch()).hold_request();
    let update = sent(&gate, items).await;
    (gate, update)
}

/// Adds 100 to all amounts, by a command that comes as far as the gate.
async fn sent(gate: &Gate, items: &Collection<Item>) -> JoinHandle<ManyReport> {
    let mover = items.by("mover");
    let update = tokio::spawn(async move {
        let all = mover.update_many(|_| Filter::all());
        all.inc(|i| i.amount, 100).await.unwrap()
    });
    gate.reached(1).await;
    update
}

async fn assert_amount(db: &TestDb, item: &Stored<Item>, amount: i32) {
    let document = stored(db, item.id()).await;
    assert_eq!(document.get_i32("amount").ok(), Some(amount), "{document}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_arrives_during_the_wait_is_not_made_again() {
    let traces = Traces::record();
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let (client, items) = impatient(&db, &proxy).await;
    let (_direct, straight) = direct(&db, Audit::carried()).await;
    let made = stock(&straight, 6).await;
    let (gate, update) = held(&proxy, &items).await;
    waits_begin(&client, traces).await;
    // Others were there before it arrives: it takes up from what they left.
    let rival = straight.by("rival");
    let update_first = rival.update(&made[0]).inc(|i| i.amount, 1);
    update_first.await.unwrap();
    rival.delete(&made[1]).await.unwrap();
    gate.release();
    gate.answered(1).await;

    let report = timeout(LONG, update).await.unwrap().unwrap();

    assert_eq!(counts(&report), [5, 5, 0, 0, 0], "{report:?}");
    assert!(report.is_complete());
    assert_eq!(client.commands().count("update"), 1);
    assert_amount(&db, &made[0], 102).await;
    assert_life(&db, &straight, made[0].id(), 3).await;
    assert_amount(&db, &made[1], 2).await;
    assert_life(&db, &straight, made[1].id(), 2).await;
    for item in &made[2..] {
        assert_amount(&db, item, item.amount + 100).await;
        assert_life(&db, &straight, item.id(), 2).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_late_command_wrote_may_be_written_by_others_before_the_wait_is_over() {
    let traces = Traces::record();
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let (client, items) = impatient(&db, &proxy).await;
    let (_direct, straight) = direct(&db, Audit::carried()).await;
    let made = stock(&straight, 4).await;
    let (gate, update) = held(&proxy, &items).await;
    waits_begin(&client, traces).await;
    gate.release();
    gate.answered(1).await;
    let rival = straight.by("rival");
    let again = rival.update_latest(made[0].id()).inc(|i| i.amount, 1);
    again.await.unwrap();
    let last = rival.update_latest(made[0].id()).inc(|i| i.amount, 1);
    last.await.unwrap();

    let report = timeout(LONG, update).await.unwrap().unwrap();

    assert_eq!(counts(&report), [4, 4, 0, 0, 0], "{report:?}");
    assert!(report.is_complete());
    assert_amount(&db, &made[0], 103).await;
    assert_life(&db, &straight, made[0].id(), 4).await;
    for item in &made[1..] {
        assert_amount(&db, item, item.amount + 100).await;
        assert_life(&db, &straight, item.id(), 2).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_the_log_shows_any_more_is_counted() {
    let traces = Traces::record();
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let (client, items) = impatient(&db, &proxy).await;
    let (_direct, straight) = direct(&db, Audit::carried()).await;
    let made = stock(&straight, 4).await;
    let gate = proxy.on(batch()).hold_reply();
    let update = sent(&gate, &items).await;
    gate.cut();
    waits_begin(&client, traces).await;
    // The entries are copied to the log meanwhile, and whoever knows that takes them off.
    let (rival, operation) = (items.by("rival"), operation_of(&client));
    let mut writes = 0;
    let overwritten = async {
        while writes == 0 || tells_of(&stored(&db, made[1].id()).await, operation) {
            let over = rival.update_latest(made[1].id()).inc(|i| i.amount, 1);
            over.await.unwrap();
            writes += 1;
        }
    };
    timeout(LONG, overwritten).await.unwrap();
    assert!(!update.is_finished());

    let report = timeout(LONG, update).await.unwrap().unwrap();

    assert_eq!(counts(&report), [4, 4, 0, 0, 0], "{report:?}");
    assert!(report.is_complete());
    assert_amount(&db, &made[1], 102 + writes).await;
    assert_life(&db, &straight, made[1].id(), i64::from(2 + writes)).await;
    for item in [&made[0], &made[2], &made[3]] {
        assert_amount(&db, item, item.amount + 100).await;
        assert_life(&db, &straight, item.id(), 2).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_never_arrives_is_made_by_batches() {
    let traces = Traces::record();
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let (client, items) = impatient(&db, &proxy).await;
    let (_direct, straight) = direct(&db, Audit::carried()).await;
    let made = stock(&straight, 4).await;
    let (gate, update) = held(&proxy, &items).await;
    waits_begin(&client, traces).await;
    gate.cut();

    let report = timeout(LONG, update).await.unwrap().unwrap();

    assert_eq!(counts(&report), [4, 4, 0, 0, 0], "{report:?}");
    assert_eq!(client.commands().count("update"), 2);
    let second = &client.commands().named("update")[1];
    let statements = second.body.get_array("updates").unwrap();
    assert_eq!(statements.len(), 4);
    let statement = statements[0].as_document().unwrap();
    assert!(matches!(statement.get("u"), Some(Bson::Document(_))));
    for item in &made {
        assert_amount(&db, item, item.amount + 100).await;
        assert_life(&db, &straight, item.id(), 2).await;
    }
}
