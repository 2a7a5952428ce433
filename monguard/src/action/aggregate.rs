use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::{Stream, TryStreamExt};
use mongodb::bson::{Document, RawDocument};
use serde::de::DeserializeOwned;
use tracing::Instrument;

use super::ActionFuture;
use super::distinct::UnfilteredKind;
use super::query::{Query, QueryKind, Sealed};
use super::read::{read_filter, read_span, refused_read};
use crate::client::{Collection, Documents, Store};
use crate::document::Versioned;
use crate::error::{Decode, InvalidRead, Result};
use crate::filter::Node;
use crate::pipeline::begun;
use crate::value::{decode_document, expected_by_serde};

/// An aggregation, started with [`Collection::aggregate`].
pub type Aggregate<'a, T, R = Document> = Query<'a, T, Piped<R>>;

/// The kind of an [`Aggregate`]: what a pipeline makes of the documents.
#[derive(Debug)]
pub struct Piped<R> {
    pipeline: Vec<Document>,
    batch: Option<u32>,
    result: PhantomData<fn() -> R>,
}

impl<R> Sealed for Piped<R> {}

impl<R> QueryKind for Piped<R> {
    const NAME: &'static str = "Aggregate";
}

impl<R> UnfilteredKind for Piped<R> {}

impl<T: Versioned> Collection<T> {
    /// Runs a pipeline over the documents. `await` returns its results, each read into an `R`;
    /// [`stream`](Aggregate::stream) returns them one by one. Which documents it begins with may be
    /// said with [`filter`](Aggregate::filter).
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # use mongodb::bson::doc;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64, status: String }
    /// #[derive(Deserialize)]
    /// struct Total {
    ///     #[serde(rename = "_id")]
    ///     status: String,
    ///     sum: i64,
    /// }
    ///
    /// # async fn example(orders: Collection<Order>) -> monguard::Result<()> {
    /// let by_status = doc! { "$group": { "_id": "$status", "sum": { "$sum": "$amount" } } };
    /// let totals: Vec<Total> = orders.aggregate([by_status]).filter(|o| o.amount.gt(0)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Stages are written in stored names, and are not checked against the model. A condition that
    /// leaves out soft-deleted documents goes before them: into a leading `$match` or `$geoNear`,
    /// and after a leading `$search` or `$vectorSearch`, whose limit counts them. Where a `$lookup`,
    /// `$graphLookup` or `$unionWith` reads the same collection again, it is filtered likewise (a
    /// `$lookup` that names fields and has a pipeline needs MongoDB 5.0); in other collections
    /// it sees what is soft-deleted there, and what is being removed.
    ///
    /// # Errors
    /// - [`Error::InvalidRead`](crate::Error::InvalidRead): a stage, at any depth, writes (`$out`,
    ///   `$merge`), or reads no documents of the collection.
    /// - [`Error::Decode`](crate::Error::Decode): a result is not an `R`.
    /// - [`Error::Driver`](crate::Error::Driver).
    pub fn aggregate<R: DeserializeOwned>(
        &self,
        pipeline: impl IntoIterator<Item = Document>,
    ) -> Aggregate<'_, T, R> {
        let kind = Piped {
            pipeline: pipeline.into_iter().collect(),
            batch: None,
            result: PhantomData,
        };
        Query::new(self, Node::All(Vec::new()), kind)
    }
}

impl<T: Versioned, R: DeserializeOwned> Query<'_, T, Piped<R>> {
    /// How many results the server sends at a time. Default: the server's, 101 at first.
    pub fn batch_size(mut self, results: u32) -> Self {
        self.kind.batch = Some(results);
        self
    }

    /// Sends the pipeline. Returns the results one by one as they arrive, each on its own: one that
    /// is not an `R` does not end the stream.
    ///
    /// # Errors
    /// As [`Collection::aggregate`].
    pub async fn stream(self) -> Result<ResultStream<R>> {
        let (store, limit) = (self.collection.store(), self.patience());
        let filter = read_filter(store, &self.condition, self.options.shown)?;
        let pipeline = begun(store.name(), &filter, self.kind.pipeline)
            .map_err(|reason| refused_read(store, InvalidRead::new("", reason)))?;
        let options = self.options.aggregate(limit, self.kind.batch);
        let span = read_span(store, "aggregate");
        let documents = store.aggregate(pipeline, options, limit);
        Ok(ResultStream {
            documents: documents.instrument(span).await?,
            store: store.clone(),
            result: PhantomData,
        })
    }
}

impl<'a, T, R> IntoFuture for Query<'a, T, Piped<R>>
where
    T: Versioned,
    R: DeserializeOwned + Send + 'a,
{
    type Output = Result<Vec<R>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        ActionFuture::new(async move { self.stream().await?.try_collect().await })
    }
}

/// The results of an [`Aggregate`], one by one.
pub struct ResultStream<R> {
    documents: Documents,
    store: Arc<Store>,
    result: PhantomData<fn() -> R>,
}

impl<R: DeserializeOwned> Stream for ResultStream<R> {
    type Item = Result<R>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = Pin::new(&mut self.documents).poll_next(context);
        polled.map(|next| next.map(|document| read(&document?, &self.store)))
    }
}

impl<R> fmt::Debug for ResultStream<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ResultStream")
            .field(self.store.name())
            .finish()
    }
}

/// Reads a result. Where the model hides values nobody knows where in a result they are: in a name,
/// too.
fn read<R: DeserializeOwned>(raw: &RawDocument, store: &Store) -> Result<R> {
    decode_document(raw).map_err(|(error, path)| {
        let message = error.message.as_deref().unwrap_or_default();
        let expected = expected_by_serde(message).map(str::to_owned);
        let hides = store.meta().redacts();
        let (path, cause) = if hides {
            (None, None)
        } else {
            (path, Some(error))
        };
        Decode::new(store.subject(None), path, expected, cause).into()
    })
}
