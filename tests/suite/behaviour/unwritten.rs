//! Writes whose audit entry the log refuses.

use std::time::Duration;

use mongodb::bson::{Bson, Document, doc};
use monguard::prelude::*;
use monguard::{Audit, OnAuditFailure, RelayOptions};
use monguard_tests::fixture::{TestDb, after_write};
use monguard_tests::models::Ticket;

use super::stage::{collection, entries, raw, stored};

async fn guard(db: &TestDb, policy: OnAuditFailure) -> Monguard {
    let builder = after_write(db.database().clone());
    builder.on_audit_failure(policy).build().await.unwrap()
}

/// Lets the log take only entries with this trace id.
async fn log_takes(db: &TestDb, validator: Document) {
    let command = doc! { "collMod": "audit_logs", "validator": validator };
    db.database().run_command(command).await.unwrap();
}

async fn ticket(desk: &Writer<Ticket>) -> monguard::Result<Created<Ticket>> {
    let text = "x".to_owned();
    desk.create(Ticket { number: 1, text }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_without_its_entry_stands_and_says_so() {
    let db = TestDb::new().await;
    db.database().create_collection("audit_logs").await.unwrap();
    log_takes(&db, doc! { "never": true }).await;
    let reporting = guard(&db, OnAuditFailure::Report).await;
    let desk = reporting.collection::<Ticket>().by("desk");
    let created = ticket(&desk).await.unwrap();
    let Outcome::WrittenWithoutEntry(cause) = created.outcome() else {
        panic!("{created:?}")
    };
    assert!(matches!(**cause, Error::Driver(_)), "{cause}");
    assert_eq!(reporting.unwritten_entries(), 1);

    let failing = guard(&db, OnAuditFailure::Fail).await;
    let desk = failing.collection::<Ticket>().by("desk");
    let result = desk.update(&created).set(|t| t.text, "y").await;
    let Err(Error::AuditNotWritten(error)) = result else {
        panic!("{result:?}")
    };
    assert_eq!(error.version().as_i64(), Some(2));
    let written: Stored<Ticket> = error.stored().unwrap();
    assert_eq!((written.text.as_str(), written.version()), ("y", 2.into()));
    let document = stored(&db, "tickets", 1_i64).await;
    assert_eq!(document.get_object_id("__w").unwrap(), error.operation());
    assert_eq!(failing.unwritten_entries(), 1);
    assert!(entries(&db).await.is_empty());

    // The gap is seen afterwards.
    log_takes(&db, doc! {}).await;
    let third = desk.update(&written).set(|t| t.text, "z").await.unwrap();
    let history = collection::<Ticket>(&db)
        .await
        .history(third.id())
        .await
        .unwrap();
    assert_eq!(history.len(), 1);
    assert!(!history[0].is_linked());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_document_carries_stays_on_it_after_a_write_without_its_entry() {
    let db = TestDb::new().await;
    db.database().create_collection("audit_logs").await.unwrap();
    let idle = || {
        let relay = RelayOptions::default().gather(Duration::from_secs(20));
        let builder = Monguard::builder(db.database().clone());
        builder.audit(Audit::carried()).relay(relay).build()
    };
    let first = idle().await.unwrap();
    let created = ticket(&first.collection().by("desk")).await.unwrap();
    log_takes(&db, doc! { "never": true }).await;
    let failing = guard(&db, OnAuditFailure::Fail).await;
    let desk = failing.collection::<Ticket>().by("desk");
    let result = desk.update(&created).set(|t| t.text, "y").await;
    let Err(Error::AuditNotWritten(error)) = result else {
        panic!("{result:?}")
    };
    let written: Stored<Ticket> = error.stored().unwrap();
    let second = idle().await.unwrap();
    let desk = second.collection::<Ticket>().by("desk");
    desk.update(&written).set(|t| t.text, "z").await.unwrap();
    let document = stored(&db, "tickets", 1_i64).await;
    let carried = document.get_array("__audit").unwrap().iter();
    let version = |entry: &Bson| entry.as_document().unwrap().get_i32("v").unwrap();
    assert_eq!(carried.map(version).collect::<Vec<_>>(), [1, 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_not_removed_without_its_entry_and_removed_when_it_can_be_written() {
    let db = TestDb::new().await;
    let tickets = collection::<Ticket>(&db).await;
    let desk = tickets.by("desk");
    let created = ticket(&desk).await.unwrap();
    log_takes(&db, doc! { "never": true }).await;
    let result = desk.hard_delete(&created).await;
    let Err(Error::AuditNotWritten(_)) = result else {
        panic!("{result:?}")
    };
    // Gone for every reader, and not yet removed.
    let found = tickets.find_by_id(1).including_deleted().await.unwrap();
    assert!(found.is_none());
    let all = tickets.count(|_| Filter::all()).including_deleted().await;
    assert_eq!(all.unwrap(), 0);
    assert!(
        stored(&db, "tickets", 1_i64)
            .await
            .get_bool("__tombstone")
            .unwrap()
    );

    log_takes(&db, doc! {}).await;
    let again = desk.hard_delete(&created).await;
    assert!(matches!(again, Err(Error::NotFound(_))), "{again:?}");
    let left = raw(&db, "tickets").count_documents(doc! {}).await.unwrap();
    assert_eq!(left, 0);
    let history = tickets.history(1).await.unwrap();
    assert_eq!(history.len(), 2);
    assert!(
        history.iter().all(monguard::AuditEntry::is_linked),
        "{history:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_that_meets_an_unfinished_removal_finishes_it() {
    let db = TestDb::new().await;
    let tickets = collection::<Ticket>(&db).await;
    let desk = tickets.by("desk");
    let created = ticket(&desk).await.unwrap();
    log_takes(&db, doc! { "never": true }).await;
    desk.hard_delete(&created).await.unwrap_err();
    log_takes(&db, doc! {}).await;
    let again = ticket(&desk).await.unwrap();
    assert!(again.is_new());
    let history = tickets.history(1).await.unwrap();
    let lives: Vec<_> = history.iter().map(monguard::AuditEntry::life).collect();
    assert_eq!(lives, [0, 0, 1]);
}
