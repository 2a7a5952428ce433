//! Writes of many documents beside writes of single ones.

use futures_util::future::join_all;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;

use super::stage::{AUDITS, assert_life, audits, batch, behind, counts, direct, stock};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_between_single_writers_and_writers_of_many() {
    const WRITERS: i32 = 3;
    const TIMES: i32 = 4;
    for audit in audits().await {
        let db = TestDb::new().await;
        let (_client, items) = direct(&db, audit).await;
        let made = stock(&items, 8).await;
        let many = (0..WRITERS).map(|_| {
            let writer = items.by("many");
            tokio::spawn(async move {
                for _ in 0..TIMES {
                    let retry = monguard::Retry::default().attempts(100);
                    let all = writer.update_many(|_| Filter::all()).retry(retry);
                    let report = all.inc(|i| i.amount, 1).await.unwrap();
                    assert_eq!(counts(&report), [8, 8, 0, 0, 0], "{report:?}");
                }
            })
        });
        let single = made.iter().map(|item| {
            let (writer, id) = (items.by("single"), item.id());
            tokio::spawn(async move {
                for _ in 0..TIMES {
                    let retry = monguard::Retry::default().attempts(100);
                    let update = writer.update_latest(id).inc(|i| i.shelf.row, 1);
                    update.retry(retry).await.unwrap();
                }
            })
        });
        for done in join_all(many.chain(single).collect::<Vec<_>>()).await {
            done.unwrap();
        }
        for item in made {
            let now = items.find_by_id(item.id()).await.unwrap().unwrap();
            assert_eq!(now.amount, item.amount + WRITERS * TIMES);
            assert_eq!(now.shelf.row, i64::from(TIMES));
            let version = 1 + i64::from(WRITERS * TIMES + TIMES);
            assert_life(&db, &items, item.id(), version).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_another_writer_came_to_is_written_if_it_still_matches() {
    for audit in AUDITS {
        let db = TestDb::new().await;
        let proxy = db.proxy().await;
        let (_client, items) = behind(&db, &proxy, audit).await;
        let (_direct, straight) = direct(&db, audit).await;
        let made = stock(&straight, 4).await;
        let gate = proxy.on(batch()).hold_request();
        let writer = items.by("many");
        let update = tokio::spawn(async move {
            let all = writer.update_many(|i| i.status.eq("new"));
            // What is inside of a list is not for the server.
            all.inc(|i| i.amount, 100).push(|i| i.tags, "x").await
        });
        gate.reached(1).await;
        let rival = straight.by("rival");
        rival.update(&made[0]).inc(|i| i.amount, 1).await.unwrap();
        let taken = rival.update(&made[1]).set(|i| i.status, "taken");
        taken.await.unwrap();
        rival.delete(&made[2]).await.unwrap();
        gate.release();

        let report = update.await.unwrap().unwrap();

        assert_eq!(counts(&report), [4, 2, 0, 2, 0], "{report:?}");
        for (item, version, amount) in [(0, 3, 102), (1, 2, 2), (2, 2, 3), (3, 2, 104)] {
            assert_life(&db, &straight, made[item].id(), version).await;
            let stored = super::stage::stored(&db, made[item].id()).await;
            assert_eq!(stored.get_i32("amount").ok(), Some(amount));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_that_are_used_up_are_a_failure_of_the_document() {
    for audit in AUDITS {
        let db = TestDb::new().await;
        let proxy = db.proxy().await;
        let (_client, items) = behind(&db, &proxy, audit).await;
        let (_direct, straight) = direct(&db, audit).await;
        let made = stock(&straight, 2).await;
        let gate = proxy.on(batch()).hold_request();
        let writer = items.by("many");
        let update = tokio::spawn(async move {
            let all = writer.update_many(|_| Filter::all());
            let never = monguard::Retry::never();
            let all = all.inc(|i| i.amount, 100).push(|i| i.tags, "x");
            all.retry(never).await
        });
        gate.reached(1).await;
        let rival = straight
            .by("rival")
            .update(&made[0])
            .inc(|i| i.amount, 1)
            .await;
        rival.unwrap();
        gate.release();
        let report = update.await.unwrap().unwrap();
        assert_eq!(counts(&report), [2, 1, 0, 0, 1]);
        let Error::Exhausted(exhausted) = report.failures()[0].error() else {
            panic!("{report:?}")
        };
        assert!(exhausted.last().is_conflict());
        assert_life(&db, &straight, made[0].id(), 2).await;
    }
}
