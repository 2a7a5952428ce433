use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::{Stream, TryStreamExt};
use tracing::Instrument;

use super::ActionFuture;
use super::options::Searched;
use super::query::{DocumentsKind, Query, QueryKind, Sealed, SortKeys, SortedKind};
use super::read::{read_filter, read_span, refused_read};
use crate::client::{Collection, Documents, Store};
use crate::document::Versioned;
use crate::error::Result;
use crate::filter::{Filter, render_sort};
use crate::select::{Selector, Whole};

/// A search for documents, started with [`Collection::find`].
pub type Find<'a, T, S = Whole> = Query<'a, T, All<S>>;

/// The kind of a [`Find`]: every document that matches.
#[derive(Debug)]
pub struct All<S = Whole> {
    pub(super) sort: Option<SortKeys>,
    pub(super) select: S,
    most: Option<i64>,
    skip: Option<u64>,
    batch: Option<u32>,
}

impl<S> Sealed for All<S> {}

impl<S> QueryKind for All<S> {
    const NAME: &'static str = "Find";
}

impl<S> SortedKind for All<S> {
    fn sort_by(&mut self, keys: SortKeys) {
        self.sort = Some(keys);
    }
}

impl<O> DocumentsKind for All<O> {
    type Select = O;
    type With<S> = All<S>;
    fn map<S>(self, select: impl FnOnce(O) -> S) -> All<S> {
        All {
            sort: self.sort,
            select: select(self.select),
            most: self.most,
            skip: self.skip,
            batch: self.batch,
        }
    }
}

impl<T: Versioned> Collection<T> {
    /// Finds the documents that match. `await` returns them all; [`stream`](Find::stream) one by
    /// one, and [`page`](Find::page) some at a time.
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
    /// search; [`stream`](Find::stream) gets past it.
    pub fn find(&self, filter: impl FnOnce(T::Fields) -> Filter<T>) -> Find<'_, T> {
        self.find_matching(filter(T::fields()))
    }

    /// Finds the documents that match a filter made before, for instance with
    /// [`filter!`](crate::filter!).
    ///
    /// # Errors
    /// As [`Collection::find`].
    pub fn find_matching(&self, filter: Filter<T>) -> Find<'_, T> {
        let kind = All {
            sort: None,
            select: Whole,
            most: None,
            skip: None,
            batch: None,
        };
        Query::new(self, filter.into_node(), kind)
    }
}

impl<T: Versioned, S: Selector<T>> Query<'_, T, All<S>> {
    /// The most documents to find. Default: all; 0 means all, as in the driver.
    pub fn limit(mut self, most: u32) -> Self {
        self.kind.most = Some(i64::from(most));
        self
    }

    /// How many matching documents to leave out at the start. Default 0.
    pub fn skip(mut self, skip: u64) -> Self {
        self.kind.skip = Some(skip);
        self
    }

    /// How many documents the server sends at a time. Default: the server's, 101 at first.
    pub fn batch_size(mut self, documents: u32) -> Self {
        self.kind.batch = Some(documents);
        self
    }

    /// Sends the search. Returns the documents one by one as they arrive, each on its own as a
    /// result: one that is not as the model says does not end the stream.
    ///
    /// # Errors
    /// [`Error::Driver`](crate::Error::Driver); [`Error::InvalidFilter`](crate::Error::InvalidFilter)
    /// where a value of the filter has no BSON form; [`Error::InvalidRead`](crate::Error::InvalidRead)
    /// where what is selected cannot be read by itself.
    pub async fn stream(self) -> Result<StoredStream<T, S>> {
        let (store, limit) = (self.collection.store(), self.patience());
        let filter = read_filter(store, &self.condition, self.options.shown)?;
        let projection = self.kind.select.projection(&[]);
        let searched = Searched {
            sort: self.kind.sort.map(|SortKeys(keys)| render_sort(&keys)),
            projection: projection.map_err(|error| refused_read(store, error))?,
            most: self.kind.most,
            skip: self.kind.skip,
            batch: self.kind.batch,
        };
        let options = self.options.find(limit, searched);
        let span = read_span(store, "find");
        let documents = store.read_many("find", filter, options, limit);
        Ok(StoredStream {
            documents: documents.instrument(span).await?,
            store: store.clone(),
            select: self.kind.select,
            model: std::marker::PhantomData,
        })
    }
}

impl<'a, T, S> IntoFuture for Query<'a, T, All<S>>
where
    T: Versioned,
    S: Selector<T> + Send + Unpin + 'a,
    S::Item: Send,
{
    type Output = Result<Vec<S::Item>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        ActionFuture::new(async move { self.stream().await?.try_collect().await })
    }
}

/// The documents of a [`Find`], one by one.
pub struct StoredStream<T: Versioned, S = Whole> {
    documents: Documents,
    store: Arc<Store>,
    select: S,
    model: std::marker::PhantomData<fn() -> T>,
}

impl<T: Versioned, S: Selector<T> + Unpin> Stream for StoredStream<T, S> {
    type Item = Result<S::Item>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = Pin::new(&mut self.documents).poll_next(context);
        polled.map(|next| next.map(|document| self.select.read(document?, self.store.name())))
    }
}

impl<T: Versioned, S> fmt::Debug for StoredStream<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StoredStream")
            .field(self.store.name())
            .finish()
    }
}
