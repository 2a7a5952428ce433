//! A history is complete at any moment, whether its entries were copied to the log or not.

use mongodb::bson::oid::ObjectId;
use mongodb::bson::{Bson, Document, doc};
use monguard::audit::RawEntry;
use monguard::prelude::*;
use monguard::{Audit, AuditEntry};
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Order, Tally, Wide};
use monguard_tests::proxy::{Command, Proxy};

use super::stage::{carried, guard, guard_through, log, stored};

fn log_inserts() -> Command {
    Command::named("insert").on_collection("audit_logs")
}

fn log_reads() -> Command {
    Command::named("find").on_collection("audit_logs")
}

/// A guard whose commands go through the proxy.
async fn behind(db: &TestDb, proxy: &Proxy, audit: Audit) -> Monguard {
    guard_through(&db.through(proxy).await, audit).await
}

async fn history<T: Versioned>(guard: &Monguard, id: T::Id) -> Vec<AuditEntry<T>> {
    guard.collection::<T>().history(id).await.unwrap()
}

fn actions<T: Versioned>(history: &[AuditEntry<T>]) -> Vec<String> {
    let action = |entry: &AuditEntry<T>| entry.action.as_str().to_owned();
    history.iter().map(action).collect()
}

fn raw<T: Versioned>(history: Vec<AuditEntry<T>>) -> Vec<RawEntry> {
    history.into_iter().map(AuditEntry::into_raw).collect()
}

fn ids<T: Versioned>(history: &[AuditEntry<T>]) -> Vec<Bson> {
    history.iter().map(|entry| entry.id.clone()).collect()
}

