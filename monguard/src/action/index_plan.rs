use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::error::ErrorKind;
use tracing::Instrument;

use super::ActionFuture;
use super::perform::refused_filter;
use super::read::read_span;
use crate::client::{Collection, Store};
use crate::document::Versioned;
use crate::error::{Error, Result};
use crate::index::{
    ConflictingIndex, InTheWay, IndexPlan, Standing, WantedIndex, history_index, model_indexes,
    others, standing,
};

/// A look at the indexes, started with [`Collection::index_plan`].
#[must_use = "nothing is done unless awaited"]
pub struct PlanIndexes<'a, T> {
    collection: &'a Collection<T>,
}

impl<T> fmt::Debug for PlanIndexes<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlanIndexes")
            .field("collection", self.collection)
            .finish()
    }
}

impl<T: Versioned> Collection<T> {
    /// Says what [`ensure_indexes`](Collection::ensure_indexes) would do, and does not do it: it
    /// only reads. `await` returns what is missing, found and in conflict.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "accounts")]
    /// # struct Account { #[monguard(index(unique))] email: String }
    /// # async fn example(accounts: Collection<Account>) -> monguard::Result<()> {
    /// let plan = accounts.index_plan().await?;
    /// if !plan.is_done() {
    ///     println!("to make: {:?}; in conflict: {:?}", plan.missing, plan.conflicts);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Driver`]: the server could not be asked.
    pub fn index_plan(&self) -> PlanIndexes<'_, T> {
        PlanIndexes { collection: self }
    }
}

impl<'a, T: Versioned> IntoFuture for PlanIndexes<'a, T> {
    type Output = Result<IndexPlan>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let store = self.collection.store();
        let span = read_span(store, "index_plan");
        ActionFuture::new(plan::<T>(store).instrument(span))
    }
}

async fn plan<T: Versioned>(store: &Arc<Store>) -> Result<IndexPlan> {
    let mut plan = IndexPlan::default();
    for collection in survey::<T>(store).await? {
        let mut found = Vec::new();
        for wanted in &collection.wanted {
            match collection.standing(wanted) {
                Standing::Found(name) => {
                    plan.found.push(collection.place(&name));
                    found.push(name);
                }
                Standing::Missing => plan.missing.push(collection.place(&wanted.name)),
                Standing::Conflict(existing) => {
                    plan.conflicts.push(collection.conflict(wanted, existing));
                }
            }
        }
        let others = others(&found, &collection.existing);
        let places = others.iter().map(|name| collection.place(name));
        plan.others.extend(places);
    }
    Ok(plan)
}

/// One collection with the indexes that it shall have and those that it has.
pub(super) struct IndexedCollection {
    pub(super) handle: mongodb::Collection<()>,
    pub(super) wanted: Vec<WantedIndex>,
    pub(super) existing: Vec<IndexModel>,
}

/// The documents' collection, and the audit log's.
pub(super) async fn survey<T: Versioned>(store: &Arc<Store>) -> Result<[IndexedCollection; 2]> {
    let wanted = model_indexes::<T>().map_err(|error| refused_filter(store, None, error))?;
    let documents = store.documents().clone_with_type();
    let entries = store.log().entries().clone_with_type();
    Ok([
        IndexedCollection::read(store, documents, wanted).await?,
        IndexedCollection::read(store, entries, vec![history_index()]).await?,
    ])
}

impl IndexedCollection {
    async fn read(
        store: &Store,
        handle: mongodb::Collection<()>,
        wanted: Vec<WantedIndex>,
    ) -> Result<Self> {
        let existing = existing(store, &handle).await?;
        Ok(IndexedCollection {
            handle,
            wanted,
            existing,
        })
    }

    /// As it is now.
    pub(super) async fn read_again(&self, store: &Store) -> Result<Self> {
        Self::read(store, self.handle.clone(), self.wanted.clone()).await
    }

    pub(super) fn standing(&self, wanted: &WantedIndex) -> Standing {
        standing(wanted, &self.existing)
    }

    pub(super) fn name(&self) -> &str {
        self.handle.name()
    }

    /// An index of this collection, as reports name it.
    pub(super) fn place(&self, index: &str) -> String {
        format!("{}.{index}", self.name())
    }

    pub(super) fn conflict(&self, wanted: &WantedIndex, existing: InTheWay) -> ConflictingIndex {
        let InTheWay { name, differences } = existing;
        ConflictingIndex {
            collection: self.name().to_owned(),
            name: wanted.name.clone(),
            existing: name,
            differences,
        }
    }
}

/// The indexes that are there; none where there is no such collection yet.
pub(super) async fn existing(
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
        Err(error) => Err(store.driver_error("look at the indexes", None, error)),
    }
}

/// Whether this wanted index of the documents is in place.
pub(super) async fn is_in_place(store: &Store, wanted: &WantedIndex) -> Result<bool> {
    let existing = existing(store, &store.documents().clone_with_type()).await?;
    Ok(matches!(standing(wanted, &existing), Standing::Found(_)))
}
