//! What a closure makes of an error decides what the caller gets, and never that a part is stored.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use mongodb::bson::{Document, doc};
use mongodb::options::{Acknowledgment, WriteConcern};
use mongodb::{IndexModel, options::IndexOptions};
use monguard::prelude::*;
use monguard::{Audit, Monguard, Tx};

use super::bank::{Account, Bank, Movement, movement};

/// A unique index that no create looks at before.
async fn amounts_are_unique(bank: &Bank) {
    let options = IndexOptions::builder().unique(true).build();
    let index = IndexModel::builder()
        .keys(doc! { "amount": 1 })
        .options(options);
    let ledger = bank.db.database().collection::<Document>("ledger");
    ledger.create_index(index.build()).await.unwrap();
    bank.ledger.create(movement("t-0", 5)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_for_good_that_the_closure_hides_fails_the_transaction() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    amounts_are_unique(&bank).await;
    let runs = AtomicU32::new(0);
    let error = bank
        .guard
        .transaction(async |tx| {
            runs.fetch_add(1, Ordering::SeqCst);
            bank.moved(&tx, movement("t-1", 30)).await?;
            let doubled = bank.ledger.within(&tx).create(movement("t-2", 5)).await;
            assert!(
                matches!(doubled, Err(Error::DuplicateKey(_))),
                "{doubled:?}"
            );
            // What is tried now is not sent any more.
            let desk = bank.accounts.within(&tx);
            let more = desk.update_latest("a".to_owned());
            let more = more.inc(|a| a.balance, 1).await;
            assert!(matches!(more, Err(Error::DeadTransaction(_))), "{more:?}");
            Ok(())
        })
        .await
        .unwrap_err();
    let Error::DeadTransaction(dead) = &error else {
        panic!("{error:?}")
    };
    assert!(!dead.has_ended());
    assert_eq!(dead.failure().unwrap().code(), Some(11000));
    assert!(!error.is_retryable());
    assert_eq!(runs.into_inner(), 1);
    assert_eq!(bank.state().await, (100, 100, 1));
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_closures_own_error_comes_before_the_one_that_it_met() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    amounts_are_unique(&bank).await;
    let result: monguard::Result<()> = bank
        .guard
        .transaction(async |tx| {
            let doubled = bank.ledger.within(&tx).create(movement("t-2", 5)).await;
            doubled.map(drop).map_err(|_| Error::abort("mine"))
        })
        .await;
    let Err(Error::Abort(mine)) = result else {
        panic!("{result:?}")
    };
    assert_eq!(mine.to_string(), "mine");
}

/// Writes to account a in the transaction, after a rival has done so since it began.
async fn meet_a_rival(bank: &Bank, tx: &Tx, rivals: u32, runs: &AtomicU32) -> monguard::Result<()> {
    let within = bank.accounts.within(tx);
    let read = within
        .collection()
        .find_by_id("a".to_owned())
        .await?
        .unwrap();
    if runs.fetch_add(1, Ordering::SeqCst) < rivals {
        let rival = bank.accounts.update_latest("a".to_owned());
        rival.inc(|a| a.balance, 1).await?;
    }
    within.update(&read).inc(|a| a.balance, 10).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_conflict_starts_over_whatever_the_closure_makes_of_it() {
    type Answer = fn(monguard::Result<()>) -> monguard::Result<()>;
    let passed: Answer = |result| result;
    let hidden: Answer = |_| Ok(());
    let turned: Answer = |result| result.map_err(|_| Error::abort("it failed"));
    for answer in [passed, hidden, turned] {
        let Some(bank) = Bank::open().await else {
            return;
        };
        let runs = AtomicU32::new(0);
        bank.guard
            .transaction(async |tx| answer(meet_a_rival(&bank, &tx, 2, &runs).await))
            .await
            .unwrap();
        assert_eq!(runs.into_inner(), 3);
        assert_eq!(bank.state().await, (112, 100, 0));
        bank.assert_audited().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_always_meets_another_writer_gives_up_in_time() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let runs = AtomicU32::new(0);
    let error = bank
        .guard
        .transaction(async |tx| meet_a_rival(&bank, &tx, u32::MAX, &runs).await)
        .time_limit(Duration::from_millis(300))
        .await
        .unwrap_err();
    let Error::Exhausted(exhausted) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(exhausted.attempts(), runs.load(Ordering::SeqCst));
    assert!(exhausted.attempts() > 1);
    assert!(exhausted.last().is_retryable() && error.is_retryable());
    assert!(error.to_string().starts_with("transaction on "), "{error}");
    let runs = i64::from(runs.into_inner());
    assert_eq!(bank.state().await, (100 + runs, 100, 0));
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_that_the_closure_gets_over_is_no_failure() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let accounts = bank.guard.collection::<Account>();
    let stale = accounts.find_by_id("a".to_owned()).await.unwrap().unwrap();
    bank.accounts
        .update(&stale)
        .inc(|a| a.balance, 1)
        .await
        .unwrap();
    bank.guard
        .transaction(async |tx| {
            let desk = bank.accounts.within(&tx);
            let conflict = desk.update(&stale).inc(|a| a.balance, 1).await;
            let Err(Error::Conflict(conflict)) = conflict else {
                panic!("{conflict:?}")
            };
            let current: Stored<Account> = conflict.current()?;
            desk.update(&current).inc(|a| a.balance, 1).await
        })
        .await
        .unwrap();
    assert_eq!(bank.state().await, (102, 100, 0));
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_closure_nothing_can_be_done_with_its_tx() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    for aborts in [false, true] {
        let kept = Mutex::new(None);
        let ended = bank
            .guard
            .transaction(async |tx| {
                *kept.lock().unwrap() = Some(tx.clone());
                bank.accounts
                    .within(&tx)
                    .update_latest("a".to_owned())
                    .inc(|a| a.balance, 1)
                    .await?;
                if aborts {
                    Err(Error::abort("no"))
                } else {
                    Ok(())
                }
            })
            .await;
        assert_eq!(ended.is_err(), aborts);
        let tx = kept.into_inner().unwrap().unwrap();
        let desk = bank.accounts.within(&tx);
        let late = desk.update_latest("a".to_owned());
        let late = late.inc(|a| a.balance, 1).await.unwrap_err();
        let Error::DeadTransaction(dead) = late else {
            panic!("{late:?}")
        };
        assert!(dead.has_ended());
        let read = bank.guard.collection::<Account>().within(&tx);
        let read = read.count(|a| a.balance.gt(0)).await.unwrap_err();
        assert!(matches!(read, Error::DeadTransaction(_)), "{read:?}");
    }
    assert_eq!(bank.state().await, (101, 100, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_refuses_the_entries_keeps_the_data_out() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let log = bank.db.database().collection::<Document>("audit_logs");
    let options = IndexOptions::builder().unique(true).build();
    let index = IndexModel::builder()
        .keys(doc! { "traceId": 1 })
        .options(options);
    log.delete_many(doc! {}).await.unwrap();
    log.create_index(index.build()).await.unwrap();
    let error = bank.transfer(&movement("t-1", 30)).await.unwrap_err();
    let Error::Driver(refused) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(refused.code(), Some(11000));
    assert!(
        error.to_string().starts_with("insert of the audit entries"),
        "{error}"
    );
    assert_eq!(bank.state().await, (100, 100, 0));
    assert_eq!(bank.entries(doc! {}).await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_would_report_nothing_is_refused() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let silent = WriteConcern::builder().w(Acknowledgment::Nodes(0)).build();
    let never = bank
        .guard
        .transaction(async |_| Ok(()))
        .write_concern(silent);
    assert!(matches!(never.await, Err(Error::Unsupported(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_does_nothing_sends_nothing() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    bank.client.commands().clear();
    let answer = bank.guard.transaction(async |_| Ok(7)).await.unwrap();
    assert_eq!(answer, 7);
    assert_eq!(bank.client.commands().names(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn options_are_those_of_the_commands_that_are_sent() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    bank.transfer(&movement("t-1", 30)).await.unwrap();
    let first = &bank.client.commands().named("find")[0].body;
    let concern = first.get_document("readConcern").unwrap();
    assert_eq!(concern.get_str("level").unwrap(), "snapshot");
    let commit = &bank.client.commands().named("commitTransaction")[0].body;
    let concern = commit.get_document("writeConcern").unwrap();
    assert_eq!(concern.get_str("w").unwrap(), "majority");
    assert!(concern.get_bool("j").unwrap());
    assert_eq!(commit.get("maxTimeMS").unwrap().as_i32(), Some(10_000));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_guards_of_one_client_write_each_to_their_own_log() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let other = Monguard::builder(bank.client.database().clone())
        .audit(Audit::after_write())
        .audit_collection("other_logs");
    let other = other.build().await.unwrap();
    let notes = other.collection::<Movement>().by("notes");
    bank.guard
        .transaction(async |tx| {
            bank.accounts
                .within(&tx)
                .update_latest("a".to_owned())
                .inc(|a| a.balance, 1)
                .await?;
            notes.within(&tx).create(movement("t-1", 1)).await
        })
        .await
        .unwrap();
    let entry = bank
        .document("other_logs", doc! { "ref.collection": "ledger" })
        .await;
    assert!(entry.is_some());
    assert_eq!(
        bank.entries(doc! { "ref.collection": "ledger" })
            .await
            .len(),
        0
    );
    assert_eq!(bank.entries(doc! { "ref.id": "a" }).await.len(), 2);
}
