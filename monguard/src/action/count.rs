use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use mongodb::bson::Document;
use tracing::Instrument;

use super::ActionFuture;
use super::read::{Shown, read_filter, read_span};
use crate::client::Collection;
use crate::document::Versioned;
use crate::error::Result;
use crate::filter::{Filter, Node};

/// A count, started with [`Collection::count`].
#[must_use = "a count does nothing unless awaited"]
pub struct Count<'a, T> {
    collection: &'a Collection<T>,
    condition: Node,
    shown: Shown,
    limit: Option<Duration>,
}

impl<T> fmt::Debug for Count<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Count")
            .field("collection", self.collection)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Collection<T> {
    /// Counts the documents that match. `await` returns their number.
    ///
    /// # Errors
    /// [`Error::Driver`](crate::Error::Driver).
    pub fn count(&self, filter: impl FnOnce(T::Fields) -> Filter<T>) -> Count<'_, T> {
        let condition = filter(T::fields()).into_node();
        Count {
            collection: self,
            condition,
            shown: Shown::Live,
            limit: None,
        }
    }
}

impl<T: Versioned> Count<'_, T> {
    /// Counts only documents that match this filter in MongoDB's own words too. Its names are checked:
    /// see [`Filter::document`].
    pub fn filter_document(mut self, filter: Document) -> Self {
        let filter = Filter::<T>::document(filter).into_node();
        self.condition = Node::All(vec![self.condition, filter]);
        self
    }

    /// Counts soft-deleted documents too.
    pub fn including_deleted(mut self) -> Self {
        self.shown = Shown::Deleted;
        self
    }

    /// How long the server may work on it. Default: the guard's, 10 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }
}

impl<'a, T: Versioned> IntoFuture for Count<'a, T> {
    type Output = Result<u64>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Count {
            collection,
            condition,
            shown,
            limit,
        } = self;
        let store = collection.store();
        let span = read_span(store, "count");
        let count = async move {
            let limit = store.time_limit(limit);
            let filter = read_filter(store, &condition, shown)?;
            let count = store.documents().count_documents(filter).max_time(limit);
            store.answer("count", limit, count).await
        };
        ActionFuture::new(count.instrument(span))
    }
}
