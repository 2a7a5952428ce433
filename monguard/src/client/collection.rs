use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::{Actor, Shared, Store, Writer};
use crate::audit::Auditable;
use crate::document::Versioned;
use crate::transaction::Tx;

/// The collection of a model: reads, and the way to a [`Writer`].
///
/// Cheap to clone. There is no write without someone who makes it, so the methods that write are
/// those of [`Collection::by`].
pub struct Collection<T> {
    store: Arc<Store>,
    model: PhantomData<fn() -> T>,
}

impl<T> Clone for Collection<T> {
    fn clone(&self) -> Self {
        Collection {
            store: self.store.clone(),
            model: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Collection<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Collection")
            .field(self.store.name())
            .finish()
    }
}

impl<T: Versioned> Collection<T> {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Collection {
            store: Arc::new(Store::new::<T>(shared)),
            model: PhantomData,
        }
    }

    /// The collection in the hands of someone, by an id of any BSON type.
    ///
    /// ```no_run
    /// use monguard::prelude::*;
    ///
    /// #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// #[monguard(collection = "orders")]
    /// struct Order {
    ///     amount: i64,
    /// }
    ///
    /// # async fn example(monguard: Monguard) -> monguard::Result<()> {
    /// let desk = monguard.collection::<Order>().by("cs-001").trace("req-42");
    /// let placed = desk.create(Order { amount: 5 }).await?.into_stored();
    /// # Ok(())
    /// # }
    /// ```
    pub fn by(&self, actor: impl Into<mongodb::bson::Bson>) -> Writer<T>
    where
        T: Auditable,
    {
        self.by_actor(Actor::new(actor))
    }

    /// The collection in the hands of the system itself, as the job `name`. Its id in the
    /// documents and the log is the string `system:name`.
    pub fn by_system(&self, name: &str) -> Writer<T>
    where
        T: Auditable,
    {
        self.by_actor(Actor::system(name))
    }

    /// The collection in the hands of `actor`.
    pub fn by_actor(&self, actor: Actor) -> Writer<T>
    where
        T: Auditable,
    {
        Writer::new(self.clone(), actor)
    }

    /// The same collection in a transaction: what is read and written with it belongs to it.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64 }
    /// # async fn example(monguard: Monguard, orders: Collection<Order>) -> monguard::Result<()> {
    /// let (sum, orders) = monguard
    ///     .transaction(async |tx| {
    ///         let orders = orders.within(&tx);
    ///         let sum: i64 = orders.find(|o| o.amount.gt(0)).await?.iter().map(|o| o.amount).sum();
    ///         Ok((sum, orders.count(|o| o.amount.gt(0)).await?))
    ///     })
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The [driver's own handle](Self::driver_unchecked) knows nothing of it, and indexes are
    /// looked at outside of it.
    #[must_use]
    pub fn within(&self, tx: &Tx) -> Self {
        Collection {
            store: Arc::new(self.store.in_transaction(tx.clone())),
            model: PhantomData,
        }
    }

    /// The driver's own handle.
    ///
    /// It bypasses everything: what is written with it is neither version-checked nor audited, and
    /// may be lost to a concurrent write. Use it to read: it shows what is soft-deleted, and what is
    /// being removed, too.
    #[must_use]
    pub fn driver_unchecked(&self) -> mongodb::Collection<mongodb::bson::Document> {
        self.store.documents().clone_with_type()
    }

    pub(crate) fn store(&self) -> &Arc<Store> {
        &self.store
    }
}
