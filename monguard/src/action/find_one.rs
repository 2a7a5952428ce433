use std::future::IntoFuture;

use mongodb::bson::Bson;
use tracing::Instrument;

use super::ActionFuture;
use super::query::{DocumentsKind, Query, QueryKind, Sealed, SortKeys, SortedKind};
use super::read::{read_filter, read_span_of, refused_read};
use crate::client::Collection;
use crate::document::{Place, Versioned, names};
use crate::error::Result;
use crate::filter::{Comparison, Filter, Node, render_sort};
use crate::select::{Selector, Whole};

/// A search for one document, started with [`Collection::find_one`] or
/// [`Collection::find_by_id`].
pub type FindOne<'a, T, S = Whole> = Query<'a, T, First<S>>;

/// The kind of a [`FindOne`]: the first document that matches.
#[derive(Debug)]
pub struct First<S = Whole> {
    sort: Option<SortKeys>,
    select: S,
}

impl<S> Sealed for First<S> {}

impl<S> QueryKind for First<S> {
    const NAME: &'static str = "FindOne";
}

impl<S> SortedKind for First<S> {
    fn sort_by(&mut self, keys: SortKeys) {
        self.sort = Some(keys);
    }
}

impl<O> DocumentsKind for First<O> {
    type Select = O;
    type With<S> = First<S>;
    fn map<S>(self, select: impl FnOnce(O) -> S) -> First<S> {
        First {
            sort: self.sort,
            select: select(self.select),
        }
    }
}

impl<T: Versioned> Collection<T> {
    /// Finds the document of this id. `await` returns it, or `None`.
    ///
    /// Where the model has a shard key, the document is found by the tuple of its id and the shard
    /// key ([`Stored::locator`](crate::Stored::locator)), so that one shard alone is asked.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64, status: String }
    /// # async fn example(orders: Collection<Order>, id: monguard::ObjectId) -> monguard::Result<()> {
    /// if let Some(order) = orders.find_by_id(id).await? {
    ///     println!("{} at version {}", order.status, order.version());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) and
    /// [`Error::ForeignVersion`](crate::Error::ForeignVersion) where it is not as the model says;
    /// [`Error::InvalidFilter`](crate::Error::InvalidFilter) where a filter was refused before it was
    /// sent; [`Error::Driver`](crate::Error::Driver).
    pub fn find_by_id(&self, locator: T::Locator) -> FindOne<'_, T> {
        self.find_one_node(at::<T>(&locator))
    }

    /// Finds a document that matches. `await` returns it, or `None`.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64, status: String }
    /// # async fn example(orders: Collection<Order>) -> monguard::Result<()> {
    /// let largest = orders
    ///     .find_one(|o| o.status.eq("open"))
    ///     .sort(|o| o.amount.descending())
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Collection::find_by_id`].
    pub fn find_one(&self, filter: impl FnOnce(T::Fields) -> Filter<T>) -> FindOne<'_, T> {
        self.find_one_matching(filter(T::fields()))
    }

    /// Finds a document that matches a filter made before, for instance with
    /// [`filter!`](crate::filter!). `await` returns it, or `None`.
    ///
    /// # Errors
    /// As [`Collection::find_by_id`].
    pub fn find_one_matching(&self, filter: Filter<T>) -> FindOne<'_, T> {
        self.find_one_node(filter.into_node())
    }

    fn find_one_node(&self, condition: Node) -> FindOne<'_, T> {
        let kind = First {
            sort: None,
            select: Whole,
        };
        Query::new(self, condition, kind)
    }
}

impl<'a, T, S> IntoFuture for Query<'a, T, First<S>>
where
    T: Versioned,
    S: Selector<T> + Send + Sync + 'a,
{
    type Output = Result<Option<S::Item>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let store = self.collection.store();
        let span = read_span_of(store, "find_one", id(&self.condition));
        let find = async move {
            let (limit, First { sort, select }) = (self.patience(), self.kind);
            let filter = read_filter(store, &self.condition, self.options.shown)?;
            let sort = sort.map(|SortKeys(keys)| render_sort(&keys));
            let projection = select.projection(&[]);
            let projection = projection.map_err(|error| refused_read(store, error))?;
            let options = self.options.find_one(limit, sort, projection);
            let found = store
                .read_one("find_one", filter, options, limit, None)
                .await?;
            found.map(|raw| select.read(raw, store.name())).transpose()
        };
        ActionFuture::new(find.instrument(span))
    }
}

/// Matches the document that is found by this.
pub(super) fn at<T: Versioned>(locator: &T::Locator) -> Node {
    let path = names::ID.to_owned();
    let equals = |path: String, value: Bson| Node::Compare {
        path,
        comparison: Comparison::Eq,
        value,
    };
    match T::place(locator) {
        Ok(Place { id, shard_key }) if shard_key.is_empty() => equals(path, id),
        Ok(Place { id, shard_key }) => {
            let keys = shard_key
                .into_iter()
                .map(|(name, value)| equals(name, value));
            Node::All(std::iter::once(equals(path, id)).chain(keys).collect())
        }
        Err(error) => Node::Invalid { path, error },
    }
}

/// The id that a search is for.
fn id(condition: &Node) -> Option<&Bson> {
    match condition {
        Node::All(nodes) => nodes.first().and_then(id),
        Node::Compare {
            path,
            comparison: Comparison::Eq,
            value,
        } if path == names::ID => Some(value),
        _ => None,
    }
}
