//! Nobody waits any more, for a transaction or for a write in it.

use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use mongodb::bson::doc;
use monguard_tests::proxy::Command;
use tokio::time::timeout;

use super::bank::{Bank, movement};

const LONG: Duration = Duration::from_secs(20);

fn data_write() -> Command {
    Command::named("findAndModify")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_is_dropped_leaves_nothing_and_holds_nothing() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let bank = Arc::new(bank);
    let gate = bank.proxy.on(data_write()).nth(2).hold_reply();
    let aborted = bank.proxy.on(Command::named("abortTransaction")).always();
    let aborted = aborted.delay_reply(Duration::ZERO);
    let transfer = {
        let bank = bank.clone();
        tokio::spawn(async move { bank.transfer(&movement("t-1", 30)).await })
    };
    gate.reached(1).await;
    transfer.abort();
    assert!(transfer.await.is_err_and(|error| error.is_cancelled()));
    gate.release();
    aborted.answered(1).await;

    // The account that the transaction had written to is free.
    let deposit = bank
        .accounts
        .update_latest("a".to_owned())
        .inc(|a| a.balance, 1);
    timeout(LONG, deposit.into_future()).await.unwrap().unwrap();
    assert_eq!(bank.state().await, (101, 100, 0));
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_nobody_waits_for_is_brought_to_its_end() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let bank = Arc::new(bank);
    let commit = Command::named("commitTransaction");
    let gate = bank.proxy.on(commit.clone()).cut_after();
    let answered = bank.proxy.on(commit).always().delay_reply(Duration::ZERO);
    let transfer = {
        let bank = bank.clone();
        tokio::spawn(async move { bank.transfer(&movement("t-1", 30)).await })
    };
    // The first commit was cut off, and is sent again whoever waits.
    while gate.times_fired() == 0 {
        tokio::task::yield_now().await;
    }
    transfer.abort();
    drop(transfer.await);
    answered.answered(1).await;
    assert_eq!(bank.state().await, (70, 130, 1));
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_is_dropped_inside_has_its_entry_if_it_is_committed() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let gate = bank.proxy.on(data_write()).hold_reply();
    bank.guard
        .transaction(async |tx| {
            let desk = bank.accounts.within(&tx);
            let credit = desk.update_latest("a".to_owned()).inc(|a| a.balance, 5);
            tokio::select! {
                biased;
                () = gate.reached(1) => {}
                written = credit.into_future() => panic!("{written:?}"),
            }
            gate.release();
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(bank.state().await, (105, 100, 0));
    assert_eq!(bank.entries(doc! { "ref.id": "a" }).await.len(), 2);
    bank.assert_audited().await;
}
