use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use mongodb::bson::{Bson, Document, oid::ObjectId};
use tracing::Instrument;

use super::ActionFuture;
use super::perform::{Performed, refused};
use super::survey::is_in_place;
use crate::client::{Store, Writer};
use crate::document::{Created, Outcome, Stored, Versioned, names, written};
use crate::error::{InvalidReason, InvalidUpdate, MissingIndex, Result, UniqueKey};
use crate::guard::{CreateWrite, Creation, IdempotencyKey, KnownBy, Route, Seat, UniqueValue};
use crate::index::{WantedIndex, key_indexes};
use crate::update::check_all_names;
use crate::value::decode;

/// A create, started with [`Writer::create`].
#[must_use = "a create does nothing unless awaited"]
pub struct Create<'a, T> {
    writer: &'a Writer<T>,
    value: Result<Document, InvalidUpdate>,
    key: Option<Bson>,
    limit: Option<Duration>,
}

impl<T> fmt::Debug for Create<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Create")
            .field("writer", self.writer)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Writer<T> {
    /// Creates a document, at version 1. `await` returns it.
    ///
    /// Its id is the value's. Where the model has none, or it is missing or null, it is a new
    /// `ObjectId`.
    ///
    /// Where the model has an idempotency key, a second create with the same key returns
    /// [`Created::Existing`], however far the document has moved on, and writes nothing. The
    /// requests are compared: a different one with the same key is an error.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { #[monguard(idempotency_key)] checkout_id: String }
    /// # async fn example(desk: Writer<Order>) -> monguard::Result<()> {
    /// let placed = desk.create(Order { checkout_id: "c-1".into() }).await?;
    /// if !placed.is_new() {
    ///     println!("this checkout was placed before");
    /// }
    /// let order: Stored<Order> = placed.into_stored();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// - [`Error::IdempotencyMismatch`](crate::Error::IdempotencyMismatch): the key was used for
    ///   another request.
    /// - [`Error::MissingIndex`](crate::Error::MissingIndex): the key's unique index is not in
    ///   place; see [`Collection::ensure_indexes`](crate::Collection::ensure_indexes).
    /// - [`Error::DuplicateKey`](crate::Error::DuplicateKey): the id, or a value of another unique
    ///   index, is taken.
    /// - [`Error::InvalidUpdate`](crate::Error::InvalidUpdate): refused before sending.
    /// - [`Error::Unsettled`](crate::Error::Unsettled): it is not known whether it was created.
    /// - [`Error::AuditBacklog`](crate::Error::AuditBacklog): too many carried entries wait for the
    ///   log; nothing was written.
    /// - [`Error::AuditNotWritten`](crate::Error::AuditNotWritten), with
    ///   [`OnAuditFailure::Fail`](crate::OnAuditFailure::Fail).
    pub fn create(&self, value: T) -> Create<'_, T> {
        Create {
            writer: self,
            value: written(&value),
            key: None,
            limit: None,
        }
    }
}

impl<T: Versioned> Create<'_, T> {
    /// Makes the create idempotent under this key, stored as `idempotentKey`. For models with
    /// `#[monguard(idempotency_key)]` on the struct.
    pub fn idempotency_key(mut self, key: impl Into<Bson>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// How long the server may work on one command. Default: the guard's, 10 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }
}

impl<'a, T: Versioned> IntoFuture for Create<'a, T> {
    type Output = Result<Created<T>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Create {
            writer,
            value,
            key,
            limit,
        } = self;
        ActionFuture::new(async move {
            let store = writer.store();
            let span = tracing::debug_span!(
                "monguard.write",
                collection = %store.name(),
                operation = "create",
                id = tracing::field::Empty,
                to = tracing::field::Empty,
            );
            async {
                let write = prepare(writer, value, key, None, (Seat::Own, limit)).await?;
                tracing::Span::current().record("to", tracing::field::display(write.version()));
                finish(store, write.commit().await?)
            }
            .instrument(span)
            .await
        })
    }
}

/// Works out what is to be created.
pub(super) async fn prepare<T: Versioned>(
    writer: &Writer<T>,
    value: Result<Document, InvalidUpdate>,
    key: Option<Bson>,
    unique: Option<UniqueValue>,
    (seat, limit): (Seat, Option<Duration>),
) -> Result<CreateWrite> {
    let store = writer.store();
    let limit = store.time_limit(limit);
    let refuse = |error| refused(store, None, error);
    let mut fields = value.map_err(refuse)?;
    check_all_names(&fields).map_err(refuse)?;
    let key = IdempotencyKey::of(store.meta(), &fields, key).map_err(refuse)?;
    let id = match fields.remove(names::ID) {
        None | Some(Bson::Null) => (made_id::<T>().map_err(refuse)?, true),
        Some(id) => (id, false),
    };
    tracing::Span::current().record("id", tracing::field::display(&id.0));
    let version_field = store.versions().field();
    let own = |name: &String| names::is_owned(name, version_field);
    let mut fields: Document = fields.into_iter().filter(|(name, _)| !own(name)).collect();
    if let Some(key) = &key {
        require_key_index(store, key.field).await?;
        fields.insert(key.field, key.value.clone());
    }
    let known_by = KnownBy { key, unique };
    let how = (Route::open(store, seat).await?, limit);
    CreateWrite::new(store.clone(), writer.author(), id, fields, known_by, how).map_err(refuse)
}

/// An id for a value that has none.
fn made_id<T: Versioned>() -> Result<Bson, InvalidUpdate> {
    let id = Bson::ObjectId(ObjectId::new());
    match decode::<T::Id>(&id) {
        Ok(_) => Ok(id),
        Err(_) => Err(InvalidUpdate::new(names::ID, InvalidReason::NoId)),
    }
}

async fn require_key_index(store: &Arc<Store>, field: &'static str) -> Result<()> {
    let wanted = key_indexes(store.meta());
    let wanted = wanted.iter().find(|index| index.keys.contains_key(field));
    require_index(store, field, wanted, UniqueKey::Idempotency).await
}

/// A key without its unique index would let two creates through.
pub(super) async fn require_index(
    store: &Arc<Store>,
    field: &str,
    wanted: Option<&WantedIndex>,
    key: UniqueKey,
) -> Result<()> {
    let shared = store.shared();
    if shared.has_seen_key_index(store.name(), field) {
        return Ok(());
    }
    let is_there = match wanted {
        Some(wanted) => is_in_place(store, wanted).await?,
        None => false,
    };
    if !is_there {
        return Err(MissingIndex::new(store.subject(None), field.to_owned(), key).into());
    }
    shared.remember_key_index(store.name().clone(), field.to_owned());
    Ok(())
}

pub(super) fn finish<T: Versioned>(store: &Store, creation: Creation) -> Result<Created<T>> {
    match creation {
        Creation::New(recorded) => Performed::from(recorded)
            .into_stored(store)
            .map(Created::New),
        Creation::Existing { document, compared } => {
            let stored = Stored::<T>::read(Arc::new(document), store.name())?;
            Ok(Created::Existing(
                stored.with_outcome(Outcome::Existing { compared }),
            ))
        }
    }
}
