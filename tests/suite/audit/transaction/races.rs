//! Many transactions at once.

use std::sync::Arc;

use mongodb::bson::doc;
use monguard::Audit;
use monguard::prelude::*;
use tokio::task::JoinSet;

use super::bank::{Bank, movement};

#[tokio::test(flavor = "multi_thread")]
async fn transfers_at_once_keep_the_sum_and_each_is_made_once() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let bank = Arc::new(bank);
    let mut transfers = JoinSet::new();
    for number in 0..12_i64 {
        let bank = bank.clone();
        transfers.spawn(async move {
            let mut movement = movement(&format!("t-{number}"), 10 + number);
            if number % 2 == 1 {
                std::mem::swap(&mut movement.from, &mut movement.to);
            }
            bank.transfer(&movement).await.map(|()| number)
        });
    }
    let made = transfers.join_all().await;
    // Six times one way, six the other way, each of these one more: no balance goes below zero.
    assert!(made.iter().all(Result::is_ok), "{made:?}");
    assert_eq!(bank.state().await, (106, 94, 12));
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_request_at_once_in_several_transactions_one_is_made() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let bank = Arc::new(bank);
    let mut requests = JoinSet::new();
    for _ in 0..6 {
        let bank = bank.clone();
        requests.spawn(async move {
            // Borrowed from what is around it, and spawned.
            let (guard, movement) = (&bank.guard, &movement("t-1", 5));
            let made = guard.transaction(async |tx| {
                let made = bank.ledger.within(&tx).create(movement.clone()).await?;
                if made.is_new() {
                    let desk = bank.accounts.within(&tx);
                    let debit = desk.update_latest("a".to_owned());
                    debit.inc(|a| a.balance, -movement.amount).await?;
                }
                Ok(made.is_new())
            });
            made.await.unwrap()
        });
    }
    let new = requests.join_all().await;
    assert_eq!(new.iter().filter(|new| **new).count(), 1, "{new:?}");
    assert_eq!(bank.state().await, (95, 100, 1));
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn single_writes_and_transactions_on_one_document_lose_nothing() {
    for audit in [
        Audit::after_write(),
        Audit::carried(),
        Audit::transactional(),
    ] {
        single_writes_and_transactions(audit).await;
    }
}

async fn single_writes_and_transactions(audit: Audit) {
    let Some(bank) = Bank::of(|builder| builder.audit(audit)).await else {
        return;
    };
    let bank = Arc::new(bank);
    let mut writers = JoinSet::new();
    for number in 0..10 {
        let bank = bank.clone();
        writers.spawn(async move {
            let one_more = async |desk: Writer<super::bank::Account>| {
                let retry = monguard::Retry::default().attempts(100);
                let write = desk.update_latest("a".to_owned()).inc(|a| a.balance, 1);
                write.retry(retry).await.map(drop)
            };
            if number % 2 == 0 {
                one_more(bank.accounts.clone()).await
            } else {
                let guard = &bank.guard;
                let write = guard.transaction(async |tx| one_more(bank.accounts.within(&tx)).await);
                write.await
            }
        });
    }
    for written in writers.join_all().await {
        written.unwrap();
    }
    assert_eq!(bank.state().await.0, 110);
    bank.assert_audited().await;
    assert_eq!(bank.entries(doc! { "ref.id": "a" }).await.len(), 11);
}
