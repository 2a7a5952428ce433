use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::{Stream, TryStreamExt};
use mongodb::Cursor;
use mongodb::bson::{Document, RawDocumentBuf};
use tracing::Instrument;

use super::ActionFuture;
use super::read::{Shown, read_filter, read_span};
use crate::client::{Collection, Store};
use crate::document::{Stored, Versioned};
use crate::error::Result;
use crate::filter::{Filter, Node, Sort, render_sort};

/// A search for documents, started with [`Collection::find`].
#[must_use = "a find does nothing unless awaited"]
pub struct Find<'a, T> {
    collection: &'a Collection<T>,
    condition: Node,
    sort: Option<Sort<T>>,
    most: Option<i64>,
    skip: Option<u64>,
    shown: Shown,
    limit: Option<Duration>,
}

impl<T> fmt::Debug for Find<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Find")
            .field("collection", self.collection)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Collection<T> {
    /// Finds the documents that match. `await` returns them all; [`Find::stream`] one by one.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64, status: String }
    /// # async fn example(orders: Collection<Order>) -> monguard::Result<()> {
    /// let largest = orders
    ///     .find(|o| o.status.eq("pending").and(o.amount.gt(100)))
    ///     .sort(|o| o.amount.descending())
    ///     .limit(10)
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Collection::find_by_id`]: a document that is not as the model says fails the whole
    /// search; [`Find::stream`] gets past it.
    pub fn find(&self, filter: impl FnOnce(T::Fields) -> Filter<T>) -> Find<'_, T> {
        self.find_matching(filter(T::fields()))
    }

    /// Finds the documents that match a filter made before, for instance with
    /// [`filter!`](crate::filter!).
    ///
    /// # Errors
    /// As [`Collection::find`].
    pub fn find_matching(&self, filter: Filter<T>) -> Find<'_, T> {
        Find {
            collection: self,
            condition: filter.into_node(),
            sort: None,
            most: None,
            skip: None,
            shown: Shown::Live,
            limit: None,
        }
    }
}

impl<T: Versioned> Find<'_, T> {
    /// Finds only documents that match this filter in MongoDB's own words too. Its names are checked:
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

    /// The order of the documents.
    pub fn sort(mut self, sort: impl FnOnce(T::Fields) -> Sort<T>) -> Self {
        self.sort = Some(sort(T::fields()));
        self
    }

    /// The most documents to find. Default: all; 0 means all, as in the driver.
    pub fn limit(mut self, most: u32) -> Self {
        self.most = Some(i64::from(most));
        self
    }

    /// How many matching documents to leave out at the start. Default 0.
    pub fn skip(mut self, skip: u64) -> Self {
        self.skip = Some(skip);
        self
    }

    /// How long the server may work on one command. Default: the guard's, 10 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Sends the search. Returns the documents one by one as they arrive, each on its own as a
    /// result: one that is not as the model says does not end the stream.
    ///
    /// # Errors
    /// [`Error::Driver`](crate::Error::Driver); [`Error::InvalidFilter`](crate::Error::InvalidFilter)
    /// where the filter is refused: a value that has no BSON form, a name that the model lacks.
    pub async fn stream(self) -> Result<StoredStream<T>> {
        let store = self.collection.store();
        let limit = store.time_limit(self.limit);
        let filter = read_filter(store, &self.condition, self.shown)?;
        let mut find = store.documents().find(filter).max_time(limit);
        if let Some(sort) = self.sort {
            find = find.sort(render_sort(&sort.into_keys()));
        }
        if let Some(most) = self.most {
            find = find.limit(most);
        }
        if let Some(skip) = self.skip {
            find = find.skip(skip);
        }
        let span = read_span(store, "find");
        let cursor = store.answer("find", limit, find).instrument(span).await?;
        Ok(StoredStream {
            cursor,
            store: store.clone(),
            read: Stored::read,
        })
    }
}

impl<'a, T: Versioned> IntoFuture for Find<'a, T> {
    type Output = Result<Vec<Stored<T>>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        ActionFuture::new(async move { self.stream().await?.try_collect().await })
    }
}

/// The documents of a [`Find`], one by one.
pub struct StoredStream<T: Versioned> {
    cursor: Cursor<RawDocumentBuf>,
    store: Arc<Store>,
    read: fn(Arc<RawDocumentBuf>, &str) -> Result<Stored<T>>,
}

impl<T: Versioned> Stream for StoredStream<T> {
    type Item = Result<Stored<T>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = Pin::new(&mut self.cursor).poll_next(context);
        polled.map(|next| {
            next.map(|document| match document {
                Ok(raw) => (self.read)(raw.into(), self.store.name()),
                Err(error) => Err(self.store.driver_error("find", None, error)),
            })
        })
    }
}

impl<T: Versioned> fmt::Debug for StoredStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StoredStream")
            .field(self.store.name())
            .finish()
    }
}
