//! The server's and serde's own texts quote values: none of them is kept.

use std::time::Duration;

use mongodb::IndexModel;
use mongodb::bson::{Document, doc};
use mongodb::options::IndexOptions;
use monguard::Retry;
use monguard::error::{InvalidFilterReason, InvalidReason};
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};
use monguard_tests::models_secret::{Account, Address, HUGE, SECRET, text};
use monguard_tests::traces::Traces;

use super::{
    accounts, assert_database_hides, assert_error_hides, assert_traces_hide, audits, failed,
};

async fn unique_index(db: &TestDb, field: &str) {
    let unique = IndexOptions::builder().unique(true).sparse(true).build();
    let index = IndexModel::builder()
        .keys(doc! { field: 1 })
        .options(unique)
        .build();
    let documents = db.database().collection::<Document>("accounts");
    documents.create_index(index).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_key_names_index_and_fields_only() {
    let traces = Traces::record();
    for audit in audits().await {
        let db = TestDb::new().await;
        let accounts = accounts(&db, audit).await;
        unique_index(&db, "cardToken").await;
        unique_index(&db, "contacts.doorCode").await;
        let desk = accounts.by("desk");
        desk.create(Account::secret("r-1")).await.unwrap();
        let other = desk
            .create(Account::plain("r-2"))
            .await
            .unwrap()
            .into_stored();

        let set_card = || desk.update(&other).set(|o| o.card_token, text("card"));
        let mut edited = (*other).clone();
        edited.card_token = Some(text("card"));
        for error in [
            failed(desk.create(Account::secret("r-3")).await),
            failed(set_card().await),
            failed(desk.replace(&other, edited).await),
            failed(
                desk.modify(other.id(), |_, u| u.set(|o| o.card_token, text("card")))
                    .await,
            ),
        ] {
            let Error::DuplicateKey(error) = error else {
                panic!("{error:?}")
            };
            assert_eq!(error.fields(), ["cardToken"]);
            assert_eq!(error.index(), "cardToken_1");
        }
        let nested = desk
            .update(&other)
            .push(|o| o.contacts, Address::secret("s"));
        let Error::DuplicateKey(error) = failed(nested.await) else {
            panic!("not a duplicate key")
        };
        assert_eq!(error.fields(), ["contacts.doorCode"]);
        assert_database_hides(&db).await;
    }
    assert_traces_hide(traces);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_that_quotes_the_value_is_not_quoted() {
    let traces = Traces::record();
    let db = TestDb::new().await;
    let accounts = accounts(&db, Audit::after_write()).await;
    let desk = accounts.by("desk");
    let account = desk
        .create(Account::plain("r-1"))
        .await
        .unwrap()
        .into_stored();
    let schema = doc! { "properties": {
        "cardToken": { "pattern": "^tok_" },
        "address": { "properties": { "doorCode": { "bsonType": "null" } } },
    } };
    let command = doc! { "collMod": "accounts", "validator": { "$jsonSchema": schema } };
    db.database().run_command(command).await.unwrap();

    let update = desk.update(&account).set(|o| o.card_token, text("card"));
    let nested = desk.update(&account);
    let nested = nested.set(|o| o.address.door_code, text("door"));
    for error in [
        failed(update.await),
        failed(nested.await),
        failed(desk.create(Account::secret("r-2")).await),
        failed(desk.replace(&account, Account::secret("r-1")).await),
    ] {
        let Error::Driver(error) = error else {
            panic!("{error:?}")
        };
        assert_eq!(error.code(), Some(121));
        assert!(error.driver().is_none());
        assert!(error.to_string().contains("validator"), "{error}");
    }
    assert_database_hides(&db).await;
    assert_traces_hide(traces);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_without_a_bson_form_is_refused_unseen() {
    let db = TestDb::new().await;
    let accounts = accounts(&db, Audit::after_write()).await;
    let desk = accounts.by("desk");
    let account = desk
        .create(Account::plain("r-1"))
        .await
        .unwrap()
        .into_stored();
    let huge = |request: &str| Account {
        ceiling: HUGE,
        ..Account::secret(request)
    };
    let errors = [
        failed(desk.create(huge("r-2")).await),
        failed(desk.replace(&account, huge("r-1")).await),
        failed(desk.update(&account).set(|o| o.ceiling, HUGE).await),
        failed(
            desk.update_latest(account.id())
                .set(|o| o.ceiling, HUGE)
                .await,
        ),
        failed(
            desk.modify(account.id(), |_, u| u.set(|o| o.ceiling, HUGE))
                .await,
        ),
        failed(
            desk.update(&account)
                .when(|o| o.ceiling.gt(HUGE))
                .set(|o| o.name, "x")
                .await,
        ),
        failed(accounts.find(|o| o.ceiling.gt(HUGE)).await),
        failed(accounts.find_one(|o| o.ceiling.is_in([1, HUGE])).await),
        failed(accounts.count(|o| o.ceiling.lte(HUGE)).await),
        failed(accounts.exists(|o| o.ceiling.eq(HUGE)).await),
        failed(Stored::from_parts(account.id(), 1, huge("r-1"))),
    ];
    for error in errors {
        let is_not_encodable = match &error {
            Error::InvalidUpdate(error) => {
                matches!(error.reason(), InvalidReason::NotEncodable(_))
            }
            Error::InvalidFilter(error) => {
                matches!(error.reason(), InvalidFilterReason::NotEncodable(_))
            }
            _ => false,
        };
        assert!(is_not_encodable, "{error:?}");
    }
    super::assert_debug_hides(&monguard::field::encode(&HUGE).unwrap_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sum_out_of_range_is_not_shown() {
    let db = TestDb::new().await;
    let accounts = accounts(&db, Audit::after_write()).await;
    let desk = accounts.by("desk");
    let account = desk
        .create(Account {
            ceiling: 7_777_777_777,
            ..Account::plain("r-1")
        })
        .await
        .unwrap()
        .into_stored();
    let error = failed(desk.update(&account).inc(|o| o.ceiling, i64::MAX).await);
    assert!(!format!("{error:?} {error}").contains("7777777777"));
    let below = failed(
        desk.update(&account)
            .inc(|o| o.ceiling, -8_888_888_888_i64)
            .await,
    );
    assert!(!format!("{below:?} {below}").contains("888888888"));
}

#[tokio::test(flavor = "multi_thread")]
async fn names_inside_of_hidden_values_are_not_shown() {
    let db = TestDb::new().await;
    let accounts = accounts(&db, Audit::after_write()).await;
    let desk = accounts.by("desk");
    let account = desk
        .create(Account::plain("r-1"))
        .await
        .unwrap()
        .into_stored();
    let id = account.id();
    let tokens = || [(format!("{SECRET}.x"), vec![])].into();
    let mut edited = (*account).clone();
    edited.vault.shelves.insert(format!("{SECRET}.y"), 1);
    let shelves = edited.vault.shelves.clone();
    for (error, path) in [
        (
            failed(desk.update(&account).set(|o| o.tokens, tokens()).await),
            "tokens",
        ),
        (
            failed(
                desk.update(&account)
                    .set(|o| o.vault.shelves, shelves)
                    .await,
            ),
            "vault",
        ),
        (
            failed(desk.replace(&account, edited.clone()).await),
            "vault",
        ),
        (
            failed(
                desk.create(Account {
                    request: "r-2".to_owned(),
                    ..edited
                })
                .await,
            ),
            "vault",
        ),
    ] {
        let Error::InvalidUpdate(error) = error else {
            panic!("{error:?}")
        };
        assert_eq!(*error.reason(), InvalidReason::Name);
        assert_eq!(error.path(), path);
    }
    super::damage(&db, id, doc! { "$set": { "tokens": { SECRET: 5 } } }).await;
    let Error::Decode(error) = failed(accounts.find_by_id(id).await) else {
        panic!("not a decode error")
    };
    assert_eq!(error.path(), Some("tokens"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_race_shows_no_document() {
    let traces = Traces::record();
    let db = TestDb::new().await;
    let accounts = accounts(&db, Audit::after_write()).await;
    let desk = accounts.by("desk");
    let old = desk
        .create(Account::secret("r-1"))
        .await
        .unwrap()
        .into_stored();
    let id = old.id();
    let new = desk
        .update(&old)
        .set(|o| o.pin, text("pin-2"))
        .await
        .unwrap();

    let conflict = failed(desk.update(&old).set(|o| o.pin, text("pin-3")).await);
    assert!(conflict.is_conflict());
    let on = desk.update(&new).when(|o| o.pin.eq(text("pin-9")));
    let refused = failed(on.set(|o| o.pin, text("pin-4")).await);
    assert!(matches!(refused, Error::ConditionFailed(_)));
    let mismatch = failed(desk.create(Account::plain("r-1")).await);
    assert!(matches!(mismatch, Error::IdempotencyMismatch(_)));

    let rival = desk.clone();
    let mut turn = 0;
    let exhausted = desk
        .modify(id, |stored, update| {
            turn += 1;
            let interferes = rival
                .update(stored)
                .set(|o| o.pin, text(&format!("r{turn}")));
            tokio::task::block_in_place(|| {
                tokio::runtime::Handle::current().block_on(interferes.into_future())
            })?;
            Ok(update.set(|o| o.pin, text("mine")))
        })
        .retry(Retry::default().attempts(2).first_wait(Duration::ZERO))
        .await;
    let exhausted = failed(exhausted);
    assert!(matches!(exhausted, Error::Exhausted(_)), "{exhausted:?}");

    desk.delete(Revision::from_version(id, 4)).await.unwrap();
    let deleted = failed(desk.update_latest(id).set(|o| o.pin, text("p")).await);
    assert!(matches!(deleted, Error::Deleted(_)));
    assert_traces_hide(traces);
    assert_database_hides(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_documents_that_share_a_secret_cannot_be_indexed_quietly() {
    let db = TestDb::new().await;
    let documents = db.database().collection::<Document>("accounts");
    for _ in 0..2 {
        let foreign = doc! { "request": SECRET, "cardToken": SECRET };
        documents.insert_one(foreign).await.unwrap();
    }
    let guard = after_write(db.database().clone());
    let accounts = guard.build().await.unwrap().collection::<Account>();
    let error = failed(accounts.ensure_indexes().await);
    let Error::IndexRefused(error) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.code(), Some(11000));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_of_the_callers_own_is_passed_on() {
    let db = TestDb::new().await;
    let accounts = accounts(&db, Audit::after_write()).await;
    let desk = accounts.by("desk");
    let account = desk.create(Account::plain("r-1")).await.unwrap();
    let aborted = desk
        .modify(account.id(), |_, _| {
            Err::<Update<Account>, _>(Error::abort("frozen"))
        })
        .await
        .unwrap_err();
    assert_error_hides(&aborted);
    assert!(matches!(aborted, Error::Abort(_)));
}
