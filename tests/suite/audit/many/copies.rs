//! How the entries that a server made are found again, to be copied to the log.

use mongodb::bson::{Document, doc};
use monguard::prelude::*;
use monguard::{Audit, Monguard};
use monguard_tests::fixture::{TestClient, TestDb};
use monguard_tests::proxy::Command;

use super::stage::{Item, direct, raw, stock};

async fn opened(db: &TestDb, client: &TestClient) -> (Monguard, Vec<Stored<Item>>) {
    let builder = Monguard::builder(client.database().clone());
    let guard = builder.audit(Audit::carried()).build().await.unwrap();
    let items = guard.collection::<Item>();
    items.ensure_indexes().await.unwrap();
    let made = stock(&items, 5).await;
    guard.flush().await.unwrap();
    assert_logged(db, "create", &made).await;
    client.commands().clear();
    (guard, made)
}

/// The filters of the reads of the items.
fn filters(client: &TestClient) -> Vec<Document> {
    let finds = client.commands().named("find").into_iter();
    let finds = finds.filter(|find| find.body.get_str("find").ok() == Some("items"));
    finds
        .map(|find| find.body.get_document("filter").unwrap().clone())
        .collect()
}

/// Whether it is about the operation, and nothing else.
fn is_scan(filter: &Document) -> bool {
    filter.keys().eq(["__audit.o"])
}

async fn assert_logged(db: &TestDb, action: &str, items: &[Stored<Item>]) {
    let log = raw(db, "audit_logs");
    for item in items {
        let of = doc! { "action": action, "ref.id": item.id() };
        assert_eq!(log.count_documents(of).await.unwrap(), 1, "{}", item.id());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_found_by_a_filter_that_the_write_leaves_true() {
    let db = TestDb::new().await;
    let client = db.connect().open().await;
    let (guard, made) = opened(&db, &client).await;
    let mover = guard.collection::<Item>().by("mover");
    let small = mover.update_many(|i| i.amount.lt(4));
    let report = small.set(|i| i.status, "moved").await.unwrap();
    assert_eq!(report.modified(), 3);
    guard.flush().await.unwrap();
    let [filter] = filters(&client).try_into().unwrap();
    assert!(filter.to_string().contains("\"amount\""), "{filter}");
    assert_logged(&db, "update", &made[..3]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_found_by_their_operation_where_the_filter_is_about_what_is_written() {
    let db = TestDb::new().await;
    let client = db.connect().open().await;
    let (guard, made) = opened(&db, &client).await;
    let mover = guard.collection::<Item>().by("mover");
    let new = mover.update_many(|i| i.status.eq("new"));
    let report = new.set(|i| i.status, "moved").await.unwrap();
    assert_eq!(report.modified(), 5);
    guard.flush().await.unwrap();
    let [filter] = filters(&client).try_into().unwrap();
    assert!(is_scan(&filter), "{filter}");
    assert_logged(&db, "update", &made).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_looked_for_where_nothing_was_written() {
    let db = TestDb::new().await;
    let client = db.connect().open().await;
    let (guard, _) = opened(&db, &client).await;
    let mover = guard.collection::<Item>().by("mover");
    let none = mover.update_many(|i| i.status.eq("lost"));
    let report = none.set(|i| i.status, "moved").await.unwrap();
    assert_eq!(report.matched(), 0);
    guard.flush().await.unwrap();
    assert_eq!(filters(&client), Vec::<Document>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_matches_no_more_is_found_all_the_same() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let client = db.connect().through(&proxy).open().await;
    let (guard, made) = opened(&db, &client).await;
    let (_direct, straight) = direct(&db, Audit::carried()).await;
    let look = proxy.on(Command::named("find").on_collection("items"));
    let gate = look.hold_request();
    let mover = guard.collection::<Item>().by("mover");
    let all = mover.update_many(|_| Filter::all());
    let report = all.inc(|i| i.amount, 100).await.unwrap();
    assert_eq!(report.modified(), 5);
    gate.reached(1).await;
    let rival = straight.by("rival");
    let deleted = rival.delete_many(|i| i.amount.eq(101)).await.unwrap();
    assert_eq!(deleted.modified(), 1);
    gate.release();
    guard.flush().await.unwrap();
    let filters = filters(&client);
    assert_eq!(filters.len(), 2, "{filters:?}");
    assert!(!is_scan(&filters[0]) && is_scan(&filters[1]), "{filters:?}");
    assert_logged(&db, "update", &made).await;
}
