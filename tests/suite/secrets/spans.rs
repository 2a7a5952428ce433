//! What `tracing` is told of each operation.

use futures_util::TryStreamExt;
use mongodb::bson::oid::ObjectId;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models_secret::{Account, text};
use monguard_tests::traces::Traces;

use super::{accounts, assert_traces_hide};

/// The last line about this document, or else this operation, with all of these in it.
fn find(traces: Traces, id: ObjectId, parts: &[&str]) -> String {
    let lines = traces.containing(&id.to_hex());
    let found = lines
        .iter()
        .rfind(|line| parts.iter().all(|part| line.contains(part)));
    found
        .unwrap_or_else(|| panic!("nothing with {parts:?} in {lines:#?}"))
        .clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_write_has_a_span_with_its_document_and_versions() {
    let traces = Traces::record();
    let db = TestDb::new().await;
    let accounts = accounts(&db, Audit::default()).await;
    let desk = accounts.by("desk");
    let created = desk.create(Account::secret("r-1")).await.unwrap();
    let (id, account) = (created.id(), created.into_stored());
    let write = |parts: &[&str]| {
        let all = [&["monguard.write", "collection=accounts"], parts].concat();
        find(traces, id, &all)
    };
    write(&["operation=create", "to=1"]);
    let account = desk
        .update(&account)
        .set(|o| o.pin, text("p"))
        .await
        .unwrap();
    write(&["operation=update", "from=1", "to=2"]);
    let mut edited = (*account).clone();
    edited.pin = None;
    desk.replace(&account, edited).await.unwrap();
    write(&["operation=update", "from=2", "to=3"]);
    desk.update_latest(id).inc(|o| o.ceiling, 1).await.unwrap();
    write(&["operation=update", "from=3", "to=4"]);
    let account = desk
        .modify(id, |_, u| u.set(|o| o.pin, text("p")))
        .await
        .unwrap();
    write(&["operation=update", "from=4", "to=5"]);
    let account = desk.delete(&account).await.unwrap();
    write(&["operation=delete", "from=5", "to=6"]);
    let account = desk.restore(&account).await.unwrap();
    write(&["operation=restore", "from=6", "to=7"]);
    desk.hard_delete(&account).await.unwrap();
    write(&["operation=hard_delete", "from=7", "to=8"]);

    let sent = traces.containing(&id.to_hex());
    let sent = sent
        .iter()
        .filter(|line| line.starts_with("event") && line.contains("message=sending"));
    let sent: Vec<_> = sent.collect();
    assert_eq!(sent.len(), 8, "{sent:#?}");
    let tells = |line: &&&String| line.contains("attempt=1") && line.contains("operation_id=");
    assert_eq!(sent.iter().filter(|line| tells(line)).count(), 8);
    assert_traces_hide(traces);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_starts_over_says_so() {
    let traces = Traces::record();
    let db = TestDb::new().await;
    let accounts = accounts(&db, Audit::default()).await;
    let desk = accounts.by("desk");
    let account = desk.create(Account::plain("r-1")).await.unwrap();
    let (id, rival) = (account.id(), desk.clone());
    let mut turn = 0;
    desk.modify(id, |stored, update| {
        turn += 1;
        if turn == 1 {
            let interferes = rival.update(stored).set(|o| o.pin, text("rival"));
            tokio::task::block_in_place(|| {
                tokio::runtime::Handle::current().block_on(interferes.into_future())
            })?;
        }
        Ok(update.set(|o| o.pin, text("mine")))
    })
    .await
    .unwrap();
    let event = find(traces, id, &["starting over", "attempt=1", "wait_ms="]);
    assert!(event.starts_with("event"), "{event}");
    assert!(event.contains("collection=accounts"), "{event}");
    assert_traces_hide(traces);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_read_has_a_span() {
    let traces = Traces::record();
    let db = TestDb::new().await;
    let accounts = accounts(&db, Audit::default()).await;
    let account = accounts.by("desk").create(Account::secret("r-1")).await;
    let id = account.unwrap().id();
    let filter = |o: <Account as Versioned>::Fields| o.pin.eq(text("pin"));
    accounts.find(filter).await.unwrap();
    let stream = accounts.find(filter).stream().await.unwrap();
    stream.try_collect::<Vec<_>>().await.unwrap();
    accounts.find_one(filter).await.unwrap();
    accounts.count(filter).await.unwrap();
    accounts.exists(filter).await.unwrap();
    accounts.find_by_id(id).await.unwrap();
    accounts.history(id).await.unwrap();
    let read = "span DEBUG monguard::action::read monguard.read collection=accounts";
    for operation in ["find", "find_one", "count", "exists", "ensure_indexes"] {
        let line = format!("{read} operation={operation}");
        assert!(!traces.containing(&line).is_empty(), "{line}");
    }
    for operation in ["find_one", "history"] {
        let operation = format!("operation={operation}");
        find(
            traces,
            id,
            &["monguard.read", "collection=accounts", &operation],
        );
    }
    assert_traces_hide(traces);
}
