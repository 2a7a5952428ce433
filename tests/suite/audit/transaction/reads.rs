//! Reads in a transaction see its own writes, and one state of everything else.

use futures_util::TryStreamExt;
use mongodb::options::{ReadConcern, ReadPreference, SelectionCriteria};
use monguard::error::InvalidReadReason;
use monguard::prelude::*;

use super::bank::{Account, Bank, Movement, movement};

#[tokio::test(flavor = "multi_thread")]
async fn every_read_sees_what_was_written_and_nobody_else_does() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let accounts = bank.guard.collection::<Account>();
    bank.guard
        .transaction(async |tx| {
            bank.moved(&tx, movement("t-1", 30)).await?;
            let within = accounts.within(&tx);
            let a = || "a".to_owned();
            let found = within.find_by_id(a()).await?.unwrap();
            assert_eq!((found.balance, found.version()), (70, 2.into()));
            let poor = within.find_one(|a| a.balance.lt(100)).await?;
            assert_eq!(poor.unwrap().number, "a");
            let all = within
                .find(|a| a.balance.gt(0))
                .sort(|a| a.balance.ascending());
            assert_eq!(all.await?.len(), 2);
            assert_eq!(within.count(|a| a.balance.eq(130)).await?, 1);
            assert!(within.exists(|a| a.balance.eq(70)).await?);
            let mut balances = within.distinct(|a| a.balance).await?;
            balances.sort_unstable();
            assert_eq!(balances, [70, 130]);
            let page = within
                .find(|a| a.balance.gt(0))
                .sort(|a| a.balance.ascending());
            assert_eq!(page.page(1).await?.items[0].balance, 70);
            let ids = within.find_by_ids([a(), "none".to_owned()]).each().await?;
            assert!(ids[0].is_some() && ids[1].is_none());
            let stage =
                mongodb::bson::doc! { "$group": { "_id": null, "sum": { "$sum": "$balance" } } };
            let sums: Vec<mongodb::bson::Document> = within.aggregate([stage]).await?;
            assert_eq!(sums[0].get_i64("sum").unwrap(), 200);
            assert_eq!(within.history(a()).await?.len(), 2);

            assert_eq!(accounts.find_by_id(a()).await?.unwrap().balance, 100);
            assert_eq!(accounts.history(a()).await?.len(), 1);
            Ok(())
        })
        .await
        .unwrap();
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_goes_on_between_writes() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let ledger = bank.guard.collection::<Movement>();
    let desk = ledger.by("desk");
    let lines: i64 = 250;
    for line in 0..lines {
        desk.create(movement(&format!("m-{line}"), 1))
            .await
            .unwrap();
    }
    let doubled = bank
        .guard
        .transaction(async |tx| {
            let find = ledger.within(&tx);
            let mut stream = find
                .find(|m| m.amount.eq(1))
                .batch_size(40)
                .stream()
                .await?;
            let mut doubled = 0;
            while let Some(line) = stream.try_next().await? {
                desk.within(&tx).update(&line).mul(|m| m.amount, 2).await?;
                doubled += 1;
            }
            Ok(doubled)
        })
        .await
        .unwrap();
    assert_eq!(doubled, lines);
    assert_eq!(ledger.count(|m| m.amount.eq(2)).await.unwrap(), 250);
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_reads_one_state() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let accounts = bank.guard.collection::<Account>();
    let others = bank.accounts.clone();
    let seen = bank
        .guard
        .transaction(async |tx| {
            let within = accounts.within(&tx);
            let first = within.find_by_id("a".to_owned()).await?.unwrap().balance;
            others
                .update_latest("b".to_owned())
                .inc(|a| a.balance, 1)
                .await?;
            let second = within.find_by_id("b".to_owned()).await?.unwrap().balance;
            Ok((first, second))
        })
        .await
        .unwrap();
    assert_eq!(seen, (100, 100));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_cannot_leave_the_transactions_state() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let accounts = bank.guard.collection::<Account>();
    bank.guard
        .transaction(async |tx| {
            let within = accounts.within(&tx);
            let own = within
                .count(|a| a.balance.gt(0))
                .read_concern(ReadConcern::local());
            let secondary =
                SelectionCriteria::ReadPreference(ReadPreference::Secondary { options: None });
            let elsewhere = within
                .find(|a| a.balance.gt(0))
                .selection_criteria(secondary);
            for refused in [own.await.map(drop), elsewhere.await.map(drop)] {
                let Err(Error::InvalidRead(refused)) = refused else {
                    panic!("{refused:?}")
                };
                assert_eq!(*refused.reason(), InvalidReadReason::TransactionDecides);
            }
            // That was refused before it was sent: the transaction goes on.
            assert_eq!(within.count(|a| a.balance.gt(0)).await?, 2);
            Ok(())
        })
        .await
        .unwrap();
}
