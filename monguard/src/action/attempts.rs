use std::time::Duration;

use mongodb::bson::Bson;
use tokio::time::Instant;

use crate::client::{Retry, Store};
use crate::error::{Error, Exhausted, Result};

/// The attempts of a write that starts over where another write comes first.
pub(super) struct Attempts<'a> {
    store: &'a Store,
    id: Bson,
    waits: Box<dyn Iterator<Item = Duration> + Send>,
    started: Instant,
    made: u32,
}

impl<'a> Attempts<'a> {
    pub(super) fn new(store: &'a Store, id: Bson, retry: Retry) -> Self {
        let waits = Box::new(retry.waits());
        Attempts {
            store,
            id,
            waits,
            started: Instant::now(),
            made: 0,
        }
    }

    /// Waits before the next attempt.
    ///
    /// # Errors
    /// [`Error::Exhausted`] where there is none.
    pub(super) async fn pause(&mut self, conflict: Error) -> Result<()> {
        self.made += 1;
        let Some(wait) = self.waits.next() else {
            let subject = self.store.subject(Some(&self.id));
            let elapsed = self.started.elapsed();
            return Err(Exhausted::new(subject, self.made, elapsed, conflict).into());
        };
        tracing::debug!(
            collection = %self.store.name(),
            id = %self.id,
            attempt = self.made,
            wait_ms = wait.as_millis(),
            "another write came first: starting over"
        );
        tokio::time::sleep(wait).await;
        Ok(())
    }
}
