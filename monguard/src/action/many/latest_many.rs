use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use super::report::ManyReport;
use super::sweep::{Options, Sweep};
use crate::action::ActionFuture;
use crate::action::perform::Plan;
use crate::client::{Retry, Writer};
use crate::document::Versioned;
use crate::error::Result;
use crate::filter::{Filter, Node};
use crate::guard::Kind;

/// A soft delete or a restore of every document that matches, started with
/// [`Writer::delete_many`] or [`Writer::restore_many`].
#[must_use = "nothing is done unless awaited"]
pub struct LatestMany<'a, T> {
    writer: &'a Writer<T>,
    condition: Node,
    kind: Kind,
    options: Options,
}

impl<T> fmt::Debug for LatestMany<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LatestMany")
            .field("writer", self.writer)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Writer<T> {
    /// Soft-deletes every live document that matches, each as [`delete`](Writer::delete) would, at
    /// a next version and with an entry of its own. `await` returns how many there were, and which
    /// failed; see [`Writer::update_many`] for what is promised.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { status: String }
    /// # async fn example(desk: Writer<Order>) -> monguard::Result<()> {
    /// let report = desk.delete_many(|o| o.status.eq("cancelled")).await?;
    /// assert!(report.is_complete());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Writer::update_many`].
    pub fn delete_many(&self, filter: impl FnOnce(T::Fields) -> Filter<T>) -> LatestMany<'_, T> {
        self.latest_many(filter(T::fields()).into_node(), Kind::SoftDelete)
    }

    /// Restores every soft-deleted document that matches, each as [`restore`](Writer::restore)
    /// would, at a next version and with an entry of its own. `await` returns how many there were,
    /// and which failed; see [`Writer::update_many`] for what is promised.
    ///
    /// # Errors
    /// As [`Writer::update_many`]. A document whose unique value a live one has by now is a failure
    /// of the report, with [`Error::DuplicateKey`](crate::Error::DuplicateKey).
    pub fn restore_many(&self, filter: impl FnOnce(T::Fields) -> Filter<T>) -> LatestMany<'_, T> {
        self.latest_many(filter(T::fields()).into_node(), Kind::Restore)
    }

    fn latest_many(&self, condition: Node, kind: Kind) -> LatestMany<'_, T> {
        LatestMany {
            writer: self,
            condition,
            kind,
            options: Options::of(self),
        }
    }
}

impl<T: Versioned> LatestMany<'_, T> {
    /// How many documents go into one command. Default and most 1 000.
    pub fn batch_size(mut self, documents: u32) -> Self {
        self.options.batch(documents);
        self
    }

    /// How often, and after what waits, a document is read again that another writer came to
    /// first. Default: the guard's.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.options.retry = retry;
        self
    }

    /// How many failures the report keeps; it counts all of them. Default 1 000.
    pub fn keep_failures(mut self, most: u32) -> Self {
        self.options.keep(most);
        self
    }

    /// How long the server may work on one command. Default: the guard's, 10 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.options.limit = Some(limit);
        self
    }
}

impl<'a, T: Versioned> IntoFuture for LatestMany<'a, T> {
    type Output = Result<ManyReport>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let LatestMany {
            writer,
            condition,
            kind,
            options,
        } = self;
        let (store, author) = (writer.store(), writer.author());
        let sweep = Sweep::over(store, author, kind, Plan::Stamps, condition, options);
        ActionFuture::new(sweep.run())
    }
}