/// A document's life, as far as it is restored.
async fn live(guard: &Monguard, checkout: &str) -> Stored<Order> {
    let orders = guard.collection::<Order>();
    orders.ensure_indexes().await.unwrap();
    let desk = orders.by("cs-001").trace("req-42");
    let order = Order {
        card_token: Some("tok-1".to_owned()),
        ..Order::placed(checkout)
    };
    let placed = desk.create(order).await.unwrap().into_stored();
    let updated = desk.update(&placed).inc(|o| o.amount, 5).await.unwrap();
    let deleted = desk.delete(&updated).await.unwrap();
    desk.restore(&deleted).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_is_the_same_before_and_after_its_entries_were_copied() {
    for audit in [Audit::carried(), Audit::carried().full()] {
        let db = TestDb::new().await;
        let proxy = db.proxy().await;
        let reader = guard(&db, Audit::after_write()).await;
        let held = proxy.on(log_inserts()).always().cut_before();
        let writer = behind(&db, &proxy, audit).await;

        let order = live(&writer, "c-1").await;
        assert!(log(&db).await.is_empty());
        let before = history::<Order>(&reader, order.id()).await;
        assert_eq!(actions(&before), ["create", "update", "delete", "restore"]);
        assert!(before.iter().all(AuditEntry::is_linked), "{before:#?}");
        assert!(!format!("{before:?}").contains("tok-1"), "{before:#?}");
        assert_eq!(
            raw(before.clone()),
            raw(history::<Order>(&writer, order.id()).await)
        );

        held.remove();
        writer.flush().await.unwrap();
        assert_eq!(log(&db).await.len(), 4);
        assert_eq!(carried(&db, "orders", order.id()).await.len(), 4);
        let after = history::<Order>(&reader, order.id()).await;
        assert_eq!(raw(before), raw(after.clone()));

        // Some are in the log only, and one on the document only.
        let held = proxy.on(log_inserts()).always().cut_before();
        let desk = writer.collection::<Order>().by("cs-001");
        desk.update(&order).inc(|o| o.amount, 5).await.unwrap();
        assert_eq!(carried(&db, "orders", order.id()).await.len(), 1);
        let more = history::<Order>(&reader, order.id()).await;
        assert_eq!(raw(more[..4].to_vec()), raw(after));
        assert_eq!(more[4].action.as_str(), "update");
        assert!(more[4].is_linked());
        held.remove();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_or_being_removed_has_its_history_too() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let _held = proxy.on(log_inserts()).always().cut_before();
    let client = db.through(&proxy).await;
    let builder = Monguard::builder(client.database().clone()).audit(Audit::carried());
    let limits = (
        std::time::Duration::from_millis(300),
        std::time::Duration::from_millis(100),
    );
    let writer = builder
        .time_limit(limits.0)
        .margin(limits.1)
        .build()
        .await
        .unwrap();
    let reader = guard(&db, Audit::carried()).await;
    let desk = writer.collection::<Tally>().by("desk");
    let first = desk.create(Tally { total: 1 }).await.unwrap().into_stored();
    let deleted = desk.delete(&first).await.unwrap();
    let seen = history::<Tally>(&reader, first.id()).await;
    assert_eq!(actions(&seen), ["create", "delete"]);

    // The log takes nothing, so that it stays between the two steps of its removal.
    desk.hard_delete(&deleted).await.unwrap_err();
    assert!(
        stored(&db, "tallies", first.id())
            .await
            .contains_key("__tombstone")
    );
    let seen = history::<Tally>(&reader, first.id()).await;
    assert_eq!(actions(&seen), ["create", "delete", "delete"]);
    assert!(seen.iter().all(AuditEntry::is_linked), "{seen:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_after_the_document_was_read_is_left_out() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let writer = guard(&db, Audit::carried()).await;
    let reader = behind(&db, &proxy, Audit::carried()).await;
    let desk = writer.collection::<Tally>().by("desk");
    let first = desk.create(Tally { total: 1 }).await.unwrap().into_stored();

    let gate = proxy.on(log_reads()).nth(1).hold_request();
    let tallies = reader.collection::<Tally>();
    let id = first.id();
    let reading = tokio::spawn(async move { tallies.history(id).await });
    gate.reached(1).await;
    for _ in 0..3 {
        desk.modify(id, |_, update| update.inc(|t| t.total, 1))
            .await
            .unwrap();
    }
    writer.flush().await.unwrap();
    gate.release();

    let seen = reading.await.unwrap().unwrap();
    assert_eq!(actions(&seen), ["create"]);
    assert_eq!(log(&db).await.len(), 4);
    assert_eq!(history::<Tally>(&reader, id).await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_created_again_meanwhile_is_read_again() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let writer = guard(&db, Audit::carried()).await;
    let reader = behind(&db, &proxy, Audit::carried()).await;
    let desk = writer.collection::<Wide>().by("desk");
    let first = desk
        .create(Wide { number: 7, size: 1 })
        .await
        .unwrap()
        .into_stored();

    let gate = proxy.on(log_reads()).nth(1).hold_request();
    let wides = reader.collection::<Wide>();
    let reading = tokio::spawn(async move { wides.history(7).await });
    gate.reached(1).await;
    desk.hard_delete(&first).await.unwrap();
    let again = desk
        .create(Wide { number: 7, size: 2 })
        .await
        .unwrap()
        .into_stored();
    desk.update(&again).inc(|w| w.size, 1).await.unwrap();
    writer.flush().await.unwrap();
    gate.release();

    let seen = reading.await.unwrap().unwrap();
    assert_eq!(actions(&seen), ["create", "delete", "create", "update"]);
    let lives: Vec<usize> = seen.iter().map(AuditEntry::life).collect();
    assert_eq!(lives, [0, 0, 1, 1]);
    assert!(seen.iter().all(AuditEntry::is_linked), "{seen:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_no_link_leads_to_is_shown_where_its_version_puts_it() {
    let db = TestDb::new().await;
    let client = db.connect().open().await;
    let writer = guard_through(&client, Audit::carried()).await;
    let order = live(&writer, "c-1").await;
    writer.flush().await.unwrap();
    let desk = writer.collection::<Order>().by("cs-001");
    let last = desk.update(&order).inc(|o| o.amount, 5).await.unwrap();
    writer.flush().await.unwrap();
    let entries = db.database().collection::<Document>("audit_logs");
    entries
        .delete_one(doc! { "metadata.version": 3 })
        .await
        .unwrap();

    client.commands().clear();
    let seen = history::<Order>(&writer, last.id()).await;
    assert_eq!(actions(&seen), ["create", "update", "restore", "update"]);
    let linked: Vec<bool> = seen.iter().map(AuditEntry::is_linked).collect();
    assert_eq!(linked, [true, true, false, true]);
    // To know that nothing was written meanwhile costs one read more.
    assert_eq!(client.commands().names(), ["find", "find", "find"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_is_two_reads_of_the_majority_one_after_the_other() {
    let db = TestDb::new().await;
    let client = db.connect().open().await;
    let writer = guard_through(&client, Audit::carried()).await;
    let order = live(&writer, "c-1").await;
    writer.flush().await.unwrap();
    client.commands().clear();
    history::<Order>(&writer, order.id()).await;
    let sent = client.commands().all();
    let collections: Vec<&str> = sent
        .iter()
        .map(|sent| sent.collections[0].as_str())
        .collect();
    assert_eq!(collections, ["orders", "audit_logs"]);
    let is_replicated = db.topology().await.has_transactions();
    for (read, is_second) in sent.iter().zip([false, true]) {
        let concern = read.body.get_document("readConcern").ok();
        let level = concern.and_then(|concern| concern.get_str("level").ok());
        assert_eq!(level, is_replicated.then_some("majority"), "{read:#?}");
        let after = concern.is_some_and(|concern| concern.contains_key("afterClusterTime"));
        assert_eq!(after, is_replicated && is_second, "{read:#?}");
        assert!(read.body.contains_key("maxTimeMS"), "{read:#?}");
    }
    assert_eq!(sent[0].body.get("lsid"), sent[1].body.get("lsid"));
}

/// Writes to one document, removes it and creates it again.
async fn write(guard: Monguard, name: &'static str, rounds: usize) {
    let wides = guard.collection::<Wide>();
    let desk = wides.by(name);
    for round in 0..rounds {
        match desk.modify(1, |_, update| update.inc(|w| w.size, 1)).await {
            Ok(stored) if round % 7 == 6 => match desk.hard_delete(&stored).await {
                Ok(_) | Err(Error::Conflict(_) | Error::NotFound(_)) => {}
                Err(error) => panic!("{error:?}"),
            },
            Ok(_) | Err(Error::Exhausted(_)) => {}
            Err(Error::NotFound(_)) => match desk.create(Wide { number: 1, size: 0 }).await {
                Ok(_) | Err(Error::DuplicateKey(_)) => {}
                Err(error) => panic!("{error:?}"),
            },
            Err(error) => panic!("{error:?}"),
        }
    }
    guard.flush().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn while_writers_race_each_history_begins_the_next_one() {
    let db = TestDb::new().await;
    let mut guards = Vec::new();
    for _ in 0..4 {
        guards.push(guard(&db, Audit::carried()).await);
    }
    let reader = guard(&db, Audit::carried()).await;
    reader.collection::<Wide>().ensure_indexes().await.unwrap();
    let names = ["a", "b", "c", "d"];
    let writers = guards
        .into_iter()
        .zip(names)
        .map(|(guard, name)| tokio::spawn(write(guard, name, 40)));
    let writers = futures_util::future::join_all(writers);
    let mut seen = Vec::new();
    tokio::pin!(writers);
    let written = loop {
        tokio::select! {
            biased;
            written = &mut writers => break written,
            history = history::<Wide>(&reader, 1) => seen.push(history),
        }
    };
    for written in written {
        written.unwrap();
    }
    let last = history::<Wide>(&reader, 1).await;
    assert!(last.iter().all(AuditEntry::is_linked), "{last:#?}");
    let last = ids(&last);
    assert!(
        seen.len() > 5 && last.len() > 40,
        "{} histories of {}",
        seen.len(),
        last.len()
    );
    for history in seen {
        assert!(
            last.starts_with(&ids(&history)),
            "{:?} does not begin {last:?}",
            ids(&history)
        );
    }
    let distinct: std::collections::HashSet<ObjectId> =
        last.iter().filter_map(Bson::as_object_id).collect();
    assert_eq!(distinct.len(), last.len(), "no entry is there twice");
}
