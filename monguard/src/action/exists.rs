use std::future::IntoFuture;

use mongodb::bson::doc;
use tracing::Instrument;

use super::ActionFuture;
use super::query::{Query, QueryKind, Sealed};
use super::read::{read_filter, read_span};
use crate::client::Collection;
use crate::document::{Versioned, names};
use crate::error::Result;
use crate::filter::Filter;

/// A test for a matching document, started with [`Collection::exists`].
pub type Exists<'a, T> = Query<'a, T, Tested>;

/// The kind of an [`Exists`].
#[derive(Debug)]
pub struct Tested(());

impl Sealed for Tested {}

impl QueryKind for Tested {
    const NAME: &'static str = "Exists";
}

impl<T: Versioned> Collection<T> {
    /// Tests whether a document matches. `await` returns the answer; no document is transferred.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64, status: String }
    /// # async fn example(orders: Collection<Order>) -> monguard::Result<()> {
    /// let is_open: bool = orders.exists(|o| o.status.eq("open")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidFilter`](crate::Error::InvalidFilter) where a filter was refused before it was
    /// sent; [`Error::Driver`](crate::Error::Driver).
    pub fn exists(&self, filter: impl FnOnce(T::Fields) -> Filter<T>) -> Exists<'_, T> {
        Query::new(self, filter(T::fields()).into_node(), Tested(()))
    }
}

impl<'a, T: Versioned> IntoFuture for Query<'a, T, Tested> {
    type Output = Result<bool>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let store = self.collection.store();
        let span = read_span(store, "exists");
        let find = async move {
            let limit = self.patience();
            let filter = read_filter(store, &self.condition, self.options.shown)?;
            let ids = doc! { names::ID: 1 };
            let options = self.options.find_one(limit, None, Some(ids));
            let found = store.read_one("exists", filter, options, limit, None);
            Ok(found.await?.is_some())
        };
        ActionFuture::new(find.instrument(span))
    }
}
