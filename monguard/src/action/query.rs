use std::fmt;
use std::time::Duration;

use mongodb::bson::{Bson, Document};
use mongodb::options::{Collation, Hint, ReadConcern, SelectionCriteria};

use super::options::ReadOptions;
use super::read::Shown;
use crate::client::{Collection, Store};
use crate::document::Versioned;
use crate::filter::{Filter, Node, Order, Sort};
use crate::select::{Projection, Selected, Selection, Whole, WithRevision};

/// A read that has not run: `K` says which kind. It is named by its kind: [`Find`](crate::Find),
/// [`FindOne`](crate::FindOne), [`FindPage`](crate::FindPage), [`FindByIds`](crate::FindByIds),
/// [`Count`](crate::Count), [`Exists`](crate::Exists), [`Distinct`](crate::Distinct),
/// [`Aggregate`](crate::Aggregate).
///
/// Every read leaves out soft-deleted documents unless it is [asked](Query::including_deleted), and
/// what is being removed for good always. The options have the names and meanings of the driver's.
#[must_use = "a read does nothing unless awaited"]
pub struct Query<'a, T, K> {
    pub(super) collection: &'a Collection<T>,
    pub(super) condition: Node,
    pub(super) options: ReadOptions,
    pub(super) kind: K,
}

mod sealed {
    pub trait Sealed {}
}
pub(super) use sealed::Sealed;

/// A kind of [`Query`].
pub trait QueryKind: Sealed {
    /// What it is called.
    #[doc(hidden)]
    const NAME: &'static str;
}

/// A kind of [`Query`] whose documents have an order.
pub trait SortedKind: QueryKind {
    #[doc(hidden)]
    fn sort_by(&mut self, keys: SortKeys);
}

/// The keys of a sort, without its model.
#[derive(Clone, Default)]
pub struct SortKeys(pub(crate) Vec<(String, Order)>);

/// Shows no paths: one may hold a key of a redacted map.
impl fmt::Debug for SortKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SortKeys")
    }
}

/// A kind of [`Query`] that returns documents, or what `Select` makes of each.
pub trait DocumentsKind: QueryKind {
    /// What it makes of a document.
    type Select;
    /// The same kind, which makes something else of it.
    type With<S>;
    #[doc(hidden)]
    fn map<S>(self, select: impl FnOnce(Self::Select) -> S) -> Self::With<S>;
}

/// A kind of [`Query`] that still returns whole documents, and may select a part of them instead.
#[diagnostic::on_unimplemented(
    message = "nothing can be selected from this read",
    label = "selects a part already, or returns no documents",
    note = "call `select` or `select_as` once, on `find`, `find_one`, `find_by_id`, `find_by_ids` or a page of them"
)]
pub trait SelectingKind: DocumentsKind<Select = Whole> {}

#[diagnostic::do_not_recommend]
impl<K: DocumentsKind<Select = Whole>> SelectingKind for K {}

impl<'a, T, K> Query<'a, T, K> {
    pub(super) fn new(collection: &'a Collection<T>, condition: Node, kind: K) -> Self {
        Query {
            collection,
            condition,
            options: ReadOptions::default(),
            kind,
        }
    }
}

impl<T: Versioned, K> Query<'_, T, K> {
    pub(super) fn store(&self) -> &Store {
        self.collection.store()
    }

    /// How long the server may work on each command of the read.
    pub(super) fn patience(&self) -> Duration {
        self.store().time_limit(self.options.limit)
    }
}

