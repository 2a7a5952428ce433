use std::collections::HashSet;
use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;

use mongodb::bson::{Bson, RawBson, RawDocumentBuf};
use tracing::Instrument;

use super::ActionFuture;
use super::query::{Query, QueryKind, Sealed};
use super::read::{read_filter, read_span, refused_read};
use crate::audit::shown_path;
use crate::client::{Collection, Store};
use crate::document::{Revision, Versioned};
use crate::error::{InvalidRead, InvalidReadReason, Result};
use crate::field::{FieldOf, List, ReadablePath};
use crate::filter::{Filter, Node};
use crate::select::{Column, Readable, read_value};
use crate::value::write_canonical;

/// A search for the values of a field, started with [`Collection::distinct`].
pub type Distinct<'a, T, V> = Query<'a, T, ValuesOf<V>>;

/// The kind of a [`Distinct`]: each value once.
pub struct ValuesOf<V> {
    column: Result<Column, InvalidRead>,
    value: PhantomData<fn() -> V>,
}

/// Shows no path: it may hold a key of a redacted map.
impl<V> fmt::Debug for ValuesOf<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ValuesOf")
    }
}

impl<V> Sealed for ValuesOf<V> {}

impl<V> QueryKind for ValuesOf<V> {
    const NAME: &'static str = "Distinct";
}

impl<T: Versioned> Collection<T> {
    /// Finds the values that a field has, each once. `await` returns them, in no order that could
    /// be relied on. Documents without the field add nothing; a null is read as the model reads it.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64, status: String, tags: Vec<String> }
    /// # async fn example(orders: Collection<Order>) -> monguard::Result<()> {
    /// let open: Vec<String> = orders.distinct(|o| o.status).filter(|o| o.amount.gt(0)).await?;
    /// let tags: Vec<String> = orders.distinct_items(|o| o.tags).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Of a list the server returns the elements: see [`Collection::distinct_items`]. All values
    /// must fit into one answer of the server, 16 MiB.
    ///
    /// A field with an `alias` is asked for once under each name that old documents may have.
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) where a value is not as the model says;
    /// [`Error::InvalidRead`](crate::Error::InvalidRead) where the field lies inside of one that
    /// the model reads in a way of its own; [`Error::Driver`](crate::Error::Driver).
    pub fn distinct<F>(&self, field: impl FnOnce(T::Fields) -> F) -> Distinct<'_, T, F::Value>
    where
        F: FieldOf<T, Value: Readable, Path: ReadablePath>,
    {
        let steps = field(T::fields()).whole().steps();
        self.values(Column::resolve(&T::META, &steps))
    }

    /// Finds the elements that the lists in a field have, each once. `await` returns them, in no
    /// order that could be relied on.
    ///
    /// # Errors
    /// As [`Collection::distinct`].
    pub fn distinct_items<F>(
        &self,
        field: impl FnOnce(T::Fields) -> F,
    ) -> Distinct<'_, T, <F::Value as List>::Item>
    where
        F: FieldOf<T, Value: List<Item: Readable>, Path: ReadablePath>,
    {
        let steps = field(T::fields()).whole().steps();
        // The elements of a list that is read in a way of its own cannot be read alone.
        let column = Column::resolve(&T::META, &steps).and_then(|column| match column.read {
            None => Ok(column),
            Some(_) => Err(refused::<T>(&column, InvalidReadReason::ReadAsAWhole)),
        });
        self.values(column)
    }

    fn values<V>(&self, column: Result<Column, InvalidRead>) -> Distinct<'_, T, V> {
        let kind = ValuesOf {
            column: column.and_then(|column| {
                if column.is_addressable() {
                    Ok(column)
                } else {
                    Err(refused::<T>(&column, InvalidReadReason::NoPlace))
                }
            }),
            value: PhantomData,
        };
        Query::new(self, Node::All(Vec::new()), kind)
    }
}

fn refused<T: Versioned>(column: &Column, reason: InvalidReadReason) -> InvalidRead {
    InvalidRead::new(shown_path(&T::META, &column.path), reason)
}

impl<'a, T, V> IntoFuture for Query<'a, T, ValuesOf<V>>
where
    T: Versioned,
    V: Readable + Send,
{
    type Output = Result<Vec<V>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let store = self.collection.store();
        let span = read_span(store, "distinct");
        let distinct = async move {
            let limit = self.patience();
            let column = self.kind.column;
            let column = column.map_err(|error| refused_read(store, error))?;
            let filter = read_filter(store, &self.condition, self.options.shown)?;
            let mut seen = HashSet::new();
            let mut all = Vec::new();
            // Old documents may have it under other names.
            for path in column.addresses() {
                let options = self.options.distinct(limit);
                let values = store.distinct(path.clone(), filter.clone(), options, limit);
                for value in values.await? {
                    let mut key = Vec::new();
                    write_canonical(&value, &mut key);
                    if seen.insert(key) {
                        all.push(read_at::<T, V>(store, &column, &path, value)?);
                    }
                }
            }
            Ok(all)
        };
        ActionFuture::new(distinct.instrument(span))
    }
}

fn read_at<T: Versioned, V: Readable>(
    store: &Store,
    column: &Column,
    path: &str,
    value: Bson,
) -> Result<V> {
    RawBson::try_from(value)
        .map_err(|error| (error, String::new()))
        .and_then(|value| read_value(&value, column))
        .map_err(|(error, inside)| {
            let path = Some(format!("{path}{inside}"));
            Revision::<T>::undecodable(&RawDocumentBuf::new(), store.name(), error, path)
        })
}

/// A kind of [`Query`] that begins with every document.
pub trait UnfilteredKind: QueryKind {}

impl<V> UnfilteredKind for ValuesOf<V> {}

impl<T: Versioned, K: UnfilteredKind> Query<'_, T, K> {
    /// Looks at the documents that match, and no others.
    pub fn filter(self, filter: impl FnOnce(T::Fields) -> Filter<T>) -> Self {
        self.matching(filter(T::fields()))
    }

    /// Looks at the documents that match a filter made before, and no others.
    pub fn matching(mut self, filter: Filter<T>) -> Self {
        self.narrow(filter);
        self
    }
}
