//! What may be there already is looked up first: a duplicate key would abort the transaction.

use mongodb::bson::{Document, doc, oid::ObjectId};
use monguard::prelude::*;

use super::bank::{Account, Bank, Movement, movement};

#[tokio::test(flavor = "multi_thread")]
async fn a_create_of_an_earlier_request_finds_its_document_and_goes_on() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let first = bank.ledger.create(movement("t-1", 5)).await.unwrap();
    assert!(first.is_new());
    let second = bank
        .guard
        .transaction(async |tx| {
            let ledger = bank.ledger.within(&tx);
            let found = ledger.create(movement("t-1", 5)).await?;
            // Of this very transaction.
            assert!(ledger.create(movement("t-2", 6)).await?.is_new());
            assert!(!ledger.create(movement("t-2", 6)).await?.is_new());
            let other = ledger.create(movement("t-1", 7)).await;
            assert!(
                matches!(other, Err(Error::IdempotencyMismatch(_))),
                "{other:?}"
            );
            Ok(found)
        })
        .await
        .unwrap();
    assert!(!second.is_new());
    assert_eq!(second.id(), first.id());
    assert_eq!(bank.state().await, (100, 100, 2));
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_taken_is_told_without_an_end_of_the_transaction() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    bank.guard
        .transaction(async |tx| {
            let number = "a".to_owned();
            let again = Account { number, balance: 1 };
            let taken = bank.accounts.within(&tx).create(again).await;
            let Err(Error::DuplicateKey(taken)) = taken else {
                panic!("{taken:?}")
            };
            assert_eq!(taken.fields(), ["_id"]);
            bank.moved(&tx, movement("t-1", 30)).await
        })
        .await
        .unwrap();
    assert_eq!(bank.state().await, (70, 130, 1));
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hard_delete_that_was_left_half_done_is_finished_first() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let tombstone = doc! { "$set": {
        "__tombstone": true, "__w": ObjectId::new(), "__v": 2, "deletedBy": "nobody",
        "deletedAt": mongodb::bson::DateTime::from_millis(0),
        "updatedAt": mongodb::bson::DateTime::from_millis(0),
    } };
    let accounts = bank.db.database().collection::<Document>("accounts");
    accounts
        .update_one(doc! { "_id": "a" }, tombstone)
        .await
        .unwrap();
    let made = bank
        .guard
        .transaction(async |tx| {
            let number = "a".to_owned();
            let again = Account { number, balance: 1 };
            bank.accounts.within(&tx).create(again).await
        })
        .await
        .unwrap();
    assert_eq!((made.version(), made.balance), (1.into(), 1));
    let deleted = doc! { "ref.id": "a", "action": "delete" };
    assert_eq!(bank.entries(deleted).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_without_its_index_is_refused() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let ledger = bank.db.database().collection::<Document>("ledger");
    ledger.drop_indexes().await.unwrap();
    let refused = bank
        .guard
        .transaction(async |tx| bank.ledger.within(&tx).create(movement("t-1", 5)).await)
        .await;
    assert!(
        matches!(refused, Err(Error::MissingIndex(_))),
        "{refused:?}"
    );
    let indexes = bank
        .guard
        .transaction(async |tx| {
            let ledger = bank.guard.collection::<Movement>();
            ledger.within(&tx).ensure_indexes().await
        })
        .await;
    assert!(matches!(indexes, Err(Error::Unsupported(_))), "{indexes:?}");
}