impl<T: Versioned, K: QueryKind> Query<'_, T, K> {
    /// Looks only at documents that match this filter in MongoDB's own words too. Its names are
    /// checked: see [`Filter::document`].
    pub fn filter_document(mut self, filter: Document) -> Self {
        self.narrow(Filter::document(filter));
        self
    }

    /// Leaves out documents that do not match this filter as well.
    pub(super) fn narrow(&mut self, filter: Filter<T>) {
        let more = filter.into_node();
        let condition = std::mem::replace(&mut self.condition, Node::All(Vec::new()));
        self.condition = match condition {
            Node::All(none) if none.is_empty() => more,
            condition => Node::All(vec![condition, more]),
        };
    }

    /// Looks at soft-deleted documents too.
    pub fn including_deleted(mut self) -> Self {
        self.options.shown = Shown::Deleted;
        self
    }

    /// How long the server may work on one command. Default: the guard's, 10 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.options.limit = Some(limit);
        self
    }

    /// The index to use. Default: the server chooses.
    pub fn hint(mut self, index: Hint) -> Self {
        self.options.hint = Some(index);
        self
    }

    /// What the server's logs and profiler show beside the read. Default: nothing.
    pub fn comment(mut self, comment: impl Into<Bson>) -> Self {
        self.options.comment = Some(comment.into());
        self
    }

    /// How strings are compared. Default: the collection's.
    pub fn collation(mut self, collation: Collation) -> Self {
        self.options.collation = Some(collation);
        self
    }

    /// Which servers may answer, as a read preference or otherwise. Default: the database's.
    pub fn selection_criteria(mut self, criteria: impl Into<SelectionCriteria>) -> Self {
        self.options.criteria = Some(criteria.into());
        self
    }

    /// How durable, and how recent, what is read must be. Default: the database's.
    pub fn read_concern(mut self, concern: ReadConcern) -> Self {
        self.options.concern = Some(concern);
        self
    }
}

impl<T: Versioned, K: SortedKind> Query<'_, T, K> {
    /// The order of the documents: of several matching ones, which comes first.
    pub fn sort(mut self, sort: impl FnOnce(T::Fields) -> Sort<T>) -> Self {
        self.kind.sort_by(SortKeys(sort(T::fields()).into_keys()));
        self
    }
}

impl<'a, T: Versioned, K: QueryKind> Query<'a, T, K> {
    /// Reads some fields instead of whole documents: one field, or a tuple of up to twelve, each
    /// decoded as the model decodes it. What comes back is no [`Stored`](crate::Stored), so that
    /// nothing incomplete can be written back.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64, status: String }
    /// # async fn example(orders: Collection<Order>) -> monguard::Result<()> {
    /// let rows: Vec<(String, i64)> = orders
    ///     .find(|o| o.amount.gt(100))
    ///     .select(|o| (o.status, o.amount))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The read fails with [`Error::InvalidRead`](crate::Error::InvalidRead) where a field lies
    /// inside one that the model reads in a way of its own, and with
    /// [`Error::Decode`](crate::Error::Decode) where a value is missing or not as the model says.
    pub fn select<C, M>(
        self,
        columns: impl FnOnce(T::Fields) -> C,
    ) -> Query<'a, T, K::With<Selected<T, C::Output>>>
    where
        K: SelectingKind,
        C: Selection<T, M>,
    {
        self.map(|_| Selected::of(columns(T::fields())))
    }

    /// Reads the fields of a struct that derives [`Projection`](derive@crate::Projection) instead
    /// of whole documents.
    ///
    /// # Errors
    /// As [`select`](Query::select).
    pub fn select_as<S>(self) -> Query<'a, T, K::With<Selected<T, S>>>
    where
        K: SelectingKind,
        S: Projection<T>,
    {
        self.map(|_| Selected::projection())
    }

    /// Returns the revision of each document beside what is read of it: with a selection, a base
    /// for writes that carries no document.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64, status: String }
    /// # async fn example(orders: Collection<Order>) -> monguard::Result<()> {
    /// let desk = orders.by("desk");
    /// let rows = orders.find(|o| o.amount.gt(100)).select(|o| o.amount).with_revision();
    /// for (revision, amount) in rows.await? {
    ///     desk.update(&revision).set(|o| o.amount, amount / 2).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The read fails with [`Error::ForeignVersion`](crate::Error::ForeignVersion) where a version
    /// is not of the model's kind.
    pub fn with_revision(self) -> Query<'a, T, K::With<WithRevision<K::Select>>>
    where
        K: DocumentsKind,
    {
        self.map(|select| WithRevision { select })
    }

    fn map<S>(self, select: impl FnOnce(K::Select) -> S) -> Query<'a, T, K::With<S>>
    where
        K: DocumentsKind,
    {
        Query {
            collection: self.collection,
            condition: self.condition,
            options: self.options,
            kind: self.kind.map(select),
        }
    }
}

impl<T, K: QueryKind> fmt::Debug for Query<'_, T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(K::NAME)
            .field("collection", self.collection)
            .finish_non_exhaustive()
    }
}
