use std::fmt;
use std::future::{Future, IntoFuture};
use std::time::Duration;

use mongodb::options::{ReadConcern, WriteConcern};
use tracing::Instrument;

use super::ActionFuture;
use crate::client::Monguard;
use crate::error::Result;
use crate::transaction::{Body, TransactionSettings, Tx, run};

/// A transaction, started with [`Monguard::transaction`].
#[must_use = "a transaction does nothing unless awaited"]
pub struct Transaction<'a, R> {
    monguard: &'a Monguard,
    body: Body<'a, R>,
    settings: TransactionSettings,
}

impl<R> fmt::Debug for Transaction<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction")
            .field("monguard", self.monguard)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Monguard {
    /// Makes writes of any number of documents and collections in one transaction: all of them with
    /// their audit entries, or none. `await` returns what the closure returned, once it is
    /// committed.
    ///
    /// What [`Writer::within`](crate::Writer::within) and
    /// [`Collection::within`](crate::Collection::within) make of a handle belongs to the transaction;
    /// what other handles do in the closure does not. Whatever the guarantee of the guard, each
    /// write's entry is in the log with the write.
    ///
    /// The closure is run again, after waits that grow, where the transaction met another writer or
    /// an error that may pass, be it that the closure hid it: nothing of the run before was kept, and
    /// nothing but what it does with the `Tx` should have an effect. An error that it returns aborts
    /// the transaction and is returned: with [`Error::abort`](crate::Error::abort), the caller's own.
    /// So is a transaction aborted whose future is dropped before it is being committed.
    ///
    /// Needs a replica set, of one server if need be, or a sharded cluster.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64 }
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "stock")]
    /// # struct Stock { items: i64 }
    /// # async fn example(
    /// #     monguard: Monguard, orders: Writer<Order>, stock: Writer<Stock>, id: monguard::ObjectId,
    /// # ) -> monguard::Result<()> {
    /// let placed = monguard
    ///     .transaction(async |tx| {
    ///         stock
    ///             .within(&tx)
    ///             .update_latest(id)
    ///             .when(|s| s.items.gte(1))
    ///             .inc(|s| s.items, -1)
    ///             .await?;
    ///         orders.within(&tx).create(Order { amount: 5 }).await
    ///     })
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// - What the closure returned.
    /// - [`Error::Unsupported`](crate::Error::Unsupported): the server is a standalone one.
    /// - [`Error::DeadTransaction`](crate::Error::DeadTransaction): a command in it failed, for good,
    ///   and the closure returned no error all the same.
    /// - [`Error::Exhausted`](crate::Error::Exhausted): it was not committed within its time.
    /// - [`Error::Unsettled`](crate::Error::Unsettled): it is not known whether it was committed.
    ///   `settle` asks again.
    /// - [`Error::Driver`](crate::Error::Driver): its entries were refused by the log, or the commit
    ///   by the server.
    ///
    /// Of all of these but `Unsettled`, nothing was written.
    pub fn transaction<'a, R, F, Fut>(&'a self, mut body: F) -> Transaction<'a, R>
    where
        F: FnMut(Tx) -> Fut + Send + 'a,
        Fut: Future<Output = Result<R>> + Send + 'a,
    {
        Transaction {
            monguard: self,
            body: Box::new(move |tx| Box::pin(body(tx))),
            settings: TransactionSettings::of(&self.shared().settings),
        }
    }
}

impl<R> Transaction<'_, R> {
    /// Which state of the data the transaction reads. Default `snapshot`: one state of all of them.
    pub fn read_concern(mut self, concern: ReadConcern) -> Self {
        self.settings.read_concern = concern;
        self
    }

    /// How durable the commit must be. Default: the guard's, majority and journaled.
    pub fn write_concern(mut self, concern: WriteConcern) -> Self {
        self.settings.write_concern = concern;
        self
    }

    /// How long the server may work on one commit. Default: the guard's time limit, 10 s.
    pub fn max_commit_time(mut self, limit: Duration) -> Self {
        self.settings.max_commit_time = limit;
        self
    }

    /// How long the whole may take, with all that is done again. Default 120 s. What runs is not
    /// interrupted: it is not begun again afterwards. A commit is pursued for as long as it may
    /// take effect, all the same.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.settings.limit = limit;
        self
    }
}

impl<'a, R: Send + 'a> IntoFuture for Transaction<'a, R> {
    type Output = Result<R>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Transaction {
            monguard,
            body,
            settings,
        } = self;
        let span = tracing::debug_span!("monguard.transaction");
        let run = async move { run(monguard.shared(), &settings, body).await };
        ActionFuture::new(run.instrument(span))
    }
}
