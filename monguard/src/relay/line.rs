use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mongodb::bson::{DateTime, oid::ObjectId};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::RelayOptions;
use super::courier::{Courier, Delivery};
use super::entry::LogEntry;
use super::known::Known;
use super::queue::{Most, Queue};
use super::refusals::Refusals;
use crate::error::{DriverError, EntryRefused};

/// What the handle of a relay, its permits and its task have in common. It does not keep the guard.
pub(super) struct Line {
    pub(super) courier: Courier,
    pub(super) options: RelayOptions,
    state: Mutex<State>,
    task: Mutex<Option<JoinHandle<()>>>,
    /// Whose turn it is to wait for room, first come, first served.
    turn: tokio::sync::Mutex<()>,
    /// There is something to do for the task.
    pub(super) work: Notify,
    /// Room was made, for the one whose turn it is.
    room: Notify,
    /// Entries arrived, were refused, or will not be brought any more.
    pub(super) progress: Notify,
}

/// What changes, under one lock that is never held over a wait.
pub(super) struct State {
    pub(super) queue: Queue,
    pub(super) known: Known,
    pub(super) refusals: Refusals,
    pub(super) health: Health,
    pub(super) relayed: u64,
    /// How many wait for the queue to empty: nothing is gathered then.
    pub(super) hurried: usize,
    /// A document carries much that waits: nothing is gathered until that is on its way.
    pub(super) is_urged: bool,
    /// Nothing more is taken; what waits is still brought.
    pub(super) is_closed: bool,
    /// The client was shut down: nothing is brought any more.
    pub(super) is_stopped: bool,
}

impl State {
    /// Whether there is a reason not to gather.
    pub(super) fn is_hurried(&self) -> bool {
        self.hurried > 0 || self.is_urged
    }

    /// Whether the entry is in the log, on its way, or refused for good, as far as is known here.
    pub(super) fn minds(&self, entry: ObjectId) -> bool {
        self.known.has(&entry) || self.queue.has(&entry) || self.refusals.has(entry)
    }
}

/// How the log is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Health {
    pub(crate) failing_since: Option<DateTime>,
    pub(crate) last_failure: Option<Arc<DriverError>>,
}

/// Room for the entries of a write, until they are handed over or this is dropped.
#[must_use = "room is free again when the permit is dropped"]
pub(crate) struct Permit {
    line: Arc<Line>,
    entries: usize,
}

impl Line {
    /// How many ids are kept of entries that are in the log: some 5 MiB.
    const KNOWN: usize = 100_000;
    /// How many refused entries are kept to be reported.
    const REFUSALS: usize = 1000;

