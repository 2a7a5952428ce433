//! The reads of a store: in its transaction, where it has one.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, Stream};
use futures_util::{FutureExt, StreamExt};
use mongodb::bson::{Bson, Document, RawDocumentBuf};
use mongodb::options::{
    AggregateOptions, CountOptions, DistinctOptions, FindOneOptions, FindOptions,
};
use mongodb::{Cursor, SessionCursor};

use super::Store;
use crate::error::{Error, InvalidRead, InvalidReadReason, Result};
use crate::transaction::{About, Failed, Held, Tx};

/// The documents that a read found, one by one.
pub(crate) struct Documents {
    about: About,
    source: Source,
}

enum Source {
    Cursor(Box<Cursor<RawDocumentBuf>>),
    Transaction(BoxStream<'static, Result<RawDocumentBuf>>),
}

impl Stream for Documents {
    type Item = Result<RawDocumentBuf>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Documents { about, source } = &mut *self;
        match source {
            Source::Cursor(cursor) => cursor
                .poll_next_unpin(context)
                .map(|next| next.map(|found| found.map_err(|error| about.failed(error).into()))),
            Source::Transaction(documents) => documents.poll_next_unpin(context),
        }
    }
}

/// How many documents are taken from the driver at a time, between which others may use the session.
const BATCH: usize = 100;

/// The documents of a cursor, whose session is held for some of them at a time.
fn drawn(
    tx: Tx,
    about: About,
    patience: Duration,
    cursor: SessionCursor<RawDocumentBuf>,
) -> BoxStream<'static, Result<RawDocumentBuf>> {
    let drawn = stream::try_unfold((cursor, VecDeque::new()), move |(mut cursor, mut batch)| {
        let (tx, about) = (tx.clone(), about.clone());
        async move {
            if batch.is_empty() {
                let drawn = tx
                    .run(about.clone(), patience, move |held: &mut Held| {
                        async move {
                            while batch.len() < BATCH
                                && let Some(next) = cursor.next(&mut held.session).await
                            {
                                batch.push_back(next?);
                            }
                            Ok((cursor, batch))
                        }
                        .boxed()
                    })
                    .await;
                (cursor, batch) = drawn.map_err(|failed| failed_as(&about, failed))?;
            }
            let next = batch.pop_front();
            Ok(next.map(|document| (document, (cursor, batch))))
        }
    });
    drawn.boxed()
}

fn failed_as(about: &About, failed: Failed) -> Error {
    match failed {
        Failed::Dead(dead) => Error::DeadTransaction(dead),
        Failed::Driver(error) => about.failed(error).into(),
        Failed::NoAnswer => about.no_answer().into(),
    }
}

