//! Hard deletes that are broken off, and ids that live again.

use mongodb::bson::{Bson, Document};
use monguard::prelude::*;
use monguard_tests::fixture::after_write;
use monguard_tests::proxy::{Command, Gate, Proxy};

use super::process::Process;
use super::stage::{Account, Stage, data_write, entry_insert, without_retries};

async fn account(stage: &Stage) -> Stored<Account> {
    let account = Account::numbered("A-1");
    let created = stage.rival().create(account).await.unwrap();
    created.into_stored()
}

/// The removal, the last step.
pub(super) fn removal() -> Command {
    data_write().matching(|body| body.contains_key("remove"))
}

/// A process dies in its hard delete, at the command that is held.
pub(super) async fn broken_off(stage: &Stage, hold: impl FnOnce(&Proxy) -> Gate) -> Proxy {
    let proxy = stage.db.proxy().await;
    let gate = hold(&proxy);
    let connect = without_retries(stage.db.connect()).through(&proxy);
    let process = Process::start(async move {
        let client = connect.open().await;
        let guard = after_write(client.database().clone()).build();
        let accounts = guard.await.unwrap().collection::<Account>();
        let found = accounts.find_by_id("A-1".to_owned()).including_deleted();
        let account = found.await.unwrap().unwrap();
        let _ = accounts.by("deleter").hard_delete(&account).await;
    });
    gate.reached(1).await;
    process.kill();
    gate.cut();
    proxy
}

async fn assert_gone(stage: &Stage) {
    let accounts = stage.guard.collection::<Account>();
    let by_id = accounts.find_by_id("A-1".to_owned()).including_deleted();
    assert!(by_id.await.unwrap().is_none());
    assert_eq!(
        accounts
            .count(|a| a.balance.gte(0))
            .including_deleted()
            .await
            .unwrap(),
        0
    );
    let write = stage.writer::<Account>();
    let update = write.update_latest("A-1".to_owned()).inc(|a| a.balance, 1);
    let update = update.await;
    assert!(matches!(update, Err(Error::NotFound(_))), "{update:?}");
}

/// Asserts what the log says of the deletion: the entry that the deleter would have written.
fn assert_deletion(entry: &Document, before: &Document) {
    assert_eq!(entry.get_str("action").ok(), Some("delete"), "{entry}");
    assert_eq!(entry.get_str("userId").ok(), Some("deleter"), "{entry}");
    let metadata = entry.get_document("metadata").unwrap();
    assert_eq!(metadata.get_bool("hardDelete").ok(), Some(true));
    let version = before.get_i32("__v").unwrap();
    assert_eq!(metadata.get_i32("from").ok(), Some(version));
    assert_eq!(metadata.get_i32("version").ok(), Some(version + 1));
    let mut image = before.clone();
    image.remove("__w");
    assert_eq!(
        sorted(metadata.get_document("before").unwrap()),
        sorted(&image)
    );
}

