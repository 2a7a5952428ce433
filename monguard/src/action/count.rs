use std::future::IntoFuture;

use tracing::Instrument;

use super::ActionFuture;
use super::query::{Query, QueryKind, Sealed};
use super::read::{read_filter, read_span};
use crate::client::Collection;
use crate::document::Versioned;
use crate::error::Result;
use crate::filter::Filter;

/// A count, started with [`Collection::count`].
pub type Count<'a, T> = Query<'a, T, Counted>;

/// The kind of a [`Count`].
#[derive(Debug)]
pub struct Counted(());

impl Sealed for Counted {}

impl QueryKind for Counted {
    const NAME: &'static str = "Count";
}

impl<T: Versioned> Collection<T> {
    /// Counts the documents that match. `await` returns their number.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64, status: String }
    /// # async fn example(orders: Collection<Order>) -> monguard::Result<()> {
    /// let open: u64 = orders.count(|o| o.status.eq("open")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidFilter`](crate::Error::InvalidFilter) where a filter was refused before it was
    /// sent; [`Error::Driver`](crate::Error::Driver).
    pub fn count(&self, filter: impl FnOnce(T::Fields) -> Filter<T>) -> Count<'_, T> {
        Query::new(self, filter(T::fields()).into_node(), Counted(()))
    }
}

impl<'a, T: Versioned> IntoFuture for Query<'a, T, Counted> {
    type Output = Result<u64>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let store = self.collection.store();
        let span = read_span(store, "count");
        let count = async move {
            let limit = self.patience();
            let filter = read_filter(store, &self.condition, self.options.shown)?;
            let options = self.options.count(limit);
            store.count(filter, options, limit).await
        };
        ActionFuture::new(count.instrument(span))
    }
}
