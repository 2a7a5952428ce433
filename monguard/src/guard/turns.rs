use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

/// How many writes of a batch are under way at a time. Those that wait let others go on: it may be
/// these whose entries they wait for.
#[derive(Debug)]
pub(super) struct Turns(Semaphore);

/// One write's being under way.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    turns: Option<&'a Turns>,
    permit: Option<SemaphorePermit<'a>>,
}

impl Turns {
    const AT_A_TIME: usize = 16;

    pub(super) fn new() -> Self {
        Turns(Semaphore::new(Self::AT_A_TIME))
    }

    /// Waits until it is this write's turn.
    pub(super) async fn take(&self) -> Turn<'_> {
        Turn {
            turns: Some(self),
            permit: self.permit().await,
        }
    }

    async fn permit(&self) -> Option<SemaphorePermit<'_>> {
        // It is never closed.
        self.0.acquire().await.ok()
    }
}

impl Turn<'_> {
    /// That of a write which is no part of a batch.
    pub(super) fn alone() -> Self {
        Turn {
            turns: None,
            permit: None,
        }
    }

    /// Waits for so long, and then until it is this write's turn again.
    pub(super) async fn pause(&mut self, wait: Duration) {
        drop(self.permit.take());
        tokio::time::sleep(wait).await;
        if let Some(turns) = self.turns {
            self.permit = turns.permit().await;
        }
    }
}