fn sorted(document: &Document) -> Vec<(String, Bson)> {
    let mut fields: Vec<_> = document.clone().into_iter().collect();
    fields.sort_by(|a, b| a.0.cmp(&b.0));
    fields
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tombstone_is_shown_to_nobody() {
    for hold in [
        |proxy: &Proxy| proxy.on(entry_insert()).hold_request(),
        |proxy: &Proxy| proxy.on(removal()).hold_request(),
    ] {
        let stage = Stage::new().await;
        let account = account(&stage).await;
        let _proxy = broken_off(&stage, hold).await;

        assert_eq!(stage.count::<Account>().await, 1);
        assert_gone(&stage).await;
        let restore = stage.writer().restore(&account).await;
        assert!(matches!(restore, Err(Error::NotFound(_))), "{restore:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_finishes_the_hard_delete_that_is_in_its_way() {
    for hold in [
        |proxy: &Proxy| proxy.on(entry_insert()).hold_request(),
        |proxy: &Proxy| proxy.on(removal()).hold_request(),
    ] {
        let stage = Stage::new().await;
        account(&stage).await;
        let before = stage.document::<Account>("A-1").await.unwrap();
        let _proxy = broken_off(&stage, hold).await;

        let created = stage.writer().create(Account::numbered("A-1")).await;
        let created = created.unwrap();

        assert!(created.is_new());
        assert_eq!(created.version(), 1);
        let accounts = stage.guard.collection::<Account>();
        let history = accounts.history("A-1".to_owned());
        let history = history.await.unwrap();
        let lives: Vec<_> = history.iter().map(monguard::AuditEntry::life).collect();
        assert_eq!(lives, [0, 0, 1]);
        assert!(history.iter().all(monguard::AuditEntry::is_linked));
        let deletions: Vec<_> = stage
            .entries("A-1")
            .await
            .into_iter()
            .filter(|entry| {
                entry
                    .get_str("action")
                    .is_ok_and(|action| action == "delete")
            })
            .collect();
        assert_eq!(deletions.len(), 1);
        assert_deletion(&deletions[0], &before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hard_delete_finishes_the_one_that_was_broken_off() {
    let stage = Stage::new().await;
    let account = account(&stage).await;
    let deleted = stage.rival().delete(&account).await.unwrap();
    let before = stage.document::<Account>("A-1").await.unwrap();
    let hold = |proxy: &Proxy| proxy.on(entry_insert()).hold_request();
    let _proxy = broken_off(&stage, hold).await;

    let again = stage.writer().hard_delete(&deleted).await;

    assert!(matches!(again, Err(Error::NotFound(_))), "{again:?}");
    assert_eq!(stage.count::<Account>().await, 0);
    stage.assert_linked("A-1", 3).await;
    // A soft deletion before is part of what was deleted.
    assert_deletion(&stage.entries("A-1").await[2], &before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_several_lives_is_linked_to_its_own() {
    let stage = Stage::new().await;
    for _ in 0..2 {
        let account = account(&stage).await;
        let hold = |proxy: &Proxy| proxy.on(entry_insert()).hold_request();
        let _proxy = broken_off(&stage, hold).await;
        let again = stage.writer().hard_delete(&account).await;
        assert!(matches!(again, Err(Error::NotFound(_))), "{again:?}");
    }

    let entries = stage.entries("A-1").await;
    let id = |entry: &Document| entry.get_object_id("_id").unwrap();
    let prev = |entry: &Document| {
        let metadata = entry.get_document("metadata").unwrap();
        metadata.get_object_id("prev").unwrap()
    };
    let [one, two, end_of_one, end_of_two] = entries.as_slice() else {
        panic!("{entries:#?}")
    };
    let mut ends = [prev(end_of_one), prev(end_of_two)];
    let mut starts = [id(one), id(two)];
    ends.sort();
    starts.sort();
    assert_eq!(ends, starts);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_that_cannot_be_confirmed_is_unsettled() {
    let stage = Stage::impatient().await;
    let account = account(&stage).await;
    let rule = stage.proxy.on(removal()).always().cut_before();

    let Err(Error::Unsettled(unsettled)) = stage.writer().hard_delete(&account).await else {
        panic!("it is not removed")
    };
    stage.assert_linked("A-1", 2).await;
    rule.remove();

    let settled = unsettled.settle().await.unwrap();
    assert_eq!(settled, monguard::error::Settled::Landed);
    assert_eq!(stage.count::<Account>().await, 0);
    stage.assert_linked("A-1", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_of_an_earlier_life_is_in_conflict_with_the_next() {
    let stage = Stage::new().await;
    let first = account(&stage).await;
    let writer = stage.writer::<Account>();
    writer.hard_delete(&first).await.unwrap();
    let second = account(&stage).await;
    assert_eq!(first.version(), second.version());

    let result = writer.update(&first).inc(|a| a.balance, 1).await;

    let Err(Error::Conflict(conflict)) = result else {
        panic!("{result:?}")
    };
    assert_eq!(conflict.current_version(), conflict.expected_version());
    let removal = writer.hard_delete(&first).await;
    assert!(matches!(removal, Err(Error::Conflict(_))), "{removal:?}");
    let unchanged = writer.update(&first).set(|a| a.balance, 0).await;
    assert!(
        matches!(unchanged, Err(Error::Conflict(_))),
        "{unchanged:?}"
    );
    assert_eq!(
        stage
            .document::<Account>("A-1")
            .await
            .unwrap()
            .get_i32("__v")
            .ok(),
        Some(1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_that_comes_late_leaves_the_next_life_alone() {
    let stage = Stage::new().await;
    let first = account(&stage).await;
    let gate = stage.proxy.on(removal()).hold_request();
    let writer = stage.writer::<Account>();
    let delete = tokio::spawn(async move { writer.hard_delete(&first).await });
    gate.reached(1).await;
    // Whoever comes finishes the deletion, and lives.
    let second = account(&stage).await;
    gate.release();

    delete.await.unwrap().unwrap();
    let accounts = stage.guard.collection::<Account>();
    let found = accounts
        .find_by_id("A-1".to_owned())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.document(), second.document());
}
