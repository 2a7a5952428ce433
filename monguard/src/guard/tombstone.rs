use std::time::Duration;

use mongodb::bson::{Bson, Document, doc};

use super::Patience;
use crate::audit::{ensure_tombstone_entry, insert_entry};
use crate::client::{Failure, Store};
use crate::document::names;
use crate::error::{Error, Result};

/// The second half of a hard delete, whoever did the first: the entry is brought to the log, if it
/// is not there, and then the document removed. That nothing matches at the removal means that
/// somebody else has done it.
pub(crate) async fn finish_tombstone(
    store: &Store,
    tombstone: &Document,
    limit: Duration,
) -> Result<()> {
    if let Some(entry) = ensure_tombstone_entry(store, tombstone, limit).await? {
        insert_entry(store, &entry, limit).await?;
    }
    remove_tombstone(store, tombstone, limit).await
}

/// Removes a tombstone whose entry is in the log. Safe to repeat: it matches no other document.
pub(crate) async fn remove_tombstone(
    store: &Store,
    tombstone: &Document,
    limit: Duration,
) -> Result<()> {
    let id = tombstone.get(names::ID).cloned().unwrap_or(Bson::Null);
    let operation = tombstone.get(names::OPERATION);
    let version_field = store.versions().field();
    let filter = doc! {
        names::ID: { "$eq": id.clone() },
        names::OPERATION: super::exactly(operation),
        version_field: super::exactly(tombstone.get(version_field)),
        names::TOMBSTONE: true,
    };
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
