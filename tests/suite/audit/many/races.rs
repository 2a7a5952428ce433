//! Writes of many documents beside writes of single ones.

use std::time::Duration;

use futures_util::future::join_all;
use monguard::prelude::*;
use monguard::{BulkOutcome, BulkReport};
use monguard_tests::fixture::TestDb;
use tokio::task::JoinHandle;

use super::stage::{
    AUDITS, Item, assert_life, audits, batch, behind, behind_for, counts, direct, stock,
};

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

/// Adds 100 to the amounts of these, in one command.
fn in_one_batch<'a>(
    items: &Collection<Item>,
    bases: impl IntoIterator<Item = &'a Stored<Item>>,
) -> JoinHandle<BulkReport<Item>> {
    let bases: Vec<_> = bases.into_iter().cloned().collect();
    let writer = items.by("many");
    tokio::spawn(async move {
        let bulk = writer.bulk();
        let all = bases.iter().fold(bulk, |bulk, base| {
            bulk.update(base, |u| u.inc(|i| i.amount, 100))
        });
        all.await.unwrap()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_that_learn_of_their_writes_by_each_others_entries_come_to_an_end() {
    /// More than a batch asks for at a time.
    const EACH: usize = 20;
    /// For the held answers of a slow machine.
    const LONG: Duration = Duration::from_secs(30);
    for audit in AUDITS {
        let db = TestDb::new().await;
        let (to_first, to_second) = (db.proxy().await, db.proxy().await);
        let (_client, first) = behind_for(&db, &to_first, audit, LONG).await;
        let (_client, second) = behind_for(&db, &to_second, audit, LONG).await;
        let (_direct, straight) = direct(&db, audit).await;
        let rival = straight.by("rival");
        let made = stock(&straight, 1 + 2 * i32::try_from(EACH).unwrap()).await;
        let (stale, others) = made.split_first().unwrap();
        let (passed_on, lost) = others.split_at(EACH);
        // Of none of its writes will the count tell whether it is among those that landed.
        rival.update(stale).inc(|i| i.amount, 1).await.unwrap();

        let gate = to_first.on(batch()).hold_reply();
        let firsts = in_one_batch(&first, passed_on.iter().chain(lost).chain([stale]));
        gate.reached(1).await;
        let ids: Vec<_> = passed_on.iter().map(Stored::id).collect();
        let found = straight.find_by_ids(ids).await.unwrap();
        let next_gate = to_second.on(batch()).hold_reply();
        // The one waits for the other's entries of these, and the other way round of those.
        let seconds = in_one_batch(&second, lost.iter().chain(&found));
        next_gate.reached(1).await;
        let last = others.iter().map(|item| {
            let last = rival.update_latest(item.id()).inc(|i| i.amount, 1);
            last.into_future()
        });
        for written in join_all(last).await {
            written.unwrap();
        }
        gate.release();
        next_gate.release();
        let (firsts, seconds) = (firsts.await.unwrap(), seconds.await.unwrap());

        assert_eq!(firsts.applied(), 2 * EACH, "{firsts:#?}");
        assert_eq!(seconds.applied(), EACH, "{seconds:#?}");
        let conflicts = [firsts, seconds].map(|report| {
            let conflict = |one: &&BulkOutcome<Item>| matches!(one, BulkOutcome::Conflict(_));
            report.outcomes().iter().filter(conflict).count()
        });
        assert_eq!(conflicts, [1, EACH]);
        for (items, version) in [(passed_on, 4), (lost, 3)] {
            for item in items {
                assert_life(&db, &straight, item.id(), version).await;
            }
        }
    }
}
