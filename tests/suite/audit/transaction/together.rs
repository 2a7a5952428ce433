//! What belongs together is stored together, with its entries.

use mongodb::bson::doc;
use monguard::Audit;
use monguard::prelude::*;

use super::bank::{Account, Bank, InsufficientFunds, Movement, movement};

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_moves_both_balances_and_leaves_its_line_and_its_entries() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    bank.transfer(&movement("t-1", 30)).await.unwrap();
    assert_eq!(bank.state().await, (70, 130, 1));
    bank.assert_audited().await;
    let by_teller = bank.entries(doc! { "userId": "teller" }).await;
    assert_eq!(by_teller.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_entries_of_a_transaction_take_one_round_trip() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    bank.transfer(&movement("t-0", 30)).await.unwrap();
    bank.client.commands().clear();
    bank.transfer(&movement("t-1", 30)).await.unwrap();
    let sent = [
        "find",
        "findAndModify",
        "find",
        "findAndModify",
        "find",
        "findAndModify",
        "insert",
        "commitTransaction",
    ];
    assert_eq!(bank.client.commands().names(), sent);
    let log = bank.client.commands().named("insert");
    assert_eq!(log[0].collections, ["audit_logs"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_insufficient_funds_nothing_is_left() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let error = bank.transfer(&movement("t-1", 101)).await.unwrap_err();
    let Error::Abort(cause) = &error else {
        panic!("{error:?}")
    };
    assert!(cause.is::<InsufficientFunds>());
    assert_eq!(bank.state().await, (100, 100, 0));
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_target_account_the_debit_is_not_made_either() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let mut into_nothing = movement("t-1", 30);
    into_nothing.to = "nobody".to_owned();
    let error = bank.transfer(&into_nothing).await.unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    assert_eq!(bank.state().await, (100, 100, 0));
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_guarantee_brings_the_entries_with_the_data() {
    for audit in [
        Audit::after_write().delta(),
        Audit::after_write().full(),
        Audit::carried().delta(),
        Audit::transactional().full(),
    ] {
        let Some(bank) = Bank::of(|builder| builder.audit(audit)).await else {
            return;
        };
        bank.transfer(&movement("t-1", 30)).await.unwrap();
        assert_eq!(bank.state().await, (70, 130, 1), "{audit:?}");
        bank.assert_audited().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_write_is_made_in_the_transaction() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let accounts = bank.guard.collection::<Account>();
    bank.guard
        .transaction(async |tx| {
            let desk = accounts.by("desk").within(&tx);
            let account = |number: &str| Account {
                number: number.to_owned(),
                balance: 1,
            };
            let made = desk.create(account("c")).await?.into_stored();
            let updated = desk.update(&made).inc(|a| a.balance, 1).await?;
            let replaced = desk.replace(&updated, account("c")).await?;
            let modified = desk
                .modify("c".to_owned(), |a, u| u.set(|a| a.balance, a.balance + 6))
                .await?;
            assert_eq!(
                (replaced.version(), modified.version()),
                (3.into(), 4.into())
            );
            let deleted = desk.delete(&modified).await?;
            let restored = desk.restore(&deleted).await?;
            desk.delete_latest("c".to_owned()).await?;
            desk.restore_latest("c".to_owned()).await?;
            assert!(matches!(
                desk.delete(&restored).await,
                Err(Error::Conflict(_))
            ));
            desk.create_or_modify(|a| a.number, account("c"), |_, u| u.inc(|a| a.balance, 1))
                .await?;
            desk.get_or_create(|a| a.number, account("d")).await?;
            Ok(())
        })
        .await
        .unwrap();
    let stored = bank
        .document("accounts", doc! { "_id": "c" })
        .await
        .unwrap();
    assert_eq!(stored.get_i32("__v").unwrap(), 9);
    assert_eq!(stored.get_i64("balance").unwrap(), 8);
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hard_delete_removes_in_one_step_with_its_entry() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let accounts = bank.guard.collection::<Account>();
    let stored = accounts.find_by_id("a".to_owned()).await.unwrap().unwrap();
    bank.client.commands().clear();
    let last = bank
        .guard
        .transaction(async |tx| bank.accounts.within(&tx).hard_delete(&stored).await)
        .await
        .unwrap();
    assert_eq!(*last.version(), 2);
    let sent = ["findAndModify", "insert", "commitTransaction"];
    assert_eq!(bank.client.commands().names(), sent);
    assert_eq!(bank.document("accounts", doc! { "_id": "a" }).await, None);
    let entries = bank.entries(doc! { "ref.id": "a" }).await;
    assert_eq!(entries.len(), 2);
    let metadata = entries[1].get_document("metadata").unwrap();
    assert!(metadata.get_bool("hardDelete").unwrap());
    let before = metadata.get_document("before").unwrap();
    assert_eq!(before.get_i64("balance").unwrap(), 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hard_delete_that_is_aborted_leaves_the_document_as_it_was() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let accounts = bank.guard.collection::<Account>();
    let stored = accounts.find_by_id("a".to_owned()).await.unwrap().unwrap();
    let before = bank.document("accounts", doc! { "_id": "a" }).await;
    let aborted: monguard::Result<()> = bank
        .guard
        .transaction(async |tx| {
            bank.accounts.within(&tx).hard_delete(&stored).await?;
            Err(Error::abort("no"))
        })
        .await;
    assert!(matches!(aborted, Err(Error::Abort(_))));
    assert_eq!(bank.document("accounts", doc! { "_id": "a" }).await, before);
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_document_carries_is_kept() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let carried = doc! { "operation": mongodb::bson::oid::ObjectId::new(), "of": "others" };
    let accounts = bank
        .db
        .database()
        .collection::<mongodb::bson::Document>("accounts");
    let carry = doc! { "$set": { "__audit": [carried.clone()] } };
    accounts
        .update_one(doc! { "_id": "a" }, carry)
        .await
        .unwrap();
    bank.transfer(&movement("t-1", 30)).await.unwrap();
    let stored = bank
        .document("accounts", doc! { "_id": "a" })
        .await
        .unwrap();
    let kept = stored.get_array("__audit").unwrap();
    assert_eq!(kept[0].as_document(), Some(&carried));
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_that_are_awaited_at_once_are_sent_one_after_the_other() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let many = 20;
    bank.guard
        .transaction(async |tx| {
            let ledger = bank.ledger.within(&tx);
            let lines = (0..many).map(|line| ledger.create(movement(&format!("m-{line}"), 1)));
            futures_util::future::try_join_all(lines.map(IntoFuture::into_future)).await
        })
        .await
        .unwrap();
    let ledger = bank.guard.collection::<Movement>();
    assert_eq!(ledger.count(|m| m.amount.eq(1)).await.unwrap(), many);
    bank.assert_audited().await;
}
