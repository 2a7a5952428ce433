use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use mongodb::bson::DateTime;
use tracing::Instrument;

use super::ActionFuture;
use super::read::read_span;
use crate::client::Collection;
use crate::document::Versioned;
use crate::error::Result;
use crate::recovery::{Progress, Recovered, RecoveryToken, Sweep};

/// A recovery, started with [`Collection::recover`].
#[must_use = "nothing is done unless awaited"]
pub struct Recover<'a, T> {
    collection: &'a Collection<T>,
    resume: Option<RecoveryToken>,
    since: Option<DateTime>,
    retention: Option<Duration>,
    batch: usize,
    progress: Option<Progress<'a>>,
    limit: Option<Duration>,
}

impl<T> fmt::Debug for Recover<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recover")
            .field("collection", self.collection)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Collection<T> {
    /// Sees to what a crash left: goes through the collection, brings audit entries that documents
    /// carry and the log lacks, and finishes hard deletes that somebody began. `await` returns what
    /// it did.
    ///
    /// Nothing is lost without it: an entry is a part of its document, [`history`] shows it from
    /// there, and the next write to the document brings it. Run it when the log must be whole: after
    /// a crash, and now and then for documents that are not written any more.
    ///
    /// It may run at any time, beside writers, relays and other recoveries, and as often as wanted.
    /// It reads what is committed by a majority, in the order of the ids, and holds one batch in
    /// memory at a time.
    ///
    /// # Errors
    /// [`Error::RecoveryStopped`] where the server or the log is not there for longer than the time
    /// limit. It has the report so far, with the token to go on from. An entry that the log refuses
    /// for good, a foreign `__audit` and a hard delete that cannot be finished do not stop it; they
    /// are in the report.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64 }
    /// # async fn example(orders: Collection<Order>) -> monguard::Result<()> {
    /// let recovered = orders
    ///     .recover()
    ///     .progress(|so_far| println!("{} documents", so_far.documents))
    ///     .await?;
    /// println!("{} entries brought", recovered.brought);
    /// for refused in &recovered.refused {
    ///     eprintln!("{refused}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [`history`]: Collection::history
    /// [`Error::RecoveryStopped`]: crate::Error::RecoveryStopped
    pub fn recover(&self) -> Recover<'_, T> {
        Recover {
            collection: self,
            resume: None,
            since: None,
            retention: None,
            batch: 500,
            progress: None,
            limit: None,
        }
    }
}

impl<'a, T: Versioned> Recover<'a, T> {
    /// Goes on behind the last document that another recovery of this collection saw to. Default:
    /// begins at the first.
    pub fn resume(mut self, token: RecoveryToken) -> Self {
        self.resume = Some(token);
        self
    }

    /// Leaves out documents that were last written before this moment. Default: none.
    ///
    /// The server looks at every document all the same, unless there is an index on
    /// `{ _id: 1, updatedAt: 1 }`, which is used where it is found. No other index is needed.
    pub fn updated_since(mut self, moment: DateTime) -> Self {
        self.since = Some(moment);
        self
    }

    /// Leaves out entries that are older than this: the log keeps them no longer, and a recovery
    /// must not bring back what was purged. Default: none.
    pub fn retention(mut self, age: Duration) -> Self {
        self.retention = Some(age);
        self
    }

    /// How many documents are read at once. Default 500; at least 1, at most 10,000. A batch is cut
    /// short at 16 MiB.
    pub fn batch(mut self, documents: usize) -> Self {
        self.batch = documents.clamp(1, 10_000);
        self
    }

    /// Is told after each batch what was done so far, with the token to go on from.
    pub fn progress(mut self, told: impl FnMut(&Recovered) + Send + 'a) -> Self {
        self.progress = Some(Box::new(told));
        self
    }

    /// How long the server may work on one command, and how long it is tried again. Default: the
    /// guard's, 10 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }
}

impl<'a, T: Versioned> IntoFuture for Recover<'a, T> {
    type Output = Result<Recovered>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let store = self.collection.store();
        let sweep = Sweep {
            store,
            resume: self.resume,
            since: self.since,
            retention: self.retention,
            documents: self.batch,
            limit: store.time_limit(self.limit),
        };
        let span = read_span(store, "recover");
        ActionFuture::new(sweep.run(self.progress).instrument(span))
    }
}
