//! What is under way in a proxy.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

/// What is under way ends at once, or it does not end at all.
const PATIENCE: Duration = Duration::from_secs(30);

/// How much is under way.
#[derive(Clone, Copy, Debug, Default)]
struct Load {
    /// Connections that may still bring commands.
    open: usize,
    /// Commands that the server has, and has not answered.
    unanswered: usize,
}

/// What is under way in a proxy, over all connections.
#[derive(Debug, Default)]
pub(super) struct Traffic(watch::Sender<Load>);

impl Traffic {
    /// Resolves when all clients are gone, and what they sent has been carried out.
    pub(super) async fn end(&self) {
        let mut load = self.0.subscribe();
        let ended = load.wait_for(|load| load.open == 0 && load.unanswered == 0);
        let ended = timeout(PATIENCE, ended).await.is_ok();
        assert!(ended, "still under way: {:?}", *self.0.borrow());
    }
}

/// The part of one connection.
#[derive(Debug)]
pub(super) struct OwnTraffic {
    all: Arc<Traffic>,
    is_open: Mutex<bool>,
    unanswered: Mutex<HashSet<i32>>,
}

impl OwnTraffic {
    pub(super) fn open(all: Arc<Traffic>) -> Self {
        all.0.send_modify(|load| load.open += 1);
        OwnTraffic {
            all,
            is_open: Mutex::new(true),
            unanswered: Mutex::default(),
        }
    }

    /// The client is gone.
    pub(super) fn closed(&self) {
        let mut is_open = self.is_open.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::take(&mut *is_open) {
            self.all.0.send_modify(|load| load.open -= 1);
        }
    }

    /// A command that is to be answered goes to the server.
    pub(super) fn sent(&self, request: i32) {
        if self.unanswered().insert(request) {
            self.all.0.send_modify(|load| load.unanswered += 1);
        }
    }

    /// The server has answered it.
    pub(super) fn answered(&self, request: i32) {
        if self.unanswered().remove(&request) {
            self.all.0.send_modify(|load| load.unanswered -= 1);
        }
    }

    fn unanswered(&self) -> std::sync::MutexGuard<'_, HashSet<i32>> {
        self.unanswered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OwnTraffic {
    fn drop(&mut self) {
        self.closed();
        let unanswered = self.unanswered().len();
        self.all.0.send_modify(|load| load.unanswered -= unanswered);
    }
}