    pub(super) fn new(courier: Courier, options: RelayOptions) -> Self {
        Line {
            courier,
            options,
            state: Mutex::new(State {
                queue: Queue::default(),
                known: Known::new(Self::KNOWN),
                refusals: Refusals::new(Self::REFUSALS),
                health: Health::default(),
                relayed: 0,
                hurried: 0,
                is_urged: false,
                is_closed: false,
                is_stopped: false,
            }),
            task: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            work: Notify::new(),
            room: Notify::new(),
            progress: Notify::new(),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that changes it can panic half-way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The task, once there was one.
    pub(super) fn task(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn most(&self) -> Most {
        Most {
            entries: self.options.entries,
            bytes: self.options.bytes,
        }
    }

    /// Room for so many entries, if there is now or nobody needs it.
    pub(super) fn try_reserve(self: &Arc<Self>, entries: usize) -> Option<Permit> {
        let mut state = self.state();
        let has_room = state.is_closed || state.queue.reserve(entries, self.most());
        let entries = if state.is_closed { 0 } else { entries };
        has_room.then(|| Permit {
            line: self.clone(),
            entries,
        })
    }

    /// The same, unless others wait for it.
    pub(super) fn reserve_now(self: &Arc<Self>, entries: usize) -> Option<Permit> {
        let _turn = self.turn.try_lock().ok()?;
        self.try_reserve(entries)
    }

    /// Waits for room. `look_after`: what to do before each wait.
    pub(super) async fn reserve(self: &Arc<Self>, entries: usize, look_after: impl Fn()) -> Permit {
        let _turn = self.turn.lock().await;
        let mut hurry = None;
        loop {
            if let Some(permit) = self.try_reserve(entries) {
                // There may be room for the next one, too.
                self.room.notify_one();
                return permit;
            }
            hurry.get_or_insert_with(|| Hurry::new(self));
            look_after();
            wait_for(self.room.notified()).await;
        }
    }

    /// What a batch came to.
    pub(super) fn account(&self, delivery: &Delivery) {
        {
            let mut state = self.state();
            for id in &delivery.there {
                state.refusals.forget(*id);
                state.known.remember(*id);
            }
            state.relayed += delivery.there.len() as u64;
            state.health.note(delivery);
            let refused = delivery.refused.iter().map(EntryRefused::entry);
            let done: HashSet<ObjectId> = delivery.there.iter().copied().chain(refused).collect();
            state.queue.remove(&done);
        }
        self.note_refused(&delivery.refused);
        self.announce();
    }

    /// Keeps and traces what was not known to be refused.
    pub(super) fn note_refused(&self, refused: &[EntryRefused]) {
        for refused in refused {
            let is_news = self.state().refusals.note(refused.clone());
            if is_news {
                tracing::error!(
                    collection = refused.collection(),
                    operation_id = %refused.entry(),
                    reason = %refused.reason(),
                    "the audit log refuses an entry for good: it stays on its document"
                );
            }
        }
    }

    /// Entries left the queue, or never will.
    pub(super) fn announce(&self) {
        self.room.notify_one();
        self.progress.notify_waiters();
    }

    /// Takes nothing any more.
    pub(super) fn close(&self) {
        self.state().is_closed = true;
        self.work.notify_one();
        self.room.notify_one();
    }

    /// How many entries wait, and how the log is.
    pub(super) fn standing(&self) -> (usize, Health) {
        let state = self.state();
        (state.queue.len(), state.health.clone())
    }

    /// Whether the task is to know: it wakes by itself when the time to gather is over.
    fn take_over(&self, parcels: Vec<LogEntry>, permit: usize) -> bool {
        let mut state = self.state();
        state.queue.release(permit);
        if state.is_closed {
            return false;
        }
        let was_idle = state.queue.len() == 0;
        for parcel in parcels {
            if !state.known.has(&parcel.id) && !state.refusals.has(parcel.id) {
                state.queue.push(parcel);
            }
        }
        was_idle || state.queue.has_batch(Courier::BATCH)
    }

    /// Gathers no longer if these entries, which one document carries, are many bytes. Returns those
    /// that nobody brings, as far as is known.
    pub(super) fn look_after(&self, entries: impl Iterator<Item = ObjectId>) -> Vec<ObjectId> {
        /// Some seven changes of a field: the server stores them again with each write of the
        /// document, until that costs more than inserting them does.
        const MUCH: usize = 2048;
        let (mut behind, mut left) = (0, Vec::new());
        let mut state = self.state();
        for id in entries {
            behind += state.queue.bytes_behind(&id);
            if !state.minds(id) {
                left.push(id);
            }
        }
        if behind >= MUCH && !state.is_urged {
            state.is_urged = true;
            drop(state);
            self.work.notify_one();
        }
        left
    }
}

/// Waits for a sign, and a second at the most: the task that gives it may have ended with its
/// runtime, so that someone has to look after it now and then.
pub(super) async fn wait_for(sign: impl Future<Output = ()>) {
    const LOOK_AFTER: Duration = Duration::from_secs(1);
    tokio::time::timeout(LOOK_AFTER, sign).await.ok();
}

impl Health {
    fn note(&mut self, delivery: &Delivery) {
        match &delivery.failure {
            None => *self = Health::default(),
            Some(failure) => {
                self.failing_since.get_or_insert_with(DateTime::now);
                self.last_failure = Some(failure.error.clone());
            }
        }
    }
}

impl Permit {
    /// Takes room for so many entries out of this one's, or all of it.
    pub(crate) fn split(&mut self, entries: usize) -> Permit {
        let entries = entries.min(self.entries);
        self.entries -= entries;
        Permit {
            line: self.line.clone(),
            entries,
        }
    }

    /// Hands over the entries of a write that landed. Never waits. Entries that are known to be in
    /// the log, wait already, or were refused for good are left out.
    pub(crate) fn hand_over(mut self, entries: Vec<LogEntry>) {
        let line = self.line.clone();
        let (mut parcels, mut refused) = (Vec::with_capacity(entries.len()), Vec::new());
        for entry in entries {
            match entry.fitting(line.courier.most_bytes()) {
                Ok(parcel) => parcels.push(parcel),
                Err(error) => refused.push(*error),
            }
        }
        let is_news = line.take_over(parcels, std::mem::take(&mut self.entries));
        line.note_refused(&refused);
        if is_news {
            line.work.notify_one();
        }
        line.room.notify_one();
        super::worker::ensure(&line);
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit")
            .field("entries", &self.entries)
            .finish_non_exhaustive()
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.entries > 0 {
            self.line.state().queue.release(self.entries);
            self.line.room.notify_one();
        }
    }
}

/// While it lives, entries are not gathered.
pub(super) struct Hurry<'a> {
    line: &'a Line,
}

impl<'a> Hurry<'a> {
    pub(super) fn new(line: &'a Line) -> Self {
        line.state().hurried += 1;
        line.work.notify_one();
        Hurry { line }
    }
}

impl Drop for Hurry<'_> {
    fn drop(&mut self) {
        self.line.state().hurried -= 1;
    }
}
