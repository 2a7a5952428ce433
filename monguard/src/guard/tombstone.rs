use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use mongodb::bson::{Document, doc};

use super::{Patience, Settle};
use crate::audit::complete_removal;
use crate::client::{Failure, Store};
use crate::document::{Place, names};
use crate::error::{Error, Result, Settled, Unsettled};

/// The second half of a hard delete, whoever did the first: the entry is brought to the log, if it
/// is not there, and then the document removed.
pub(crate) async fn finish_tombstone(
    store: &Store,
    tombstone: &Document,
    limit: Duration,
) -> Result<()> {
    complete_removal(store, tombstone, limit).await?;
    remove_tombstone(store, tombstone, limit).await
}

/// Removes a tombstone whose entry is in the log. That nothing matches means that somebody else has
/// done it. Safe to repeat: it matches no other document.
async fn remove_tombstone(store: &Store, tombstone: &Document, limit: Duration) -> Result<()> {
    let place = Place::of(store.meta(), tombstone);
    let id = place.id.clone();
    let operation = tombstone.get(names::OPERATION);
    let version_field = store.versions().field();
    let mut filter = doc! {
        names::ID: { "$eq": id.clone() },
        version_field: super::exactly(tombstone.get(version_field)),
        names::OPERATION: super::exactly(operation),
        names::UPDATED_AT: super::exactly(tombstone.get(names::UPDATED_AT)),
        names::TOMBSTONE: true,
    };
    filter.extend(place.shard_key_filter());
    let mut patience = Patience::new(limit, store.shared().settings.margin);
    loop {
        match store.remove(filter.clone(), limit, &id).await {
            Ok(()) => return Ok(()),
            Err(Failure::Refused(error)) => return Err(error),
            Err(Failure::Duplicate(error)) => return Err(Error::DuplicateKey(error)),
            Err(Failure::Unknown(error)) if patience.is_over() => return Err(error),
            Err(Failure::Unknown(_)) => {
                let wait = patience.next_wait();
                tokio::time::sleep(wait).await;
            }
        }
    }
}

/// The removal of a tombstone whose entry is in the log.
pub(crate) struct Removal {
    store: Arc<Store>,
    tombstone: Document,
    limit: Duration,
}

impl Removal {
    pub(crate) fn new(store: Arc<Store>, tombstone: Document, limit: Duration) -> Self {
        Removal {
            store,
            tombstone,
            limit,
        }
    }

    /// Removes it.
    ///
    /// # Errors
    /// [`Error::Unsettled`] where that cannot be found out, or done now: the document is gone for
    /// every reader, but may still be stored.
    pub(crate) async fn commit(self) -> Result<()> {
        Arc::new(self).run().await
    }

    async fn run(self: Arc<Self>) -> Result<()> {
        let removed = remove_tombstone(&self.store, &self.tombstone, self.limit).await;
        removed.map_err(|cause| {
            let subject = self.store.subject(self.tombstone.get(names::ID));
            let operation = self.tombstone.get_object_id(names::OPERATION);
            Unsettled::new(subject, operation.unwrap_or_default(), self, Some(cause)).into()
        })
    }
}

impl Settle for Removal {
    fn settle(self: Arc<Self>) -> BoxFuture<'static, Result<Settled>> {
        async move { self.run().await.map(|()| Settled::Landed) }.boxed()
    }
}
