use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use super::report::ManyReport;
use super::sweep::{Options, Sweep};
use crate::action::ActionFuture;
use crate::action::perform::Plan;
use crate::action::read::Shown;
use crate::client::{Retry, Writer};
use crate::document::Versioned;
use crate::error::Result;
use crate::filter::{Filter, Node};
use crate::update::Update;

/// What an update of many documents is based on: a filter.
pub struct OnMany<'a, T> {
    writer: &'a Writer<T>,
    condition: Node,
    shown: Shown,
    options: Options,
}

impl<T> fmt::Debug for OnMany<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnMany")
            .field("writer", self.writer)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Writer<T> {
    /// Updates every live document that matches, each as [`update`](Writer::update) would: checked
    /// against the state that it was read in, at a next version of its own, with an audit entry of
    /// its own. `await` returns how many there were, and which failed.
    ///
    /// What matches is decided once, at the start; none of these documents is written twice.
    /// Where another writer comes to one first, it is read again: if it still matches, it is
    /// written; otherwise it is skipped. A document whose values are equal already gets no version.
    /// A `when` narrows the filter.
    ///
    /// The documents are read and written in batches: one read, one `update` command and one
    /// insert into the log for up to 1 000 of them. It is no transaction: some may be written where
    /// others fail.
    ///
    /// All documents are meant only where that is said: `update_many(|_| Filter::all())`.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64, status: String }
    /// # async fn example(desk: Writer<Order>) -> monguard::Result<()> {
    /// let report = desk
    ///     .update_many(|o| o.status.eq("pending"))
    ///     .set(|o| o.status, "expired")
    ///     .inc(|o| o.amount, 5)
    ///     .await?;
    /// println!("{} of {} expired", report.modified(), report.matched());
    /// for failure in report.failures() {
    ///     eprintln!("{}: {}", failure.id(), failure.error());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Only where nothing was written: [`Error::InvalidFilter`](crate::Error::InvalidFilter);
    /// [`Error::Driver`](crate::Error::Driver) where the documents could not be read. What happens
    /// to a document is in the report: the errors of [`Writer::update`], with
    /// [`Error::Exhausted`](crate::Error::Exhausted) in the place of a conflict.
    pub fn update_many(
        &self,
        filter: impl FnOnce(T::Fields) -> Filter<T>,
    ) -> Update<T, OnMany<'_, T>> {
        Update::new(OnMany {
            writer: self,
            condition: filter(T::fields()).into_node(),
            shown: Shown::Live,
            options: Options::of(self),
        })
    }
}

impl<T: Versioned> Update<T, OnMany<'_, T>> {
    /// Writes to soft-deleted documents that match, too, and leaves them deleted.
    pub fn including_deleted(mut self) -> Self {
        self.on.shown = Shown::Deleted;
        self
    }

    /// How many documents go into one command. Default and most 1 000.
    pub fn batch_size(mut self, documents: u32) -> Self {
        self.on.options.batch(documents);
        self
    }

    /// How often, and after what waits, a document is read again that another writer came to
    /// first. Default: the guard's.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.on.options.retry = retry;
        self
    }

    /// How many failures the report keeps; it counts all of them. Default 1 000.
    pub fn keep_failures(mut self, most: u32) -> Self {
        self.on.options.keep(most);
        self
    }

    /// How long the server may work on one command. Default: the guard's, 10 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.on.options.limit = Some(limit);
        self
    }
}

impl<'a, T: Versioned> IntoFuture for Update<T, OnMany<'a, T>> {
    type Output = Result<ManyReport>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let (on, changes) = self.into_parts();
        let mut conditions = changes.when;
        conditions.push(on.condition);
        let sweep = Sweep::over(
            on.writer.store(),
            on.writer.author(),
            on.shown.update(),
            Plan::operators::<T>(changes.operations),
            Node::All(conditions),
            on.options,
        );
        ActionFuture::new(sweep.run())
    }
}
