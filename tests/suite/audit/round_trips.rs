//! What each operation costs, in each guarantee: the commands that the driver sends until the
//! caller has its answer.

use std::time::Duration;

use mongodb::bson::oid::ObjectId;
use monguard::prelude::*;
use monguard::{Audit, RelayOptions};
use monguard_tests::fixture::{TestClient, TestDb};
use monguard_tests::models::Parcel;

/// What is done with a document that was created and that nobody has written since.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Operation {
    Create,
    Update,
    SoftDelete,
    Restore,
    HardDelete,
}

use Operation::{Create, HardDelete, Restore, SoftDelete, Update};

const OPERATIONS: [Operation; 5] = [Create, Update, SoftDelete, Restore, HardDelete];

/// A create, the removal of a document, and a change where the document is returned.
const WRITE: &str = "findAndModify";
/// A change that carries its entry.
const CHANGE: &str = "update";
/// The insert of entries.
const LOG: &str = "insert";
/// A write and its entry.
const BOTH: &str = "bulkWrite";
const COMMIT: &str = "commitTransaction";

async fn guard(client: &TestClient, audit: Audit, together: bool) -> Monguard {
    // The relay gathers for longer than the test takes: what it inserts is no part of an operation.
    let relay = RelayOptions::default().gather(Duration::from_secs(10));
    let builder = Monguard::builder(client.database().clone());
    let builder = builder.audit(audit).relay(relay);
    builder.bulk_write(together).build().await.unwrap()
}

/// The commands of the operation.
async fn commands(client: &TestClient, guard: &Monguard, operation: Operation) -> Vec<String> {
    let desk = guard.collection::<Parcel>().by("us");
    let label = ObjectId::new().to_hex();
    let new = Parcel::labelled(&label, &label);
    if operation == Create {
        client.commands().clear();
        desk.create(new).await.unwrap();
        return client.commands().names();
    }
    let mut base = desk.create(new).await.unwrap().into_stored();
    if operation == Restore {
        base = desk.delete(&base).await.unwrap();
    }
    // What the document carries by now might be so much that it is brought at once.
    guard.flush().await.unwrap();
    client.commands().clear();
    match operation {
        Create | Update => drop(desk.update(&base).inc(|p| p.weight, 5).await.unwrap()),
        SoftDelete => drop(desk.delete(&base).await.unwrap()),
        Restore => drop(desk.restore(&base).await.unwrap()),
        HardDelete => drop(desk.hard_delete(&base).await.unwrap()),
    }
    client.commands().names()
}

/// `together`: whether a write and its entry may be one command.
async fn assert_costs(
    audit: Audit,
    together: bool,
    costs: impl Fn(Operation) -> &'static [&'static str],
) {
    let db = TestDb::new().await;
    let client = db.connect().open().await;
    let guard = guard(&client, audit, together).await;
    if together && !guard.capabilities().has_bulk_write() {
        return;
    }
    guard.collection::<Parcel>().ensure_indexes().await.unwrap();
    // That the index of the idempotency key is there is looked up once.
    commands(&client, &guard, Update).await;
    for operation in OPERATIONS {
        let sent = commands(&client, &guard, operation).await;
        assert_eq!(sent, costs(operation), "{audit:?}, {operation:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_carried_write_is_one_round_trip_and_a_hard_delete_three() {
    for together in [false, true] {
        assert_costs(Audit::carried(), together, |operation| match operation {
            Create => &[WRITE],
            Update | SoftDelete | Restore => &[CHANGE],
            // The tombstone, its entry, and the removal.
            HardDelete => &[CHANGE, LOG, WRITE],
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_its_entry_follows_is_two_round_trips_and_a_hard_delete_three() {
    assert_costs(Audit::after_write(), false, |operation| match operation {
        Create | Update | SoftDelete | Restore => &[WRITE, LOG],
        HardDelete => &[WRITE, LOG, WRITE],
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_its_entry_follows_in_the_same_command_is_one_round_trip() {
    assert_costs(Audit::after_write(), true, |operation| match operation {
        // The driver repeats it by itself after a network error.
        Create => &[WRITE, LOG],
        Update | SoftDelete | Restore => &[BOTH],
        HardDelete => &[BOTH, WRITE],
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_in_a_transaction_with_its_entry_is_three_round_trips_or_two() {
    if !TestDb::new().await.topology().await.has_transactions() {
        return;
    }
    assert_costs(Audit::transactional(), false, |operation| match operation {
        Create | Update | SoftDelete | Restore => &[WRITE, LOG, COMMIT],
        // The tombstone and its entry, then the removal.
        HardDelete => &[WRITE, LOG, COMMIT, WRITE],
    })
    .await;
    assert_costs(Audit::transactional(), true, |operation| match operation {
        Create | Update | SoftDelete | Restore => &[BOTH, COMMIT],
        HardDelete => &[BOTH, COMMIT, WRITE],
    })
    .await;
}

/// What the relay sends comes on top: one insert for all the entries that it has gathered.
#[tokio::test(flavor = "multi_thread")]
async fn the_entries_of_many_writes_go_to_the_log_together() {
    const WRITES: usize = 100;
    let db = TestDb::new().await;
    let client = db.connect().open().await;
    let guard = guard(&client, Audit::carried(), true).await;
    guard.collection::<Parcel>().ensure_indexes().await.unwrap();
    commands(&client, &guard, Create).await;
    guard.flush().await.unwrap();
    let desk = guard.collection::<Parcel>().by("us");
    client.commands().clear();
    for number in 0..WRITES {
        let number = number.to_string();
        let parcel = Parcel::labelled(&number, &number);
        desk.create(parcel).await.unwrap();
    }
    assert_eq!(client.commands().count(WRITE), WRITES);
    assert_eq!(client.commands().all().len(), WRITES);
    guard.flush().await.unwrap();
    assert_eq!(client.commands().count(LOG), 1);
    assert_eq!(client.commands().all().len(), WRITES + 1);
    let log = db.database().collection::<()>("audit_logs");
    assert_eq!(log.estimated_document_count().await.unwrap(), 101);
}
