//! Writes of many documents, each in a transaction with its entry.

use futures_util::TryStreamExt;
use mongodb::bson::{Document, doc};
use monguard::prelude::*;
use monguard::{Audit, BulkOutcome};
use monguard_tests::fixture::{TestClient, TestDb};
use monguard_tests::proxy::{Command, RuleBuilder};

use super::super::relay::stage::{LOG, log_takes};
use super::stage::{Item, assert_life, behind, counts, direct, raw, stock, stored};

/// `None` on a server without transactions.
async fn open() -> Option<(TestDb, TestClient, Collection<Item>)> {
    let db = TestDb::new().await;
    if !db.topology().await.has_transactions() {
        return None;
    }
    let (client, items) = direct(&db, Audit::transactional()).await;
    Some((db, client, items))
}

async fn entries(db: &TestDb, filter: Document) -> u64 {
    raw(db, LOG).count_documents(filter).await.unwrap()
}

/// How many writes, entries and commits were sent, and how many commands that write many documents.
/// A write and its entry may be one command.
fn sent(client: &TestClient) -> [usize; 4] {
    let count = |name| client.commands().count(name);
    let together = count("bulkWrite");
    let [writes, entries] = ["findAndModify", "insert"].map(|name| together + count(name));
    let counts = [writes, entries, count("commitTransaction"), count("update")];
    client.commands().clear();
    counts
}

