//! `Audit::transactional()`: each write in one transaction with its entry.

use std::sync::Arc;
use std::time::Duration;

use mongodb::bson::{Document, doc};
use mongodb::{IndexModel, options::IndexOptions};
use monguard::error::Settled;
use monguard::prelude::*;
use monguard::{Audit, MonguardBuilder, Retry};
use monguard_tests::proxy::{Command, Loss};
use tokio::task::JoinSet;

use super::bank::{Account, Bank, impatient, movement};

async fn open() -> Option<Bank> {
    Bank::of(|builder| builder.audit(Audit::transactional())).await
}

/// With the write and its entry as one command, where the server has it, and as two.
async fn both_ways() -> Vec<Bank> {
    let mut banks = Vec::new();
    for together in [true, false] {
        let way = |builder: MonguardBuilder| builder.bulk_write(together);
        banks.extend(Bank::of(|builder| way(builder).audit(Audit::transactional())).await);
    }
    banks
}

async fn account(bank: &Bank, number: &str) -> Stored<Account> {
    let accounts = bank.guard.collection::<Account>();
    let found = accounts.find_by_id(number.to_owned()).await.unwrap();
    found.unwrap()
}

fn numbered(number: impl ToString) -> Account {
    Account {
        number: number.to_string(),
        balance: 0,
    }
}

