use std::fmt;
use std::sync::Arc;

use mongodb::bson::Document;

use super::{Actor, Author, Collection, Store};
use crate::document::Versioned;
use crate::transaction::Tx;

/// A collection in the hands of someone: the writes.
///
/// Cheap to clone. Every write is checked against the state that it is based on, makes one new
/// version, and is audited under the actor's id.
pub struct Writer<T> {
    collection: Collection<T>,
    author: Arc<Author>,
}

impl<T> Clone for Writer<T> {
    fn clone(&self) -> Self {
        Writer {
            collection: self.collection.clone(),
            author: self.author.clone(),
        }
    }
}

impl<T> fmt::Debug for Writer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer")
            .field("collection", &self.collection)
            .field("actor", &self.author.actor)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Writer<T> {
    pub(crate) fn new(collection: Collection<T>, actor: Actor) -> Self {
        let author = Author {
            actor,
            trace_id: None,
            custom_data: None,
        };
        Writer {
            collection,
            author: Arc::new(author),
        }
    }

    /// The same writer, whose entries name this request or job as their `traceId`.
    #[must_use]
    pub fn trace(mut self, trace_id: impl Into<String>) -> Self {
        let trace_id = Some(trace_id.into()).filter(|id| !id.is_empty());
        Arc::make_mut(&mut self.author).trace_id = trace_id;
        self
    }

    /// The same writer, whose entries carry this as their `customData`.
    #[must_use]
    pub fn custom_data(mut self, data: Document) -> Self {
        Arc::make_mut(&mut self.author).custom_data = Some(data);
        self
    }

    /// The same writer in a transaction: what is written with it belongs to it, entries and all.
    ///
    /// What a write returns there is not stored before the transaction is committed. A hard delete
    /// removes the document in one step. A create looks for its idempotency key first, because a
    /// duplicate key would abort the transaction.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64 }
    /// # async fn example(
    /// #     monguard: Monguard, desk: Writer<Order>, a: Stored<Order>, b: Stored<Order>,
    /// # ) -> monguard::Result<()> {
    /// monguard
    ///     .transaction(async |tx| {
    ///         let desk = desk.within(&tx);
    ///         desk.update(&a).inc(|o| o.amount, -5).await?;
    ///         desk.update(&b).inc(|o| o.amount, 5).await
    ///     })
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn within(&self, tx: &Tx) -> Self {
        Writer {
            collection: self.collection.within(tx),
            author: self.author.clone(),
        }
    }

    /// Who writes.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.author.actor
    }

    /// The collection, for reads.
    #[must_use]
    pub fn collection(&self) -> &Collection<T> {
        &self.collection
    }

    pub(crate) fn store(&self) -> &Arc<Store> {
        self.collection.store()
    }

    pub(crate) fn author(&self) -> &Arc<Author> {
        &self.author
    }
}
