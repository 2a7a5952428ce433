use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use mongodb::bson::oid::ObjectId;
use tokio::task::JoinSet;

use super::courier::Courier;
use super::line::{Hurry, Line, wait_for};
use super::{Brought, Flushed, LogEntry, Permit, RelayStatus, worker};
use crate::client::{Limits, LogStore, Settings};
use crate::error::{AuditBacklog, DriverError, EntryRefused, Result, Subject};

/// Copies carried entries to the log. One for each guard; it never touches a document.
///
/// When it is dropped, what waits is still brought, as long as the runtime lives.
pub(crate) struct Relay {
    line: Arc<Line>,
}

impl Relay {
    pub(crate) fn new(log: LogStore, settings: &Settings, limits: Limits) -> Self {
        let courier = Courier::new(
            log,
            limits.document_bytes,
            settings.time_limit,
            settings.margin,
        );
        Relay {
            line: Arc::new(Line::new(courier, settings.relay)),
        }
    }

    /// Makes room for so many entries, before anything is written.
    ///
    /// # Errors
    /// [`Error::AuditBacklog`](crate::Error::AuditBacklog) where there is none within this time.
    pub(crate) async fn reserve(&self, entries: usize, within: Duration) -> Result<Permit> {
        if let Some(permit) = self.line.reserve_now(entries) {
            return Ok(permit);
        }
        // Whoever waits has the turn, so it is a task that does: a future that nobody drives would
        // hold up all others. It ends with this set.
        let mut waiting = JoinSet::new();
        let line = self.line.clone();
        waiting.spawn(async move {
            let room = line.reserve(entries, || worker::ensure(&line));
            tokio::time::timeout(within, room).await.ok()
        });
        if let Some(Ok(Some(permit))) = waiting.join_next().await {
            return Ok(permit);
        }
        let (waiting, health) = self.line.standing();
        Err(AuditBacklog::no_room(waiting, health).into())
    }

    /// Whether the log has not taken what was brought last.
    pub(crate) fn is_failing(&self) -> bool {
        self.line.state().health.failing_since.is_some()
    }

    /// How long a write waits for room.
    pub(crate) fn backpressure(&self) -> Duration {
        self.line.options.backpressure
    }

    /// Whether the entry is known to be in the log: memory only, and bounded.
    pub(crate) fn knows(&self, entry: ObjectId) -> bool {
        self.line.state().known.has(&entry)
    }

    /// Gathers no longer where these entries, which one document carries, are much that waits.
    /// Returns those of them that are not in the log, on their way, or refused for good, as far as
    /// is known here.
    pub(crate) fn look_after(&self, carried: impl Iterator<Item = ObjectId>) -> Vec<ObjectId> {
        self.line.look_after(carried)
    }

    /// Takes entries that are on their documents all the same, if there is room for them now.
    pub(crate) fn offer(&self, entries: Vec<LogEntry>) {
        if entries.is_empty() {
            return;
        }
        if let Some(permit) = self.line.try_reserve(entries.len()) {
            permit.hand_over(entries);
        }
    }

    /// Room for entries that are on their documents all the same, when nobody else wants it; `None`
    /// where nothing is brought any more.
    pub(crate) async fn reserve_after_others(&self, entries: usize) -> Option<Permit> {
        loop {
            if let Some(permit) = self.line.reserve_now(entries) {
                return Some(permit);
            }
            if self.line.state().is_stopped {
                return None;
            }
            worker::ensure(&self.line);
            wait_for(self.line.progress.notified()).await;
        }
    }

    /// These entries were seen in the log, as no failover can undo it.
    pub(crate) fn remember(&self, entries: impl IntoIterator<Item = ObjectId>) {
        let mut state = self.line.state();
        for entry in entries {
            state.known.remember(entry);
        }
    }

    /// Brings entries to the log now, and waits for it up to the limit.
    pub(crate) async fn bring(&self, entries: Vec<LogEntry>, limit: Duration) -> Brought {
        self.line.bring(entries, limit).await
    }

    /// That a document carries as many entries as it may, and the log does not take them.
    pub(crate) fn document_is_full(
        &self,
        subject: Subject,
        carried: usize,
        cause: Option<Arc<DriverError>>,
    ) -> AuditBacklog {
        let (_, mut health) = self.line.standing();
        health.last_failure = cause.or(health.last_failure);
        AuditBacklog::on_document(subject, carried, health)
    }

    /// Waits until everything that was handed over before is in the log or refused.
    pub(crate) async fn flush(&self) -> Result<Flushed> {
        let line = &self.line;
        let end = line.state().queue.end();
        let _hurry = Hurry::new(line);
        loop {
            let mut progress = std::pin::pin!(line.progress.notified());
            // What happens from here on wakes it, also before it is waited for.
            progress.as_mut().enable();
            {
                let state = line.state();
                if state.queue.is_past(end) {
                    let refused = state.refusals.list();
                    return Ok(Flushed { refused });
                }
                if state.is_stopped {
                    drop(state);
                    return Err(self.backlog().into());
                }
            }
            worker::ensure(line);
            wait_for(progress).await;
        }
    }

    /// Takes nothing any more, and flushes. What is written later stays on its documents.
    pub(crate) async fn shutdown(&self) -> Result<Flushed> {
        self.line.close();
        self.flush().await
    }

    /// That entries still wait.
    pub(crate) fn backlog(&self) -> AuditBacklog {
        let (waiting, health) = self.line.standing();
        AuditBacklog::left(waiting, health)
    }

    /// That so many entries could not be brought.
    pub(crate) fn backlog_of(&self, entries: usize, cause: Arc<DriverError>) -> AuditBacklog {
        let (_, mut health) = self.line.standing();
        health.last_failure = Some(cause);
        AuditBacklog::left(entries, health)
    }

    pub(crate) fn status(&self) -> RelayStatus {
        let state = self.line.state();
        RelayStatus {
            waiting: state.queue.len(),
            waiting_bytes: state.queue.bytes(),
            relayed: state.relayed,
            refused: state.refusals.total(),
            failing_since: state.health.failing_since,
            last_failure: state.health.last_failure.clone(),
        }
    }

    pub(crate) fn refused_entries(&self) -> Vec<EntryRefused> {
        self.line.state().refusals.list()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.line.close();
    }
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.status().fmt(f)
    }
}
