use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::error::ErrorKind;
use tracing::Instrument;

use super::ActionFuture;
use super::read::read_span;
use crate::client::{Collection, Store};
use crate::document::Versioned;
use crate::error::{Error, IndexConflict, Result};
use crate::index::{Standing, WantedIndex, history_index, key_indexes, standing};

/// The making of the indexes, started with [`Collection::ensure_indexes`].
#[must_use = "nothing is done unless awaited"]
pub struct EnsureIndexes<'a, T> {
    collection: &'a Collection<T>,
}

/// What [`Collection::ensure_indexes`] made and found: names of indexes, with their collections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EnsuredIndexes {
    /// Indexes that were made now.
    pub made: Vec<String>,
    /// Indexes that were there.
    pub found: Vec<String>,
}

impl<T> fmt::Debug for EnsureIndexes<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnsureIndexes")
            .field("collection", self.collection)
            .finish()
    }
}

impl<T: Versioned> Collection<T> {
    /// Makes the indexes that monguard's promises rest on, where they are missing: the unique
    /// index of the idempotency key, and the one of the audit log. `await` returns what it made and
    /// found. Run it when the service starts; it is safe to repeat, and never drops an index.
    ///
    /// # Errors
    /// [`Error::IndexConflict`] where an index with other keys or options is in the way;
    /// [`Error::Driver`] where the server refuses, for instance because stored documents already
    /// share a key.
    pub fn ensure_indexes(&self) -> EnsureIndexes<'_, T> {
        EnsureIndexes { collection: self }
    }
}

impl<'a, T: Versioned> IntoFuture for EnsureIndexes<'a, T> {
    type Output = Result<EnsuredIndexes>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let store = self.collection.store();
        let span = read_span(store, "ensure_indexes");
        ActionFuture::new(ensure(store).instrument(span))
    }
}

async fn ensure(store: &Arc<Store>) -> Result<EnsuredIndexes> {
    let mut ensured = EnsuredIndexes::default();
    let documents = store.documents().clone_with_type();
    ensure_in(store, &documents, &key_indexes(store.meta()), &mut ensured).await?;
    let entries = store.log().entries().clone_with_type();
    ensure_in(store, &entries, &[history_index()], &mut ensured).await?;
    Ok(ensured)
}

async fn ensure_in(
    store: &Store,
    collection: &mongodb::Collection<()>,
    wanted: &[WantedIndex],
    ensured: &mut EnsuredIndexes,
) -> Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let existing = existing(store, collection).await?;
    for index in wanted {
        let place = |name: &str| format!("{}.{name}", collection.name());
        match standing(index, &existing) {
            Standing::Found(name) => ensured.found.push(place(&name)),
            Standing::Conflict(existing) => {
                let (collection, name) = (collection.name().to_owned(), index.name.clone());
                return Err(IndexConflict {
                    collection,
                    name,
                    existing,
                }
                .into());
            }
            Standing::Missing => {
                let made = collection.create_index(index.model()).await;
                made.map_err(|error| store.driver_error("ensure_indexes", None, error))?;
                ensured.made.push(place(&index.name));
            }
        }
    }
    Ok(())
}

async fn existing(
    store: &Store,
    collection: &mongodb::Collection<()>,
) -> Result<Vec<IndexModel>, Error> {
    /// `NamespaceNotFound`: there is no such collection yet.
    const NO_COLLECTION: i32 = 26;
    let listed = async { collection.list_indexes().await?.try_collect().await };
    match listed.await {
        Ok(indexes) => Ok(indexes),
        Err(error) if matches!(&*error.kind, ErrorKind::Command(e) if e.code == NO_COLLECTION) => {
            Ok(Vec::new())
        }
        Err(error) => Err(store.driver_error("ensure_indexes", None, error)),
    }
}

/// Whether the unique index of this idempotency key is in place.
pub(super) async fn has_key_index(store: &Arc<Store>, field: &str) -> Result<bool> {
    let wanted = key_indexes(store.meta());
    let Some(wanted) = wanted.iter().find(|index| index.keys.contains_key(field)) else {
        return Ok(false);
    };
    let existing = existing(store, &store.documents().clone_with_type()).await?;
    Ok(matches!(standing(wanted, &existing), Standing::Found(_)))
}
