//! Whichever command of a transaction is lost, before the server sees it or after: never half of it
//! is stored, never twice, and what the caller is told is true.

use std::time::Duration;

use mongodb::bson::doc;
use monguard::error::Settled;
use monguard::prelude::*;
use monguard_tests::proxy::{Command, Loss};
use tokio::task::JoinSet;

use super::bank::{Bank, impatient, movement};

/// The commands of one transfer.
const COMMANDS: usize = 8;

async fn every_command_once(fault: Loss) {
    let Some(bank) = Bank::open().await else {
        return;
    };
    for nth in 1..=COMMANDS {
        let rule = bank.proxy.on(Command::any()).nth(nth).lose(fault, 20);
        let movement = movement(&format!("{fault:?}-{nth}"), 1);
        let transfer = bank.transfer(&movement);
        transfer
            .await
            .unwrap_or_else(|error| panic!("{fault:?} {nth}: {error:?}"));
        rule.remove();
        let made = i64::try_from(nth).unwrap();
        let state = (100 - made, 100 + made, u64::try_from(nth).unwrap());
        assert_eq!(bank.state().await, state, "{fault:?} {nth}");
    }
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_cut_at_any_command_costs_nothing_but_time() {
    let mut faults = JoinSet::new();
    for fault in Loss::ALL {
        faults.spawn(every_command_once(fault));
    }
    faults.join_all().await;
}

/// A transfer of which no answer to a commit arrives.
async fn unsettled(bank: &Bank) -> Box<monguard::error::Unsettled> {
    let transfer = bank
        .guard
        .transaction(async |tx| bank.moved(&tx, movement("t-1", 30)).await)
        .time_limit(Duration::from_millis(100))
        .await;
    match transfer {
        Err(Error::Unsettled(unsettled)) => unsettled,
        other => panic!("{other:?}"),
    }
}

/// Asks until the outcome is known.
async fn settled(unsettled: &monguard::error::Unsettled) -> Settled {
    let settle = async {
        loop {
            match unsettled.settle().await {
                Ok(settled) => return settled,
                Err(Error::Unsettled(_)) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), settle)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_is_never_confirmed_is_unsettled_and_found_out_later() {
    let Some(bank) = Bank::of(impatient).await else {
        return;
    };
    let cut = bank
        .proxy
        .on(Command::named("commitTransaction"))
        .always()
        .cut_after();
    let unsettled = unsettled(&bank).await;
    assert_eq!(unsettled.operations().count(), 3);
    assert_eq!(unsettled.operations().next(), Some(unsettled.operation()));
    // It was made, and each operation has its entry.
    assert_eq!(bank.state().await, (70, 130, 1));
    for operation in unsettled.operations() {
        assert_eq!(bank.entries(doc! { "_id": operation }).await.len(), 1);
    }
    cut.remove();
    assert_eq!(settled(&unsettled).await, Settled::Landed);
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_never_arrived_is_made_by_whoever_asks_for_it() {
    let Some(bank) = Bank::of(impatient).await else {
        return;
    };
    let cut = bank
        .proxy
        .on(Command::named("commitTransaction"))
        .always()
        .cut_before();
    let unsettled = unsettled(&bank).await;
    assert_eq!(bank.state().await, (100, 100, 0));
    cut.remove();
    let outcome = settled(&unsettled).await;
    // By then the server may have ended the transaction by itself.
    let state = match outcome {
        Settled::Landed => (70, 130, 1),
        _ => (100, 100, 0),
    };
    assert_eq!(bank.state().await, state);
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_again_and_again_is_confirmed_in_the_end() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    // More often than the driver repeats it by itself.
    bank.proxy
        .on(Command::named("commitTransaction"))
        .times(5)
        .cut_after();
    bank.transfer(&movement("t-1", 30)).await.unwrap();
    assert_eq!(bank.state().await, (70, 130, 1));
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_answer_in_time_is_asked_again() {
    let Some(bank) = Bank::of(impatient).await else {
        return;
    };
    let held = bank.proxy.on(Command::named("findAndModify")).hold_reply();
    bank.transfer(&movement("t-1", 30)).await.unwrap();
    held.release();
    assert_eq!(bank.state().await, (70, 130, 1));
    bank.assert_audited().await;
}
