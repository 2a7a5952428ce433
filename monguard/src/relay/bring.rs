use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use mongodb::bson::oid::ObjectId;
use tokio::time::Instant;

use super::courier::{Courier, Delivery};
use super::entry::LogEntry;
use super::line::Line;
use super::queue::first_batch;
use crate::error::{DriverError, EntryRefused};

/// What became of entries that were to be brought at once.
#[derive(Debug, Default)]
pub(crate) struct Brought {
    /// They are in the log.
    pub(crate) there: HashSet<ObjectId>,
    /// The log refuses them for good.
    pub(crate) refused: Vec<EntryRefused>,
    /// Why the others could not be brought in time.
    pub(crate) failed: Option<Arc<DriverError>>,
}

impl Line {
    /// Brings entries to the log, again after a failure that may pass, until the time is up.
    pub(super) async fn bring(&self, entries: Vec<LogEntry>, limit: Duration) -> Brought {
        let mut brought = Brought::default();
        let mut left = self.unknown(entries, &mut brought);
        self.note_refused(&brought.refused);
        let deadline = Instant::now() + limit;
        let mut waits = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(10))
            .with_max_delay(Duration::from_millis(500))
            .with_factor(2.0)
            .with_jitter()
            .without_max_times()
            .build();
        while !left.is_empty() {
            let batch = first_batch(left.iter().cloned(), Courier::BATCH);
            let Some(delivery) = self.deliver_by(deadline, &batch).await else {
                brought
                    .failed
                    .get_or_insert_with(|| self.courier.no_answer());
                return brought;
            };
            brought.add(&delivery, &mut left);
            let Some(failure) = delivery.failure else {
                continue;
            };
            brought.failed = Some(failure.error);
            let wait = waits.next().unwrap_or_default();
            if failure.is_shutdown || Instant::now() + wait >= deadline {
                return brought;
            }
            tokio::time::sleep(wait).await;
        }
        brought.failed = None;
        brought
    }

    async fn deliver_by(&self, deadline: Instant, batch: &[Arc<LogEntry>]) -> Option<Delivery> {
        let delivery = self.courier.deliver(batch);
        let delivery = tokio::time::timeout_at(deadline, delivery).await.ok()?;
        self.account(&delivery);
        Some(delivery)
    }

    /// The entries that are not known to be in the log.
    fn unknown(&self, entries: Vec<LogEntry>, brought: &mut Brought) -> Vec<Arc<LogEntry>> {
        let mut left = Vec::with_capacity(entries.len());
        let state = self.state();
        for entry in entries {
            if state.known.has(&entry.id) {
                brought.there.insert(entry.id);
                continue;
            }
            match entry.fitting(self.courier.most_bytes()) {
                Ok(parcel) => left.push(Arc::new(parcel)),
                Err(refused) => brought.refused.push(*refused),
            }
        }
        left
    }
}

impl Brought {
    fn add(&mut self, delivery: &Delivery, left: &mut Vec<Arc<LogEntry>>) {
        let refused = delivery.refused.iter().map(EntryRefused::entry);
        let done: HashSet<ObjectId> = delivery.there.iter().copied().chain(refused).collect();
        left.retain(|parcel| !done.contains(&parcel.id));
        self.there.extend(delivery.there.iter().copied());
        self.refused.extend(delivery.refused.iter().cloned());
    }
}
