use std::future::IntoFuture;

use futures_util::TryStreamExt;
use mongodb::bson::{Document, RawDocumentBuf, doc};
use tracing::Instrument;

use super::ActionFuture;
use super::find::All;
use super::options::Searched;
use super::perform::{encoded, refused};
use super::query::{DocumentsKind, Query, QueryKind, Sealed, SortKeys, SortedKind};
use super::read::{read_filter, read_span, refused_read};
use crate::document::Versioned;
use crate::error::{InvalidCursor, InvalidCursorReason, InvalidRead, InvalidReadReason, Result};
use crate::page::{Cursor, Keys, Page, Way, beyond, digest};
use crate::select::{Selector, Whole};

/// A search for one page of documents, started with [`Find::page`](crate::Find::page).
pub type FindPage<'a, T, S = Whole> = Query<'a, T, Paged<S>>;

/// The kind of a [`FindPage`].
#[derive(Debug)]
pub struct Paged<S = Whole> {
    sort: SortKeys,
    select: S,
    size: u32,
    place: Option<(Way, Cursor)>,
}

impl<S> Sealed for Paged<S> {}

impl<S> QueryKind for Paged<S> {
    const NAME: &'static str = "FindPage";
}

impl<S> SortedKind for Paged<S> {
    fn sort_by(&mut self, keys: SortKeys) {
        self.sort = keys;
    }
}

impl<O> DocumentsKind for Paged<O> {
    type Select = O;
    type With<S> = Paged<S>;
    fn map<S>(self, select: impl FnOnce(O) -> S) -> Paged<S> {
        Paged {
            sort: self.sort,
            select: select(self.select),
            size: self.size,
            place: self.place,
        }
    }
}

impl<'a, T: Versioned, S: Selector<T>> Query<'a, T, All<S>> {
    /// Finds at most `size` of the documents, and the cursors that lead on from there. A `limit`
    /// and a `skip` that were set count no more. `await` returns a [`Page`].
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # use monguard::{Cursor, Page};
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64, status: String }
    /// # async fn example(orders: Collection<Order>, handed_in: String) -> monguard::Result<()> {
    /// let open = || orders.find(|o| o.status.eq("open")).sort(|o| o.amount.descending());
    /// let first: Page<Stored<Order>> = open().page(50).await?;
    /// if let Some(next) = first.next {
    ///     let second = open().page(50).after(next).await?;
    /// }
    /// let cursor: Cursor = handed_in.parse()?;
    /// let amounts = open().page(50).after(cursor).select(|o| o.amount).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A page begins after the document at its cursor, by the values of the sort, and not after a
    /// number of documents: none is shown twice or left out because others came or went in
    /// between. One that moves in the sort may be seen at both places, or at neither.
    ///
    /// The id is added to the sort, in the direction of its last key, so that the order is total.
    /// Values of different types, nulls and missing fields have the places that the server's sort
    /// gives them. An index on the keys of the sort and `_id`, in this order, serves it: with
    /// `.sort(|o| o.amount.descending())` that is `{ amount: 1, _id: 1 }`, read backwards.
    ///
    /// # Errors
    /// - [`Error::InvalidCursor`](crate::Error::InvalidCursor): the cursor is of a query with
    ///   another filter, sort or collection. A filter on a time that moves is another one each time.
    /// - [`Error::InvalidRead`](crate::Error::InvalidRead): a page of no documents; a sort by what
    ///   the model hides, whose values would be in the cursor; a sort by what turns out to be a
    ///   list; a collation.
    /// - Those of [`Collection::find`](crate::Collection::find).
    pub fn page(self, size: u32) -> FindPage<'a, T, S> {
        Query {
            collection: self.collection,
            condition: self.condition,
            options: self.options,
            kind: Paged {
                sort: self.kind.sort.unwrap_or_default(),
                select: self.kind.select,
                size,
                place: None,
            },
        }
    }
}

