//! What the tests of this folder have in common.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use mongodb::Database;
use monguard::prelude::*;
use monguard_tests::crash::{Habits, Report, Told, work};
use monguard_tests::models::Parcel;
use monguard_tests::trail::{Promise, Trail};
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Nothing that a test waits for takes this long, unless it fails.
pub(super) const LONG: Duration = Duration::from_secs(60);

/// Held by the tests that ask much of the server: it is not asked for more than two at a time,
/// however many tests run.
pub(super) async fn turn() -> SemaphorePermit<'static> {
    static TURNS: Semaphore = Semaphore::const_new(2);
    TURNS.acquire().await.unwrap()
}

/// What there is after a recovery by this guard: it keeps what was promised. Nothing may be under
/// way any more.
pub(super) async fn recovered(database: &Database, guard: &Monguard, promise: Promise) -> Trail {
    let parcels = guard.collection::<Parcel>();
    let recovered = parcels.recover().await.unwrap();
    assert!(recovered.refused.is_empty(), "{recovered:?}");
    assert!(recovered.unreadable.is_empty(), "{recovered:?}");
    assert!(recovered.unfinished.is_empty(), "{recovered:?}");
    let trail = Trail::read(database, Parcel::COLLECTION).await;
    trail.assert_keeps(promise);
    trail
}

/// A process that goes on: a guard with a relay of its own, whose tasks write what chance says.
pub(super) struct Service {
    told: Arc<watch::Sender<Vec<Report>>>,
    stopped: Arc<AtomicBool>,
    work: JoinHandle<()>,
}

impl Service {
    /// Starts one. `life` tells its operations from those of others, and what it does follows from it.
    pub(super) fn start(guard: &Monguard, life: u64) -> Self {
        Self::with(guard, life, true)
    }

    /// Starts one that removes nothing for good.
    pub(super) fn keeping(guard: &Monguard, life: u64) -> Self {
        Self::with(guard, life, false)
    }

    fn with(guard: &Monguard, life: u64, removes: bool) -> Self {
        let habits = Habits {
            life,
            seed: life,
            removes,
        };
        let told = Arc::new(watch::Sender::default());
        let stopped = Arc::new(AtomicBool::new(false));
        let work = {
            let (told, stopped) = (Arc::clone(&told), Arc::clone(&stopped));
            work(guard.clone(), habits, move |report| {
                told.send_modify(|reports: &mut Vec<Report>| reports.push(report));
                if stopped.load(Ordering::SeqCst) {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })
        };
        let work = tokio::spawn(work);
        Service {
            told,
            stopped,
            work,
        }
    }

    /// Waits until it was told of so many operations that are as asked for.
    pub(super) async fn told(&self, operations: usize, wanted: impl Fn(&Report) -> bool) {
        let mut told = self.told.subscribe();
        let enough = |reports: &Vec<Report>| {
            reports.iter().filter(|report| wanted(report)).count() >= operations
        };
        let reached = timeout(LONG, told.wait_for(enough)).await.is_ok();
        assert!(reached, "{:#?}", self.told.borrow());
    }

    /// Lets its operations come to their ends. Returns what it was told.
    pub(super) async fn stop(self) -> Vec<Report> {
        self.stopped.store(true, Ordering::SeqCst);
        self.work.await.unwrap();
        self.told.borrow().clone()
    }
}

/// Whether an operation was made.
pub(super) fn made(report: &Report) -> bool {
    matches!(report.told, Told::Made(..))
}
