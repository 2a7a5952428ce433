//! Every command of every operation is lost in every way, in each guarantee.

mod lane;
mod operation;
mod sent;
mod way;

use std::collections::BTreeSet;
use std::sync::Arc;

use monguard::Audit;
use monguard::prelude::*;
use monguard_tests::crash::{Report, untrue};
use monguard_tests::fixture::TestDb;
use monguard_tests::models::Parcel;
use monguard_tests::proxy::Loss;
use monguard_tests::trail::{Promise, Trail};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::stage::turn;
use lane::{Lane, guard};
use operation::{OPERATIONS, Operation};
use sent::Sent;
use way::{WAYS, Way};

/// How many operations are under way at the same time: most of it is waiting for the driver to
/// connect again.
const AT_ONCE: usize = 48;

/// Loses everything in every way.
async fn lose_everything(audit: Audit, promise: Promise) {
    let _turn = turn().await;
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut ways = JoinSet::new();
    for (number, way) in WAYS.into_iter().enumerate() {
        ways.spawn(lose((number, way), audit, promise, Arc::clone(&turns)));
    }
    let mut lost = BTreeSet::new();
    while let Some(done) = ways.join_next().await {
        lost.extend(done.unwrap());
    }
    // Else this would show less than it says.
    let mut expected = BTreeSet::from(ALWAYS);
    // A standalone server has neither: what settles there are reads like any other.
    let is_replicated = TestDb::new().await.topology().await.has_transactions();
    if is_replicated {
        expected.insert(Sent::Commit);
    }
    // What settles, where something was lost. Of a transaction the commit is sent again first.
    if audit != Audit::transactional() {
        expected.insert(Sent::LogRead);
        expected.extend(is_replicated.then_some(Sent::LinearizableRead));
    }
    let missed: Vec<_> = expected.difference(&lost).collect();
    assert!(missed.is_empty(), "never lost: {missed:?}, of {lost:?}");
}

/// Loses everything in one way, on a database of its own. Returns what was lost.
async fn lose(
    (number, way): (usize, Way),
    audit: Audit,
    promise: Promise,
    turns: Arc<Semaphore>,
) -> BTreeSet<Sent> {
    let db = Arc::new(TestDb::new().await);
    let rival = guard(db.database(), audit, true).await;
    let parcels = rival.collection::<Parcel>();
    parcels.ensure_indexes().await.unwrap();
    let transacts = rival.capabilities().has_transactions();
    let can = |operation: &Operation| transacts || *operation != Operation::Transaction;
    let mut lanes = JoinSet::new();
    for operation in OPERATIONS.into_iter().filter(can) {
        for (other, fault) in Loss::ALL.into_iter().enumerate() {
            let lane = Lane {
                db: Arc::clone(&db),
                rival: rival.clone(),
                audit,
                // Each operation with and without, in each way, and under each fault.
                together: (number + other) % 2 == 0,
                way,
                operation,
                fault,
            };
            let turns = Arc::clone(&turns);
            lanes.spawn(async move {
                let _turn = turns.acquire_owned().await.unwrap();
                lane.run().await
            });
        }
    }
    let mut reports: Vec<Report> = Vec::new();
    let mut lost = BTreeSet::new();
    while let Some(done) = lanes.join_next().await {
        let done = done.unwrap();
        reports.extend(done.reports);
        lost.extend(done.lost);
    }
    rival.flush().await.unwrap();
    let recovered = parcels.recover().await.unwrap();
    assert!(recovered.refused.is_empty(), "{recovered:?}");
    let trail = Trail::read(db.database(), Parcel::COLLECTION).await;
    trail.assert_keeps(promise);
    let untrue = untrue(&reports, &trail, promise);
    assert!(untrue.is_empty(), "{way:?}: {untrue:#?}");
    println!("{way:?}: {} operations; lost were {lost:?}", reports.len());
    lost
}

/// What is sent in every guarantee.
const ALWAYS: [Sent; 8] = [
    Sent::Create,
    Sent::Update,
    Sent::SoftDelete,
    Sent::Restore,
    Sent::Tombstone,
    Sent::Removal,
    Sent::Entries,
    Sent::Read,
];

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_lost_carried_entries_are_there_once() {
    lose_everything(Audit::carried(), Promise::EveryVersion).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_lost_entries_in_transactions_are_there_once() {
    if TestDb::new().await.topology().await.has_transactions() {
        lose_everything(Audit::transactional(), Promise::EveryVersion).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_lost_entries_follow_their_writes_or_are_known_to_be_missing() {
    lose_everything(Audit::after_write(), Promise::GapsAllowed).await;
}