#[tokio::test(flavor = "multi_thread")]
async fn each_write_is_a_transaction_of_its_own_with_its_entry() {
    let Some((db, client, items)) = open().await else {
        return;
    };
    client.commands().clear();
    let made = stock(&items, 6).await;
    assert_eq!(sent(&client), [6, 6, 6, 0]);
    assert_eq!(entries(&db, doc! {}).await, 6);

    let mover = items.by("mover");
    let some = mover.update_many(|i| i.amount.gt(2)).inc(|i| i.amount, 10);
    assert_eq!(counts(&some.await.unwrap()), [4, 4, 0, 0, 0]);
    assert_eq!(sent(&client), [4, 4, 4, 0]);
    assert_eq!(entries(&db, doc! {}).await, 10);

    // What conflicts costs the others nothing, and leaves no entry.
    let now = items.find_by_id(made[5].id()).await.unwrap().unwrap();
    let bulk = mover.bulk().update(&made[4], |u| u.inc(|i| i.amount, 1));
    let report = bulk.update(&now, |u| u.inc(|i| i.amount, 1));
    let report = report.delete(&made[0]).create(Item::numbered(7));
    let report = report.create(Item::numbered(1)).await.unwrap();
    let [
        BulkOutcome::Conflict(_),
        BulkOutcome::Applied(updated),
        BulkOutcome::Applied(deleted),
        BulkOutcome::Applied(_),
        _,
    ] = report.outcomes()
    else {
        panic!("{report:?}")
    };
    assert_eq!((updated.amount, deleted.is_deleted()), (17, true));
    let created = u64::from(report.outcomes()[4].is_applied());
    assert_eq!(entries(&db, doc! {}).await, 13 + created);
    assert_life(&db, &items, made[4].id(), 2).await;
    assert_life(&db, &items, made[5].id(), 3).await;
    // Nothing is carried: each entry is where it belongs.
    let carrying = doc! { "__audit.0": { "$exists": true } };
    let carrying = raw(&db, "items").count_documents(carrying).await.unwrap();
    assert_eq!(carrying, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_whose_entry_is_refused_stays_as_it_is_and_the_others_are_written() {
    let Some((db, _client, items)) = open().await else {
        return;
    };
    let made = stock(&items, 6).await;
    let bad = made[2].id();
    log_takes(&db, doc! { "ref.id": { "$ne": bad } }).await;
    let mover = items.by("mover");

    let all = mover.update_many(|_| Filter::all()).inc(|i| i.amount, 10);
    let report = all.await.unwrap();

    assert_eq!(counts(&report), [6, 5, 0, 0, 1], "{report:?}");
    let failure = &report.failures()[0];
    assert_eq!(failure.id().as_object_id(), Some(bad));
    let Error::Driver(refused) = failure.error() else {
        panic!("{failure:?}")
    };
    assert_eq!(refused.code(), Some(121));
    assert_life(&db, &items, bad, 1).await;
    assert_eq!(stored(&db, bad).await.get_i32("amount").ok(), Some(3));
    assert_eq!(entries(&db, doc! {}).await, 11);

    let third = items.find_by_id(made[3].id()).await.unwrap().unwrap();
    let fourth = items.find_by_id(made[4].id()).await.unwrap().unwrap();
    let bulk = mover.bulk().delete(&third).delete(&made[2]).delete(&fourth);
    let report = bulk.ordered().await.unwrap();
    let [
        BulkOutcome::Applied(_),
        BulkOutcome::Failed(_),
        BulkOutcome::NotAttempted,
    ] = report.outcomes()
    else {
        panic!("{report:?}")
    };
    assert_life(&db, &items, made[3].id(), 3).await;
    assert_life(&db, &items, bad, 1).await;
    assert_life(&db, &items, made[4].id(), 2).await;

    let deleted = mover.delete_many(|_| Filter::all()).await.unwrap();
    assert_eq!(counts(&deleted), [5, 4, 0, 0, 1], "{deleted:?}");
    assert!(!stored(&db, bad).await.contains_key("deletedAt"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unique_value_that_another_document_has_fails_for_each_that_wants_it() {
    let Some((db, _client, items)) = open().await else {
        return;
    };
    let made = stock(&items, 4).await;
    let mover = items.by("mover");
    let some = mover.update_many(|i| i.amount.gt(1));
    let report = some.set(|i| i.name, made[0].name.clone()).await.unwrap();
    assert_eq!(counts(&report), [3, 0, 0, 0, 3], "{report:?}");
    for failure in report.failures() {
        assert!(
            matches!(failure.error(), Error::DuplicateKey(_)),
            "{failure:?}"
        );
    }
    assert_eq!(entries(&db, doc! {}).await, 4);
    for item in made {
        assert_life(&db, &items, item.id(), 1).await;
    }
}

/// Writes 5 documents while this happens to the third command of this name.
async fn written_once(name: &str, fault: impl Fn(RuleBuilder)) {
    let Some((db, _client, straight)) = open().await else {
        return;
    };
    let proxy = db.proxy().await;
    let (_behind, items) = behind(&db, &proxy, Audit::transactional()).await;
    let made = stock(&straight, 5).await;
    fault(proxy.on(Command::named(name)).nth(3));
    let mover = items.by("mover");
    let all = mover.update_many(|_| Filter::all()).inc(|i| i.amount, 100);
    let report = all.await.unwrap();
    assert_eq!(counts(&report), [5, 5, 0, 0, 0], "{name}: {report:?}");
    assert_eq!(entries(&db, doc! {}).await, 10);
    for item in made {
        let document = stored(&db, item.id()).await;
        let amount = document.get_i32("amount").ok();
        assert_eq!(amount, Some(item.amount + 100), "{document}");
        assert_life(&db, &straight, item.id(), 2).await;
    }
}

const COMMANDS: [&str; 3] = ["findAndModify", "insert", "commitTransaction"];

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_does_not_arrive_leaves_nothing_half() {
    for name in COMMANDS {
        written_once(name, |rule| drop(rule.cut_before())).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_whose_answer_is_lost_leaves_nothing_half() {
    for name in COMMANDS {
        written_once(name, |rule| drop(rule.cut_after())).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sees_a_write_finds_its_entry() {
    let Some((db, _client, items)) = open().await else {
        return;
    };
    stock(&items, 10).await;
    let mover = items.by("mover");
    let writes = tokio::spawn(async move {
        for _ in 0..10 {
            let all = mover.update_many(|_| Filter::all()).inc(|i| i.amount, 1);
            assert_eq!(counts(&all.await.unwrap()), [10, 10, 0, 0, 0]);
        }
    });
    let mut seen = 0;
    while !writes.is_finished() {
        let find = raw(&db, "items");
        let find = find.find(doc! {}).await.unwrap();
        let documents: Vec<Document> = find.try_collect().await.unwrap();
        let operations = documents.iter().map(|one| one.get("__w").unwrap().clone());
        let of_them = doc! { "_id": { "$in": operations.collect::<Vec<_>>() } };
        assert_eq!(entries(&db, of_them).await, 10);
        seen += 1;
    }
    writes.await.unwrap();
    assert!(seen > 0);
    assert_eq!(entries(&db, doc! {}).await, 110);
}
