use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use mongodb::bson::{Document, doc};
use tracing::Instrument;

use super::ActionFuture;
use super::read::{Shown, read_filter, read_span};
use crate::client::Collection;
use crate::document::{Versioned, names};
use crate::error::Result;
use crate::filter::{Filter, Node};

/// A test for a matching document, started with [`Collection::exists`].
#[must_use = "a test does nothing unless awaited"]
pub struct Exists<'a, T> {
    collection: &'a Collection<T>,
    condition: Node,
    shown: Shown,
    limit: Option<Duration>,
}

impl<T> fmt::Debug for Exists<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exists")
            .field("collection", self.collection)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Collection<T> {
    /// Tests whether a document matches. `await` returns the answer; no document is transferred.
    ///
    /// # Errors
    /// [`Error::Driver`](crate::Error::Driver).
    pub fn exists(&self, filter: impl FnOnce(T::Fields) -> Filter<T>) -> Exists<'_, T> {
        let condition = filter(T::fields()).into_node();
        Exists {
            collection: self,
            condition,
            shown: Shown::Live,
            limit: None,
        }
    }
}

impl<T: Versioned> Exists<'_, T> {
    /// Finds only a document that matches this filter in MongoDB's own words too. Its names are checked:
    /// see [`Filter::document`].
    pub fn filter_document(mut self, filter: Document) -> Self {
        let filter = Filter::<T>::document(filter).into_node();
        self.condition = Node::All(vec![self.condition, filter]);
        self
    }

    /// Finds soft-deleted documents too.
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

impl<'a, T: Versioned> IntoFuture for Exists<'a, T> {
    type Output = Result<bool>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Exists {
            collection,
            condition,
            shown,
            limit,
        } = self;
        let store = collection.store();
        let span = read_span(store, "exists");
        let find = async move {
            let limit = store.time_limit(limit);
            let filter = read_filter(store, &condition, shown)?;
            let ids = doc! { names::ID: 1 };
            let find = store
                .documents()
                .find_one(filter)
                .projection(ids)
                .max_time(limit);
            Ok(store.answer("exists", limit, find).await?.is_some())
        };
        ActionFuture::new(find.instrument(span))
    }
}
