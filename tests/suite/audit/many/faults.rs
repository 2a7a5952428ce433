//! The connection goes while a batch is written.

use std::time::Duration;

use monguard::Audit;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::proxy::{Command, Proxy, RuleBuilder};
use tokio::time::timeout;

use super::stage::{AUDITS, Item, assert_life, batch, behind, counts, direct, stock};

const LONG: Duration = Duration::from_secs(60);

/// Updates 12 items while this happens to the command, and checks that each was written once: by a
/// command that the server works out, where it can, and by a batch.
async fn updated_once(fault: impl Fn(RuleBuilder)) {
    for (audit, pushes) in AUDITS
        .into_iter()
        .flat_map(|audit| [(audit, false), (audit, true)])
    {
        let db = TestDb::new().await;
        let proxy = db.proxy().await;
        let (_client, items) = behind(&db, &proxy, audit).await;
        let (_direct, straight) = direct(&db, audit).await;
        let made = stock(&straight, 12).await;
        fault(proxy.on(batch()));
        let mover = items.by("mover");
        let update = mover.update_many(|_| Filter::all());
        let update = update.inc(|i| i.amount, 100);
        let update = if pushes {
            update.push(|i| i.tags, "seen")
        } else {
            update
        };
        let report = timeout(LONG, update.into_future()).await.unwrap().unwrap();
        assert_eq!(counts(&report), [12, 12, 0, 0, 0], "{report:?}");
        for item in made {
            assert_life(&db, &straight, item.id(), 2).await;
            let now = straight.find_by_id(item.id()).await.unwrap().unwrap();
            assert_eq!(now.amount, item.amount + 100);
            assert_eq!(now.tags.len(), usize::from(pushes));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_did_not_arrive_is_written_once() {
    updated_once(|rule| drop(rule.cut_before())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_whose_answer_is_lost_is_written_once() {
    updated_once(|rule| drop(rule.cut_after())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_batch_is_no_batch() {
    updated_once(|rule| drop(rule.partial_request(200))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_an_answer_is_no_answer() {
    updated_once(|rule| drop(rule.partial_reply(20))).await;
}

/// Creates 8 items while this happens to the command.
async fn created_once(fault: impl Fn(&Proxy)) {
    for audit in AUDITS {
        let db = TestDb::new().await;
        let proxy = db.proxy().await;
        let (_client, items) = behind(&db, &proxy, audit).await;
        let (_direct, straight) = direct(&db, audit).await;
        fault(&proxy);
        let values = (1..=8).map(Item::numbered);
        let author = items.by("author");
        let create = author
            .create_many(values)
            .time_limit(Duration::from_secs(1));
        let report = timeout(LONG, create.into_future()).await.unwrap().unwrap();
        assert_eq!(report.applied(), 8, "{report:?}");
        assert_eq!(straight.count(|_| Filter::all()).await.unwrap(), 8);
        for outcome in report.outcomes() {
            let id = outcome.stored().unwrap().id();
            assert_life(&db, &straight, id, 1).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn creates_that_did_not_arrive_are_made_once() {
    created_once(|proxy| drop(proxy.on(batch()).cut_before())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn creates_whose_answer_is_lost_are_made_once() {
    created_once(|proxy| drop(proxy.on(batch()).cut_after())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_goes_on_when_nobody_waits_for_it() {
    for audit in AUDITS {
        let db = TestDb::new().await;
        let proxy = db.proxy().await;
        let (_client, items) = behind(&db, &proxy, audit).await;
        let (_direct, straight) = direct(&db, audit).await;
        let made = stock(&straight, 5).await;
        let gate = proxy.on(batch()).hold_reply();
        let writer = items.by("mover");
        let update = tokio::spawn(async move {
            let all = writer.update_many(|_| Filter::all());
            all.inc(|i| i.amount, 1).await
        });
        gate.reached(1).await;
        update.abort();
        assert!(update.await.unwrap_err().is_cancelled());
        gate.release();
        let done = async {
            for item in &made {
                while straight.history(item.id()).await.unwrap().len() < 2 {
                    tokio::task::yield_now().await;
                }
            }
        };
        timeout(LONG, done).await.unwrap();
        for item in made {
            assert_life(&db, &straight, item.id(), 2).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_settled_later_of_a_batch_goes_to_the_log() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let connect = db.connect().retry_writes(false).retry_reads(false);
    let client = connect.through(&proxy).open().await;
    let builder = Monguard::builder(client.database().clone()).audit(Audit::carried());
    let guard = builder
        .margin(Duration::from_secs(1))
        .build()
        .await
        .unwrap();
    proxy.on(batch()).cut_after();
    let reads = Command::named("find").on_collection("items");
    let unread = proxy.on(reads).always().cut_before();
    let author = guard.collection::<Item>().by("author");
    let create = author
        .create_many((1..=3).map(Item::numbered))
        .time_limit(Duration::from_secs(1));
    let report = timeout(LONG, create.into_future()).await.unwrap().unwrap();
    unread.remove();
    for outcome in report.outcomes() {
        let Some(Error::Unsettled(unsettled)) = outcome.error() else {
            panic!("{outcome:?}")
        };
        let settled = unsettled.settle().await.unwrap();
        assert_eq!(settled, monguard::error::Settled::Landed);
    }
    guard.flush().await.unwrap();
    let log = super::stage::raw(&db, "audit_logs");
    let entries = log.count_documents(mongodb::bson::doc! {}).await.unwrap();
    assert_eq!(entries, 3);
}
