//! That a write would change nothing.

use std::time::Duration;

use mongodb::bson::Document;

use super::Performed;
use crate::client::Store;
use crate::document::Outcome;
use crate::error::{Error, Result};
use crate::guard::{Base, CONDITION, Kind, mismatch};

/// A request that comes to nothing in the state that it is based on.
pub(in crate::action) struct Undone {
    pub(super) kind: Kind,
    pub(super) base: Base,
    pub(super) filter: Document,
    pub(super) limit: Duration,
}

impl Undone {
    /// Decides on the stored document, not on the caller's copy, that nothing is to be written.
    pub(in crate::action) async fn confirm(self, store: &Store) -> Result<Performed> {
        /// More often than a document is not there at one look and there at the next.
        const LOOKS: u32 = 3;
        let id = &self.base.place.id;
        let mut looks = 0;
        loop {
            looks += 1;
            if let Some(raw) = store
                .find_on_primary(self.filter.clone(), self.limit, Some(id))
                .await?
            {
                let document = raw.into();
                return Ok(Performed {
                    document,
                    outcome: Outcome::Unchanged,
                    written: None,
                });
            }
            let error = mismatch_now(store, self.kind, &self.base, self.limit).await?;
            // In the very state after all, and no condition of the caller's that could have failed.
            let would_match =
                matches!(error, Error::ConditionFailed(_)) && !self.filter.contains_key(CONDITION);
            if !would_match || looks >= LOOKS {
                return Err(error);
            }
        }
    }
}

pub(super) async fn mismatch_now(
    store: &Store,
    kind: Kind,
    base: &Base,
    limit: Duration,
) -> Result<Error> {
    let found = store.read_settled(&base.place, limit).await?;
    Ok(mismatch(store, kind, base, found))
}
