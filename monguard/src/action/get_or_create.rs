use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use mongodb::bson::Document;
use tracing::Instrument;

use super::ActionFuture;
use super::create::{finish, prepare, require_index};
use super::perform::{refused, refused_filter};
use crate::client::Writer;
use crate::document::{Created, Outcome, Stored, Versioned, written};
use crate::error::{Deleted, InvalidUpdate, Result, UniqueKey};
use crate::field::{FieldOf, dotted, dotted_without_keys};
use crate::guard::{Seat, UniqueValue};
use crate::index::model_indexes;

/// A create that may find the document, started with [`Writer::get_or_create`].
#[must_use = "nothing is done unless awaited"]
pub struct GetOrCreate<'a, T> {
    writer: &'a Writer<T>,
    known: Known,
    limit: Option<Duration>,
}

impl<T> fmt::Debug for GetOrCreate<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GetOrCreate")
            .field("writer", self.writer)
            .field("key", &self.known.shown)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Writer<T> {
    /// Returns the document whose unique field has the value that it has in `value`, or creates
    /// `value`. `await` returns [`Created::New`] or [`Created::Existing`].
    ///
    /// `key` names the field: one that the model declares `#[monguard(index(unique))]` or
    /// `index(unique = "live")`, the idempotency key, or the id. Of any number of callers at once,
    /// one creates the document, with one audit entry, and all get it. What exists is returned as
    /// it is: it is not compared with `value`, and nothing is written to it.
    ///
    /// A soft-deleted document with the value is an error where the field is unique among all
    /// documents, and does not count where it is `unique = "live"`.
    ///
    /// An old document that has the value under an `alias` of the field is found too; the index does
    /// not hold it, so that its value is unique only among those who ask like this. Of a model with
    /// a shard key, a document is known by its id within its shard key.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "users")]
    /// # struct User { #[monguard(index(unique))] email: String, visits: i64 }
    /// # async fn example(desk: Writer<User>) -> monguard::Result<()> {
    /// let user = User { email: "ada@example.org".into(), visits: 0 };
    /// let user: Stored<User> = desk.get_or_create(|u| u.email, user).await?.into_stored();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// - [`Error::Deleted`](crate::Error::Deleted): the document with the value is soft-deleted; it
    ///   can be restored.
    /// - [`Error::MissingIndex`](crate::Error::MissingIndex): the field's unique index is not in
    ///   place; see [`Collection::ensure_indexes`](crate::Collection::ensure_indexes).
    /// - [`Error::InvalidUpdate`](crate::Error::InvalidUpdate): the model declares no such index, or
    ///   the value is null, missing or a list.
    /// - [`Error::DuplicateKey`](crate::Error::DuplicateKey): a value of another unique index is
    ///   taken.
    /// - Otherwise as [`Writer::create`].
    pub fn get_or_create<F>(&self, key: impl FnOnce(T::Fields) -> F, value: T) -> GetOrCreate<'_, T>
    where
        F: FieldOf<T>,
    {
        GetOrCreate {
            writer: self,
            known: Known::of(key, &value),
            limit: None,
        }
    }
}

impl<T: Versioned> GetOrCreate<'_, T> {
    /// How long the server may work on one command. Default: the guard's, 10 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }
}

impl<'a, T: Versioned> IntoFuture for GetOrCreate<'a, T> {
    type Output = Result<Created<T>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let GetOrCreate {
            writer,
            known,
            limit,
        } = self;
        ActionFuture::new(async move {
            let span = tracing::debug_span!(
                "monguard.write",
                collection = %writer.store().name(),
                operation = "get_or_create",
                id = tracing::field::Empty,
            );
            async {
                let request = known.request(writer).await?;
                request.get_or_create(writer, limit).await
            }
            .instrument(span)
            .await
        })
    }
}

/// A value, and the unique field that it is known by.
pub(super) struct Known {
    path: String,
    /// The path without the keys of maps: some may be hidden.
    shown: String,
    value: Result<Document, InvalidUpdate>,
}

impl Known {
    pub(super) fn of<T, F>(key: impl FnOnce(T::Fields) -> F, value: &T) -> Self
    where
        T: Versioned,
        F: FieldOf<T>,
    {
        let steps = key(T::fields()).whole().steps();
        Known {
            path: dotted(&steps),
            shown: dotted_without_keys(&steps),
            value: written(value),
        }
    }

    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// Checks that the field is unique, by an index that is in place.
    pub(super) async fn request<T: Versioned>(self, writer: &Writer<T>) -> Result<UniqueRequest> {
        let store = writer.store();
        let refuse = |error| refused(store, None, error);
        let value = self.value.map_err(refuse)?;
        let indexes = model_indexes::<T>().map_err(|error| refused_filter(store, None, error))?;
        let unique = UniqueValue::of(store.meta(), self.path, &value, indexes);
        let (unique, index) = unique.map_err(refuse)?;
        if index.is_some() {
            require_index(store, unique.path(), index.as_ref(), UniqueKey::Field).await?;
        }
        Ok(UniqueRequest { value, unique })
    }
}

/// A value that is found by its unique field, or created.
pub(super) struct UniqueRequest {
    value: Document,
    unique: UniqueValue,
}

impl UniqueRequest {
    pub(super) async fn get_or_create<T: Versioned>(
        &self,
        writer: &Writer<T>,
        limit: Option<Duration>,
    ) -> Result<Created<T>> {
        let store = writer.store();
        if let Some(stored) = self.find(writer, limit).await? {
            return Ok(Created::Existing(live(writer, stored)?));
        }
        let (value, unique) = (self.value.clone(), self.unique.clone());
        let write = prepare(writer, Ok(value), None, Some(unique), (Seat::Own, limit)).await?;
        match finish(store, write.commit().await?)? {
            Created::New(stored) => Ok(Created::New(stored)),
            Created::Existing(stored) => Ok(Created::Existing(live(writer, stored)?)),
        }
    }

    async fn find<T: Versioned>(
        &self,
        writer: &Writer<T>,
        limit: Option<Duration>,
    ) -> Result<Option<Stored<T>>> {
        let store = writer.store();
        let mut filter = self.unique.filter();
        filter.insert(
            crate::document::names::TOMBSTONE,
            mongodb::bson::doc! { "$exists": false },
        );
        let found = store.find_on_primary(filter, store.time_limit(limit), None);
        let Some(raw) = found.await? else {
            return Ok(None);
        };
        let stored = Stored::<T>::read(raw, store.name())?;
        Ok(Some(
            stored.with_outcome(Outcome::Existing { compared: false }),
        ))
    }
}

/// A soft-deleted document has the value, and is nobody's to be given.
fn live<T: Versioned>(writer: &Writer<T>, stored: Stored<T>) -> Result<Stored<T>> {
    if !stored.is_deleted() {
        return Ok(stored);
    }
    let store = writer.store();
    let place = super::read::place_of::<T>(store, &stored.locator())?;
    let version = crate::document::VersionKind::version(&stored.version());
    Err(Deleted::new(store.subject(Some(&place.id)), version).into())
}