impl<T: Versioned, S: Selector<T>> Query<'_, T, Paged<S>> {
    /// Finds what comes after the place of a [`Page::next`]. Replaces what `before` was given.
    pub fn after(mut self, cursor: Cursor) -> Self {
        self.kind.place = Some((Way::After, cursor));
        self
    }

    /// Finds what comes right before the place of a [`Page::previous`], in the order of the sort.
    /// Replaces what `after` was given.
    pub fn before(mut self, cursor: Cursor) -> Self {
        self.kind.place = Some((Way::Before, cursor));
        self
    }

    fn keys(&self) -> Result<Keys, InvalidRead> {
        if self.kind.size == 0 {
            return Err(InvalidRead::new("", InvalidReadReason::EmptyPage));
        }
        if self.options.collation.is_some() {
            return Err(InvalidRead::new("", InvalidReadReason::Collation));
        }
        Keys::of(&T::META, &self.kind.sort.0)
    }

    /// The filter of the page, and the digest of the query.
    fn conditions(&self, keys: &Keys) -> Result<(Document, Vec<u8>)> {
        let store = self.store();
        let filter = read_filter(store, &self.condition, self.options.shown)?;
        let digest = digest(&T::META, store.name(), keys, &filter)
            .map_err(|error| refused(store, None, encoded(error)))?;
        let Some((way, cursor)) = &self.kind.place else {
            return Ok((filter, digest));
        };
        let Some(values) = cursor.values_in(&digest, keys.len()) else {
            let refused = InvalidCursor::new(InvalidCursorReason::OtherQuery);
            return Err(refused.of(store.subject(None)).into());
        };
        let filter = doc! { "$and": [filter, beyond(keys, values, *way)] };
        Ok((filter, digest))
    }

    /// The documents of the page and, if there is one, that beyond it, in the order of the search.
    async fn documents(&self, keys: &Keys, filter: Document) -> Result<Vec<RawDocumentBuf>> {
        let (store, limit) = (self.store(), self.patience());
        let projection = self.kind.select.projection(&keys.paths());
        let keys = match self.kind.place {
            Some((Way::Before, _)) => keys.reversed(),
            Some((Way::After, _)) | None => keys.clone(),
        };
        let searched = Searched {
            sort: Some(keys.render()),
            projection: projection.map_err(|error| refused_read(store, error))?,
            most: Some(i64::from(self.kind.size) + 1),
            batch: Some(self.kind.size.saturating_add(1)),
            skip: None,
        };
        let options = self.options.find(limit, searched);
        let documents = store.read_many("find", filter, options, limit);
        documents.await?.try_collect().await
    }

    async fn read(self) -> Result<Page<S::Item>> {
        let store = self.store();
        let keys = self.keys().map_err(|error| refused_read(store, error))?;
        let (filter, digest) = self.conditions(&keys)?;
        let mut documents = self.documents(&keys, filter).await?;
        let size = usize::try_from(self.kind.size).unwrap_or(usize::MAX);
        let has_more = documents.len() > size;
        documents.truncate(size);
        let way = self.kind.place.as_ref().map(|(way, _)| *way);
        if way == Some(Way::Before) {
            documents.reverse();
        }
        let places = documents.iter().map(|document| keys.values(document));
        let places: Vec<_> = places
            .collect::<Result<_, _>>()
            .map_err(|error| refused_read(store, error))?;
        let cursor = |place: Option<&Vec<_>>, wanted| match place {
            Some(values) if wanted => Cursor::new(&digest, values.clone())
                .map(Some)
                .map_err(|error| refused(store, None, encoded(error))),
            Some(_) | None => Ok(None),
        };
        let (is_more_after, is_more_before) = match way {
            None => (has_more, false),
            Some(Way::After) => (has_more, true),
            Some(Way::Before) => (true, has_more),
        };
        let items = documents.into_iter();
        Ok(Page {
            next: cursor(places.last(), is_more_after)?,
            previous: cursor(places.first(), is_more_before)?,
            items: items
                .map(|document| self.kind.select.read(document, store.name()))
                .collect::<Result<_>>()?,
        })
    }
}

impl<'a, T, S> IntoFuture for Query<'a, T, Paged<S>>
where
    T: Versioned,
    S: Selector<T> + Send + Sync + 'a,
    S::Item: Send,
{
    type Output = Result<Page<S::Item>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let span = read_span(self.collection.store(), "find_page");
        ActionFuture::new(self.read().instrument(span))
    }
}
