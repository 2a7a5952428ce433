//! Processes are killed while they write, again and again, and others go on where they were.

use std::env;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use monguard::prelude::*;
use monguard_tests::crash::{Chance, Habits, LABELS, Moment, Orders, Report, Victim, untrue};
use monguard_tests::fixture::TestDb;
use monguard_tests::models::Parcel;
use monguard_tests::trail::{Promise, Trail};
use tokio::task::JoinSet;

use super::stage::{recovered, turn};

/// How many writers are at work on one database at the same time.
const AT_ONCE: usize = 2;
/// How many are killed on one database before it is recovered and looked at.
const ON_ONE_DATABASE: usize = 20;

/// The seed of the run: another one each time, or that of `MONGUARD_SEED`, to repeat a run.
fn seed() -> u64 {
    let given = env::var("MONGUARD_SEED").ok();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = u64::try_from(now.as_nanos() % 1_000_000_000).unwrap();
    given.map_or(now, |seed| seed.parse().unwrap())
}

/// Kills so many writers, and checks what they leave.
async fn kill(guarantee: &'static str, promise: Promise, kills: usize) {
    let _turn = turn().await;
    let seed = seed();
    println!("MONGUARD_SEED={seed} repeats this run");
    let mut chance = Chance::of(seed);
    let mut killed = 0;
    let mut entries = 0;
    let mut removals = 0;
    while killed < kills {
        let db = TestDb::new().await;
        let before = Instant::now();
        let story = Story::of(&db, guarantee, chance.branch()).await;
        let reports = story.kill(ON_ONE_DATABASE.min(kills - killed)).await;
        killed += ON_ONE_DATABASE;
        let trail = story.recovered(promise).await;
        let untrue = untrue(&reports, &trail, promise);
        assert!(untrue.is_empty(), "MONGUARD_SEED={seed}: {untrue:#?}");
        println!(
            "{killed}: {} reports, {} entries, {} lives, {} ms",
            reports.len(),
            trail.len(),
            trail.lives(),
            before.elapsed().as_millis()
        );
        entries += trail.len();
        removals += trail.lives().saturating_sub(LABELS.len());
    }
    // Else this shows nothing.
    assert!(entries > kills, "{entries} entries");
    assert!(removals > kills / 10, "{removals} lives that began again");
}

/// One database, and the writers that die on it.
struct Story<'a> {
    db: &'a TestDb,
    orders: Orders,
    chance: Chance,
}

impl<'a> Story<'a> {
    async fn of(db: &'a TestDb, guarantee: &'static str, chance: Chance) -> Self {
        let orders = Orders {
            program: env!("CARGO_BIN_EXE_crash-writer"),
            database: db.name().to_owned(),
            guarantee,
            habits: Habits {
                life: 0,
                seed: 0,
                removes: true,
            },
        };
        let guard = orders.guard(db.database().clone()).await;
        let parcels = guard.collection::<Parcel>();
        parcels.ensure_indexes().await.unwrap();
        Story { db, orders, chance }
    }

    async fn kill(&self, kills: usize) -> Vec<Report> {
        let mut chance = self.chance.clone();
        let mut left = 0..u64::try_from(kills).unwrap();
        let mut dying = JoinSet::new();
        let mut reports = Vec::new();
        loop {
            while dying.len() < AT_ONCE
                && let Some(life) = left.next()
            {
                let habits = Habits {
                    life,
                    seed: chance.number(),
                    ..self.orders.habits
                };
                let orders = Orders {
                    habits,
                    ..self.orders.clone()
                };
                let moment = Moment::choose(&mut chance);
                let proxy = self.db.proxy().await;
                let client = self.db.client().clone();
                dying.spawn(async move {
                    let reports = Victim::start(&orders, &proxy, moment).die().await;
                    proxy.all_over().await;
                    proxy.transactions().end(&client).await.unwrap();
                    reports
                });
            }
            match dying.join_next().await {
                Some(dead) => reports.extend(dead.unwrap()),
                None => return reports,
            }
        }
    }

    /// What there is after another process has recovered it. The histories are the same before.
    async fn recovered(&self, promise: Promise) -> Trail {
        let guard = self.orders.guard(self.db.database().clone()).await;
        let before = self.histories(&guard).await;
        let trail = recovered(self.db.database(), &guard, promise).await;
        if promise == Promise::EveryVersion {
            assert_eq!(before.len(), trail.len());
            for entry in before {
                assert!(entry.is_linked(), "{entry:?}");
                let operation = entry.id.as_object_id().unwrap();
                assert_eq!(trail.entry(operation), Some(&entry.into_raw()));
            }
        }
        trail
    }

    async fn histories(&self, guard: &Monguard) -> Vec<AuditEntry<Parcel>> {
        let parcels = guard.collection::<Parcel>();
        let mut entries = Vec::new();
        for label in LABELS {
            entries.extend(parcels.history(label.to_owned()).await.unwrap());
        }
        entries
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_that_are_carried_are_never_missing() {
    // Transactions, which the writers make too, are only there where the server is replicated.
    let is_whole = TestDb::new().await.topology().await.has_transactions();
    let kills = if is_whole { 500 } else { 100 };
    kill("carried", Promise::EveryVersion, kills).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_in_a_transaction_with_their_write_are_never_missing() {
    let topology = TestDb::new().await.topology().await;
    if topology.has_transactions() {
        kill("transactional", Promise::EveryVersion, 100).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_that_follow_their_writes_are_at_most_missing() {
    kill("after_write", Promise::GapsAllowed, 60).await;
}
