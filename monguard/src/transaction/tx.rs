use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use mongodb::ClientSession;
use mongodb::bson::oid::ObjectId;

use super::entries::Entries;
use super::fate::{About, Broken, Fate, may_pass, was_not_sent};
use super::settings::TransactionSettings;
use crate::client::Shared;
use crate::error::{DeadTransaction, DriverError, Subject};
use crate::guard::to_the_end;

/// A transaction, in the hands of the closure that is run in it.
///
/// Cheap to clone, and owned: [`Collection::within`](crate::Collection::within) and
/// [`Writer::within`](crate::Writer::within) give handles whose reads and writes are made in it.
/// Its commands are sent one after the other, also where several are awaited at once. After the
/// closure has returned, every use is [`Error::DeadTransaction`](crate::Error::DeadTransaction).
#[derive(Clone)]
pub struct Tx {
    inner: Arc<Inner>,
}

struct Inner {
    /// `None` once it is taken to be committed, or given up.
    held: tokio::sync::Mutex<Option<Held>>,
    fate: Mutex<Fate>,
}

/// What a command in a transaction needs for itself while it runs.
pub(crate) struct Held {
    pub(crate) session: ClientSession,
    pub(crate) entries: Entries,
}

/// Why a command in a transaction came to nothing.
#[derive(Debug)]
pub(crate) enum Failed {
    /// It was not sent.
    Dead(Box<DeadTransaction>),
    Driver(mongodb::error::Error),
    /// Nothing was heard for as long as an answer may take.
    NoAnswer,
}

impl Tx {
    /// Begins a transaction. The first command in it tells the server.
    pub(super) async fn begin(
        shared: &Shared,
        settings: &TransactionSettings,
    ) -> mongodb::error::Result<Self> {
        let mut session = shared.database.client().start_session().await?;
        let begin = session.start_transaction();
        begin.with_options(settings.options()).await?;
        let held = Held {
            session,
            entries: Entries::default(),
        };
        let inner = Inner {
            held: tokio::sync::Mutex::new(Some(held)),
            fate: Mutex::new(Fate::Open),
        };
        Ok(Tx {
            inner: Arc::new(inner),
        })
    }

    /// Sends a command in the transaction, and waits for it so long. It runs to its end even if
    /// nobody waits for it any more: what it did, and its entry, belong together, and a session
    /// must not be left in the middle of a command.
    pub(crate) async fn run<R, C>(
        &self,
        about: About,
        patience: Duration,
        command: C,
    ) -> Result<R, Failed>
    where
        R: Send + 'static,
        C: for<'h> FnOnce(&'h mut Held) -> BoxFuture<'h, mongodb::error::Result<R>>
            + Send
            + 'static,
    {
        let tx = self.clone();
        to_the_end(async move {
            let mut slot = tx.inner.held.lock().await;
            tx.check(&about).map_err(Failed::Dead)?;
            let Some(held) = slot.as_mut() else {
                return Err(Failed::Dead(Box::new(about.ended())));
            };
            let sent = async {
                let done = command(held).await?;
                if held.entries.are_many() {
                    held.entries.insert(&mut held.session).await?;
                }
                Ok(done)
            };
            let done = match tokio::time::timeout(patience, sent).await {
                Ok(Ok(done)) => Ok(done),
                Ok(Err(error)) => {
                    if !was_not_sent(&error) {
                        tx.breaks(about.failed(error.clone()), may_pass(&error));
                    }
                    Err(Failed::Driver(error))
                }
                Err(_) => {
                    tx.breaks(about.no_answer(), true);
                    Err(Failed::NoAnswer)
                }
            };
            if matches!(tx.fate(), Fate::Ended) {
                // It was given up meanwhile: a session that is dropped is aborted by the driver.
                slot.take();
            }
            done
        })
        .await
    }

    /// Whether a command can be sent.
    fn check(&self, about: &About) -> Result<(), Box<DeadTransaction>> {
        match self.fate() {
            Fate::Open => Ok(()),
            Fate::Broken(broken) => Err(Box::new(about.broken(&broken))),
            Fate::Ended => Err(Box::new(about.ended())),
        }
    }

    /// That the transaction cannot be committed any more. `may_pass`: done once more, it might.
    pub(crate) fn breaks(&self, cause: DriverError, may_pass: bool) {
        let mut fate = self.inner.lock_fate();
        if let Fate::Open = *fate {
            tracing::debug!(error = %cause, may_pass, "the transaction is broken");
            let cause = Arc::new(cause);
            *fate = Fate::Broken(Broken { cause, may_pass });
        }
    }

    /// That what was done so far is to be done again, in another transaction, although it did not
    /// fail: what it cannot see in its own state of the data has changed.
    pub(crate) fn starts_over(&self) {
        let mut fate = self.inner.lock_fate();
        match &mut *fate {
            Fate::Broken(broken) => broken.may_pass = true,
            Fate::Open | Fate::Ended => {}
        }
    }

    fn fate(&self) -> Fate {
        self.inner.lock_fate().clone()
    }

    /// Waits for the command that is being sent, and lets no other one be sent. Returns how the
    /// transaction stood by then.
    pub(super) async fn end(&self) -> (Option<Held>, Fate) {
        let held = self.inner.held.lock().await.take();
        let fate = std::mem::replace(&mut *self.inner.lock_fate(), Fate::Ended);
        (held, fate)
    }

    /// Lets no other command be sent, without waiting: what is being sent sees it at its end.
    pub(super) fn abandon(&self) {
        *self.inner.lock_fate() = Fate::Ended;
        if let Ok(mut held) = self.inner.held.try_lock() {
            held.take();
        }
    }

    /// Whether this operation is of a write in this transaction.
    pub(crate) async fn has_made(&self, operation: ObjectId) -> bool {
        let held = self.inner.held.lock().await;
        let operations = held.as_ref().map(|held| held.entries.operations());
        operations.is_some_and(|operations| operations.contains(&operation))
    }
}

impl Inner {
    fn lock_fate(&self) -> std::sync::MutexGuard<'_, Fate> {
        // Nothing panics while it is held.
        self.fate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.fate() {
            Fate::Open => "open",
            Fate::Broken(_) => "broken",
            Fate::Ended => "ended",
        };
        f.debug_tuple("Tx").field(&state).finish()
    }
}

/// What a transaction as a whole is called in errors.
pub(super) fn subject(shared: &Shared) -> Subject {
    Subject::new("Monguard", shared.database.name().into(), None)
}
