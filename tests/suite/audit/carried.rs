//! The entry of a write is a part of that write.

use mongodb::bson::{Document, doc};
use monguard::prelude::*;
use monguard::{Audit, Revision};
use monguard_tests::fixture::TestDb;
use monguard_tests::models::Order;

use super::stage::{carried, guard, guard_through, log, stored, told};

const LIFE: [&str; 6] = ["create", "update", "delete", "restore", "update", "delete"];

/// A document's life, from its creation to its removal.
async fn live(orders: &Collection<Order>) {
    let desk = orders
        .by("cs-001")
        .trace("req-42")
        .custom_data(doc! { "why": "$asked" });
    let order = Order {
        card_token: Some("tok-1".to_owned()),
        ..Order::placed("c-1")
    };
    let placed = desk.create(order).await.unwrap().into_stored();
    let updated = desk.update(&placed).inc(|o| o.amount, 5).await.unwrap();
    let deleted = desk.delete(&updated).await.unwrap();
    let restored = desk.restore(&deleted).await.unwrap();
    let tagged = desk
        .update(&restored)
        .set(|o| o.card_token, None)
        .await
        .unwrap();
    desk.hard_delete(&tagged).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_the_same_as_where_entries_come_after_their_writes() {
    for (carried, after_write) in [
        (Audit::carried(), Audit::after_write()),
        (Audit::carried().full(), Audit::after_write().full()),
    ] {
        let mut logs = Vec::new();
        for audit in [carried, after_write] {
            let db = TestDb::new().await;
            let monguard = guard(&db, audit).await;
            let orders = monguard.collection::<Order>();
            orders.ensure_indexes().await.unwrap();
            live(&orders).await;
            monguard.flush().await.unwrap();
            let entries = log(&db).await;
            let actions: Vec<&str> = entries
                .iter()
                .map(|e| e.get_str("action").unwrap())
                .collect();
            assert_eq!(actions, LIFE);
            assert!(!format!("{entries:?}").contains("tok-1"), "{entries:?}");
            logs.push(told(entries));
        }
        assert_eq!(logs[0], logs[1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audited_write_is_one_round_trip() {
    let db = TestDb::new().await;
    let client = db.connect().open().await;
    let monguard = guard_through(&client, Audit::carried()).await;
    let orders = monguard.collection::<Order>();
    orders.ensure_indexes().await.unwrap();
    let desk = orders.by("cs-001");
    // What is seen once: the index of the idempotency key.
    desk.create(Order::placed("c-0")).await.unwrap();
    monguard.flush().await.unwrap();

    let commands = client.commands();
    let sent = |from: usize| {
        let all = commands.all();
        let of_data = all[from..]
            .iter()
            .filter(|command| command.collections == ["orders"]);
        of_data
            .map(|command| command.name.clone())
            .collect::<Vec<_>>()
    };
    let start = commands.all().len();
    let placed = desk
        .create(Order::placed("c-1"))
        .await
        .unwrap()
        .into_stored();
    assert_eq!(sent(start), ["findAndModify"]);
    let start = commands.all().len();
    let updated = desk.update(&placed).inc(|o| o.amount, 5).await.unwrap();
    assert_eq!(sent(start), ["update"]);
    let start = commands.all().len();
    let deleted = desk.delete(&updated).await.unwrap();
    desk.restore(&deleted).await.unwrap();
    assert_eq!(sent(start), ["update", "update"]);
    monguard.flush().await.unwrap();
    assert_eq!(log(&db).await.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_carries_its_entry_until_that_is_in_the_log() {
    let db = TestDb::new().await;
    let monguard = guard(&db, Audit::carried()).await;
    let orders = monguard.collection::<Order>();
    orders.ensure_indexes().await.unwrap();
    let desk = orders.by("cs-001");
    let placed = desk
        .create(Order::placed("c-1"))
        .await
        .unwrap()
        .into_stored();
    let operation = |document: &Document| document.get_object_id("__w").unwrap();
    let created = carried(&db, "orders", placed.id()).await;
    assert_eq!(created.len(), 1);
    let document = stored(&db, "orders", placed.id()).await;
    assert_eq!(created[0].get_object_id("o").unwrap(), operation(&document));
    assert!(
        !created[0].contains_key("after"),
        "the document is its own image"
    );

    monguard.flush().await.unwrap();
    let updated = desk.update(&placed).inc(|o| o.amount, 5).await.unwrap();
    let kept = carried(&db, "orders", placed.id()).await;
    assert_eq!(kept.len(), 1, "the first is in the log: {kept:?}");
    assert_eq!(kept[0].get_str("a").unwrap(), "update");
    let none = desk.update(&updated).inc(|o| o.amount, 0).await.unwrap();
    assert!(matches!(none.outcome(), Outcome::Unchanged));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_by_another_process_keeps_what_it_does_not_know_to_be_in_the_log() {
    let db = TestDb::new().await;
    let (one, other) = (
        guard(&db, Audit::carried()).await,
        guard(&db, Audit::carried()).await,
    );
    let orders = one.collection::<Order>();
    orders.ensure_indexes().await.unwrap();
    let placed = orders
        .by("a")
        .create(Order::placed("c-1"))
        .await
        .unwrap()
        .into_stored();
    one.flush().await.unwrap();
    let theirs = other.collection::<Order>().by("b");
    theirs.update(&placed).inc(|o| o.amount, 5).await.unwrap();
    let kept = carried(&db, "orders", placed.id()).await;
    assert_eq!(kept.len(), 2);
    let image = kept[0].get_document("after").unwrap();
    assert_eq!(
        image.get_i64("amount").unwrap(),
        100,
        "the image of the creation is put in"
    );
    other.flush().await.unwrap();
    assert_eq!(log(&db).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_is_based_on_a_bare_version_carries_its_entry_too() {
    let db = TestDb::new().await;
    let monguard = guard(&db, Audit::carried()).await;
    let orders = monguard.collection::<Order>();
    orders.ensure_indexes().await.unwrap();
    let desk = orders.by("a");
    let placed = desk
        .create(Order::placed("c-1"))
        .await
        .unwrap()
        .into_stored();
    let revision = Revision::<Order>::from_version(placed.id(), 1);
    desk.update(revision).inc(|o| o.amount, 5).await.unwrap();
    desk.modify(placed.id(), |_, update| update.inc(|o| o.amount, 1))
        .await
        .unwrap();
    monguard.flush().await.unwrap();
    assert_eq!(log(&db).await.len(), 3);
}