/// What a write is, by whether it and its entry are one command.
fn commands(bank: &Bank, together: bool) -> &'static [&'static str] {
    if together && bank.guard.capabilities().has_bulk_write() {
        &["bulkWrite", "commitTransaction"]
    } else {
        &["findAndModify", "insert", "commitTransaction"]
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_audited_write_takes_two_round_trips_or_three() {
    for (bank, together) in both_ways().await.into_iter().zip([true, false]) {
        let desk = &bank.accounts;
        let (sent, expected) = (bank.client.commands(), commands(&bank, together));
        let one_write = || {
            assert_eq!(sent.names(), expected);
            sent.clear();
        };
        sent.clear();
        let made = desk.create(numbered("c")).await.unwrap().into_stored();
        one_write();
        let updated = desk.update(&made).inc(|a| a.balance, 1).await.unwrap();
        one_write();
        let replaced = desk.replace(&updated, numbered("c")).await.unwrap();
        one_write();
        let deleted = desk.delete(&replaced).await.unwrap();
        one_write();
        let restored = desk.restore(&deleted).await.unwrap();
        one_write();
        desk.hard_delete(&restored).await.unwrap();
        assert_eq!(sent.names(), [expected, &["findAndModify"]].concat());
        assert_eq!(bank.document("accounts", doc! { "_id": "c" }).await, None);
        assert_eq!(bank.entries(doc! { "ref.id": "c" }).await.len(), 6);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_does_not_match_is_told_apart_and_leaves_no_entry() {
    for bank in both_ways().await {
        let desk = &bank.accounts;
        let stale = account(&bank, "a").await;
        let current = desk.update(&stale).inc(|a| a.balance, 1).await.unwrap();
        let conflict = desk.update(&stale).inc(|a| a.balance, 1).await;
        assert!(matches!(conflict, Err(Error::Conflict(_))), "{conflict:?}");
        let condition = desk.update(&current).when(|a| a.balance.gt(500));
        let failed = condition.inc(|a| a.balance, 1).await;
        assert!(
            matches!(failed, Err(Error::ConditionFailed(_))),
            "{failed:?}"
        );
        let unchanged = desk.update(&current).set(|a| a.balance, 101).await.unwrap();
        assert!(matches!(unchanged.outcome(), Outcome::Unchanged));
        let taken = desk.create(numbered("a")).await;
        assert!(matches!(taken, Err(Error::DuplicateKey(_))), "{taken:?}");
        desk.hard_delete(&current).await.unwrap();
        let gone = desk.update(&current).inc(|a| a.balance, 1).await;
        assert!(matches!(gone, Err(Error::NotFound(_))), "{gone:?}");
        assert_eq!(bank.entries(doc! { "ref.id": "a" }).await.len(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_is_found() {
    for bank in both_ways().await {
        let first = bank.ledger.create(movement("t-1", 5)).await.unwrap();
        let second = bank.ledger.create(movement("t-1", 5)).await.unwrap();
        assert!(first.is_new() && !second.is_new());
        let other = bank.ledger.create(movement("t-1", 6)).await;
        assert!(
            matches!(other, Err(Error::IdempotencyMismatch(_))),
            "{other:?}"
        );
        bank.assert_audited().await;
    }
}

/// Every command of a create, an update and a deletion for good, cut once.
async fn every_command_once(bank: Bank, fault: Loss) {
    let desk = &bank.accounts;
    for nth in 1..=3 {
        let told = |operation: &str| format!("{operation} {fault:?} {nth}");
        let rule = bank.proxy.on(Command::any()).nth(nth).lose(fault, 20);
        let made = desk.create(numbered(nth)).await;
        let made = made.unwrap_or_else(|error| panic!("{}: {error:?}", told("create")));
        rule.remove();
        let rule = bank.proxy.on(Command::any()).nth(nth).lose(fault, 20);
        let updated = desk.update(&*made).inc(|a| a.balance, 1).await;
        let updated = updated.unwrap_or_else(|error| panic!("{}: {error:?}", told("update")));
        rule.remove();
        assert_eq!((updated.version(), updated.balance), (2.into(), 1));
        bank.assert_audited().await;
        let rule = bank.proxy.on(Command::any()).nth(nth).lose(fault, 20);
        let removed = desk.hard_delete(&updated).await;
        removed.unwrap_or_else(|error| panic!("{}: {error:?}", told("hard delete")));
        rule.remove();
        let id = nth.to_string();
        assert_eq!(bank.document("accounts", doc! { "_id": &id }).await, None);
        let log = bank.db.database().collection::<Document>("audit_logs");
        let removed = log.delete_many(doc! { "ref.id": id }).await.unwrap();
        assert_eq!(removed.deleted_count, 3, "{}", told("hard delete"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_cut_at_any_command_loses_and_doubles_nothing() {
    let mut faults = JoinSet::new();
    for fault in [Loss::Unsent, Loss::Unanswered, Loss::TornReply] {
        for bank in both_ways().await {
            faults.spawn(every_command_once(bank, fault));
        }
    }
    faults.join_all().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_is_never_confirmed_is_looked_up() {
    let Some(bank) = open().await else { return };
    let before = account(&bank, "a").await;
    let commits = bank.proxy.on(Command::named("commitTransaction")).always();
    let _cut = commits.cut_after();
    let limit = Duration::from_millis(700);
    let update = bank.accounts.update(&before).inc(|a| a.balance, 5);
    let stored = update.time_limit(limit).await;
    // Sixteen commits or one, it is found in the document and the log that it was made.
    let stored = stored.unwrap();
    assert_eq!((stored.version(), stored.balance), (2.into(), 105));
    assert!(matches!(stored.outcome(), Outcome::Settled { .. }));
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_answers_the_outcome_is_unsettled_and_found_out_later() {
    let Some(bank) = Bank::of(|b| impatient(b).audit(Audit::transactional())).await else {
        return;
    };
    let before = account(&bank, "a").await;
    let cut = bank
        .proxy
        .on(Command::named("commitTransaction"))
        .always()
        .cut_after();
    let blind = bank.proxy.on(Command::named("find")).always().cut_before();
    let error = bank.accounts.update(&before).inc(|a| a.balance, 5).await;
    let Err(Error::Unsettled(unsettled)) = error else {
        panic!("{error:?}")
    };
    cut.remove();
    blind.remove();
    let settle = async {
        loop {
            if let Ok(settled) = unsettled.settle().await {
                return settled;
            }
        }
    };
    let settled = tokio::time::timeout(Duration::from_secs(20), settle).await;
    assert_eq!(settled.unwrap(), Settled::Landed);
    assert_eq!(bank.state().await.0, 105);
    bank.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_refuses_the_entry_keeps_the_data_out() {
    for bank in both_ways().await {
        let log = bank.db.database().collection::<Document>("audit_logs");
        let options = IndexOptions::builder().unique(true).build();
        let index = IndexModel::builder()
            .keys(doc! { "traceId": 1 })
            .options(options);
        log.delete_many(doc! { "ref.id": "b" }).await.unwrap();
        log.create_index(index.build()).await.unwrap();
        let before = account(&bank, "a").await;
        let error = bank
            .accounts
            .update(&before)
            .inc(|a| a.balance, 5)
            .await
            .unwrap_err();
        let Error::Driver(refused) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(refused.code(), Some(11000));
        assert!(
            error.to_string().starts_with("insert of the audit entry"),
            "{error}"
        );
        let made = bank.accounts.create(numbered("c")).await;
        assert!(matches!(made, Err(Error::Driver(_))), "{made:?}");
        assert_eq!(bank.state().await.0, 100);
        assert_eq!(bank.document("accounts", doc! { "_id": "c" }).await, None);
        assert_eq!(bank.entries(doc! {}).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_at_once_wait_for_each_other_and_lose_nothing() {
    for bank in both_ways().await {
        let bank = Arc::new(bank);
        let mut writers = JoinSet::new();
        for _ in 0..8 {
            let bank = bank.clone();
            writers.spawn(async move {
                let update = bank
                    .accounts
                    .update_latest("a".to_owned())
                    .inc(|a| a.balance, 1);
                update.retry(Retry::default().attempts(100)).await.map(drop)
            });
        }
        for written in writers.join_all().await {
            written.unwrap();
        }
        assert_eq!(bank.state().await.0, 108);
        bank.assert_audited().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_service_left_on_the_document_is_kept_and_comes_to_the_log() {
    let Some(bank) = open().await else { return };
    let carrier = monguard::Monguard::builder(bank.client.database().clone());
    let carrier = carrier.audit(Audit::carried()).build().await.unwrap();
    let carried = carrier.collection::<Account>().by("carrier");
    let made = carried.create(numbered("c")).await.unwrap().into_stored();
    let moved = carried.update(&made).inc(|a| a.balance, 1).await.unwrap();
    let moved = bank
        .accounts
        .update(&moved)
        .inc(|a| a.balance, 1)
        .await
        .unwrap();
    bank.guard
        .transaction(async |tx| {
            let desk = bank.accounts.within(&tx);
            let moved = desk.update(&moved).inc(|a| a.balance, 1).await?;
            desk.hard_delete(&moved).await
        })
        .await
        .unwrap();
    carrier.flush().await.unwrap();
    let entries = bank.entries(doc! { "ref.id": "c" }).await;
    let versions: Vec<_> = entries
        .iter()
        .map(|entry| {
            entry
                .get_document("metadata")
                .unwrap()
                .get_i32("version")
                .unwrap()
        })
        .collect();
    assert_eq!(versions, [1, 2, 3, 4, 5], "{entries:#?}");
    let created = entries[0].get_document("metadata").unwrap();
    assert_eq!(
        created
            .get_document("after")
            .unwrap()
            .get_i64("balance")
            .unwrap(),
        0
    );
}