impl Store {
    /// Sends a read in the transaction.
    pub(super) async fn read_within<R, C>(
        &self,
        tx: &Tx,
        about: About,
        limit: Duration,
        read: C,
    ) -> Result<R>
    where
        R: Send + 'static,
        C: for<'h> FnOnce(&'h mut Held) -> BoxFuture<'h, mongodb::error::Result<R>>
            + Send
            + 'static,
    {
        let answer = tx.run(about.clone(), self.patience(limit), read).await;
        answer.map_err(|failed| failed_as(&about, failed))
    }

    /// # Errors
    /// [`InvalidRead`] where a read in a transaction asks for a concern or a server of its own.
    fn check(&self, asks_for_its_own: bool) -> Result<()> {
        if !asks_for_its_own {
            return Ok(());
        }
        let refused = InvalidRead::new("", InvalidReadReason::TransactionDecides);
        Err(refused.of(self.subject(None)).into())
    }

    pub(crate) async fn read_one(
        &self,
        name: &'static str,
        filter: Document,
        options: FindOneOptions,
        limit: Duration,
        id: Option<&Bson>,
    ) -> Result<Option<RawDocumentBuf>> {
        let documents = self.documents();
        let Some(tx) = self.transaction() else {
            let find = documents.find_one(filter).with_options(options);
            return self.answer_of(name, id, limit, find).await;
        };
        self.check(options.read_concern.is_some() || options.selection_criteria.is_some())?;
        let documents = documents.clone();
        self.read_within(tx, self.about(name, id), limit, move |held: &mut Held| {
            async move {
                let find = documents.find_one(filter).with_options(options);
                find.session(&mut held.session).await
            }
            .boxed()
        })
        .await
    }

    pub(crate) async fn read_many(
        &self,
        name: &'static str,
        filter: Document,
        options: FindOptions,
        limit: Duration,
    ) -> Result<Documents> {
        let documents = self.documents();
        let about = self.about(name, None);
        let Some(tx) = self.transaction() else {
            let find = documents.find(filter).with_options(options);
            let source = Source::Cursor(Box::new(self.answer(name, limit, find).await?));
            return Ok(Documents { about, source });
        };
        self.check(options.read_concern.is_some() || options.selection_criteria.is_some())?;
        let documents = documents.clone();
        let cursor = self
            .read_within(tx, about.clone(), limit, move |held: &mut Held| {
                async move {
                    let find = documents.find(filter).with_options(options);
                    find.session(&mut held.session).await
                }
                .boxed()
            })
            .await?;
        Ok(self.documents_of(tx, about, limit, cursor))
    }

    pub(crate) async fn aggregate(
        &self,
        pipeline: Vec<Document>,
        options: AggregateOptions,
        limit: Duration,
    ) -> Result<Documents> {
        let (name, documents) = ("aggregate", self.documents());
        let about = self.about(name, None);
        let Some(tx) = self.transaction() else {
            let aggregate = documents.aggregate(pipeline).with_options(options);
            let aggregate = aggregate.with_type::<RawDocumentBuf>();
            let source = Source::Cursor(Box::new(self.answer(name, limit, aggregate).await?));
            return Ok(Documents { about, source });
        };
        self.check(options.read_concern.is_some() || options.selection_criteria.is_some())?;
        let documents = documents.clone();
        let cursor = self
            .read_within(tx, about.clone(), limit, move |held: &mut Held| {
                async move {
                    let aggregate = documents.aggregate(pipeline).with_options(options);
                    let aggregate = aggregate.with_type::<RawDocumentBuf>();
                    aggregate.session(&mut held.session).await
                }
                .boxed()
            })
            .await?;
        Ok(self.documents_of(tx, about, limit, cursor))
    }

    fn documents_of(
        &self,
        tx: &Tx,
        about: About,
        limit: Duration,
        cursor: SessionCursor<RawDocumentBuf>,
    ) -> Documents {
        let drawn = drawn(tx.clone(), about.clone(), self.patience(limit), cursor);
        Documents {
            about,
            source: Source::Transaction(drawn),
        }
    }

    pub(crate) async fn count(
        &self,
        filter: Document,
        options: CountOptions,
        limit: Duration,
    ) -> Result<u64> {
        let (name, documents) = ("count", self.documents());
        let Some(tx) = self.transaction() else {
            let count = documents.count_documents(filter).with_options(options);
            return self.answer(name, limit, count).await;
        };
        self.check(options.read_concern.is_some() || options.selection_criteria.is_some())?;
        let documents = documents.clone();
        self.read_within(tx, self.about(name, None), limit, move |held: &mut Held| {
            async move {
                let count = documents.count_documents(filter).with_options(options);
                count.session(&mut held.session).await
            }
            .boxed()
        })
        .await
    }

    pub(crate) async fn distinct(
        &self,
        path: String,
        filter: Document,
        options: DistinctOptions,
        limit: Duration,
    ) -> Result<Vec<Bson>> {
        let (name, documents) = ("distinct", self.documents());
        let Some(tx) = self.transaction() else {
            let distinct = documents.distinct(&path, filter).with_options(options);
            return self.answer(name, limit, distinct).await;
        };
        self.check(options.read_concern.is_some() || options.selection_criteria.is_some())?;
        let documents = documents.clone();
        self.read_within(tx, self.about(name, None), limit, move |held: &mut Held| {
            async move {
                let distinct = documents.distinct(&path, filter).with_options(options);
                distinct.session(&mut held.session).await
            }
            .boxed()
        })
        .await
    }
}
