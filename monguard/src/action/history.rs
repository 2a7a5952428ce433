use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use mongodb::bson::{Bson, doc};
use tracing::Instrument;

use super::ActionFuture;
use super::perform::{encoded, refused};
use super::read::read_span_of;
use crate::audit::{AuditEntry, RawEntry, in_order};
use crate::client::Collection;
use crate::document::Versioned;
use crate::error::{Error, Result};
use crate::value::{EncodeError, encode_value};

/// The reading of a document's audit entries, started with [`Collection::history`].
#[must_use = "nothing is read unless awaited"]
pub struct History<'a, T> {
    collection: &'a Collection<T>,
    id: Result<Bson, EncodeError>,
    limit: Option<Duration>,
}

impl<T> fmt::Debug for History<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("History")
            .field("collection", self.collection)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Collection<T> {
    /// Reads the audit entries of a document, deleted or not. `await` returns them in the order of
    /// its versions; those of the TypeScript monguard, which name none, by time among them.
    ///
    /// Reads by an index that [`Collection::ensure_indexes`] makes.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64, status: String }
    /// # async fn example(orders: Collection<Order>, placed: Stored<Order>) -> monguard::Result<()> {
    /// for entry in orders.history(placed.id()).await? {
    ///     println!("{:?}: {} by {:?}", entry.version, entry.action, entry.user);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnreadableEntry`] where the log holds something else under this document;
    /// [`Error::Driver`].
    pub fn history(&self, id: T::Id) -> History<'_, T> {
        History {
            collection: self,
            id: encode_value(&id),
            limit: None,
        }
    }
}

impl<T: Versioned> History<'_, T> {
    /// How long the server may work on one command. Default: the guard's, 10 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }
}

impl<'a, T: Versioned> IntoFuture for History<'a, T> {
    type Output = Result<Vec<AuditEntry<T>>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let History {
            collection,
            id,
            limit,
        } = self;
        let store = collection.store();
        let span = read_span_of(store, "history", id.as_ref().ok());
        let history = async move {
            let limit = store.time_limit(limit);
            let id = id.map_err(|error| refused(store, None, encoded(error)))?;
            let of_document = doc! { "ref.collection": &**store.name(), "ref.id": { "$eq": id } };
            let documents = store.entries(of_document, limit).await?;
            let entries: Result<Vec<RawEntry>, _> =
                documents.into_iter().map(RawEntry::from_document).collect();
            Ok(in_order(entries.map_err(|error| {
                Error::UnreadableEntry(Box::new(error))
            })?))
        };
        ActionFuture::new(history.instrument(span))
    }
}
