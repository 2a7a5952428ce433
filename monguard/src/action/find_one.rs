use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use mongodb::bson::Bson;
use tracing::Instrument;

use super::ActionFuture;
use super::read::{Shown, read_filter, read_span_of};
use crate::client::Collection;
use crate::document::{Place, Stored, Versioned, names};
use crate::error::Result;
use crate::filter::{Comparison, Filter, Node, Sort, render_sort};

/// A search for one document, started with [`Collection::find_one`] or
/// [`Collection::find_by_id`].
#[must_use = "a find does nothing unless awaited"]
pub struct FindOne<'a, T> {
    collection: &'a Collection<T>,
    condition: Node,
    sort: Option<Sort<T>>,
    shown: Shown,
    limit: Option<Duration>,
}

impl<T> fmt::Debug for FindOne<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FindOne")
            .field("collection", self.collection)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Collection<T> {
    /// Finds the document of this id. `await` returns it, or `None`.
    ///
    /// Where the model has a shard key, the document is found by the tuple of its id and the shard
    /// key ([`Stored::locator`]), so that one shard alone is asked.
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) and
    /// [`Error::ForeignVersion`](crate::Error::ForeignVersion) where it is not as the model says;
    /// [`Error::Driver`](crate::Error::Driver).
    pub fn find_by_id(&self, locator: T::Locator) -> FindOne<'_, T> {
        self.find_one_node(at::<T>(&locator))
    }

    /// Finds a document that matches. `await` returns it, or `None`.
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
        FindOne {
            collection: self,
            condition,
            sort: None,
            shown: Shown::Live,
            limit: None,
        }
    }
}

impl<T: Versioned> FindOne<'_, T> {
    /// Finds soft-deleted documents too.
    pub fn including_deleted(mut self) -> Self {
        self.shown = Shown::Deleted;
        self
    }

    /// Which of several matching documents comes first.
    pub fn sort(mut self, sort: impl FnOnce(T::Fields) -> Sort<T>) -> Self {
        self.sort = Some(sort(T::fields()));
        self
    }

    /// How long the server may work on it. Default: the guard's, 10 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }
}

impl<'a, T: Versioned> IntoFuture for FindOne<'a, T> {
    type Output = Result<Option<Stored<T>>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let FindOne {
            collection,
            condition,
            sort,
            shown,
            limit,
        } = self;
        let store = collection.store();
        let span = read_span_of(store, "find_one", id(&condition));
        let find = async move {
            let limit = store.time_limit(limit);
            let filter = read_filter(store, &condition, shown)?;
            let mut find = store.documents().find_one(filter).max_time(limit);
            if let Some(sort) = sort {
                find = find.sort(render_sort(&sort.into_keys()));
            }
            let found = store.answer("find_one", limit, find).await?;
            found
                .map(|raw| Stored::read(raw.into(), store.name()))
                .transpose()
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
