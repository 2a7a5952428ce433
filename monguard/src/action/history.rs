use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use mongodb::bson::{Bson, Document};
use tracing::Instrument;

use super::ActionFuture;
use super::perform::{encoded, refused};
use super::read::read_span_of;
use crate::audit::{AuditEntry, Gathered, UpTo, in_order};
use crate::client::{CausalReads, Collection, Store};
use crate::document::Versioned;
use crate::error::Result;
use crate::guard::State;
use crate::value::{EncodeError, encode_value, equal};

/// The reading of a document's audit entries, started with [`Collection::history`].
#[must_use = "nothing is read unless awaited"]
pub struct History<'a, T> {
    collection: &'a Collection<T>,
    id: Result<Bson, EncodeError>,
    limit: Option<Duration>,
}

impl<T> fmt::Debug for History<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("History")
            .field("collection", self.collection)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Collection<T> {
    /// Reads the audit entries of a document, deleted or not. `await` returns them in the order of
    /// its versions; those of the TypeScript monguard, which name none, by time among them.
    ///
    /// It reads the document, and then the log: what the document still carries
    /// ([`Audit::carried`](crate::Audit::carried)) is shown like what is in the log already, in every
    /// guarantee. So the history is complete up to the state that was read, whether its entries
    /// were copied or not; what is written meanwhile is left out, so that a later history begins
    /// with this one. An entry that no link leads to, because one is missing or another tool wrote
    /// it, is shown where its version or its time puts it
    /// ([`is_linked`](AuditEntry::is_linked)).
    ///
    /// It takes two round trips, and more where entries are missing or the document is removed and
    /// created again meanwhile. Both reads are at read concern `majority`, causally one after the
    /// other, on the primary; a standalone server is asked for neither. With a write concern weaker
    /// than majority, a write that was just made may not be there yet.
    ///
    /// Reads by an index that [`Collection::ensure_indexes`] makes.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64, status: String }
    /// # async fn example(orders: Collection<Order>, placed: Stored<Order>) -> monguard::Result<()> {
    /// for entry in orders.history(placed.id()).await? {
    ///     println!("{:?}: {} by {:?}", entry.version, entry.action, entry.user);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnreadableEntry`](crate::Error::UnreadableEntry) where the log holds something else
    /// under this document; [`Error::Driver`](crate::Error::Driver).
    pub fn history(&self, id: T::Id) -> History<'_, T> {
        History {
            collection: self,
            id: encode_value(&id),
            limit: None,
        }
    }
}

impl<T: Versioned> History<'_, T> {
    /// How long the server may work on one command. Default: the guard's, 10 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }
}

impl<'a, T: Versioned> IntoFuture for History<'a, T> {
    type Output = Result<Vec<AuditEntry<T>>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let History {
            collection,
            id,
            limit,
        } = self;
        let store = collection.store();
        let span = read_span_of(store, "history", id.as_ref().ok());
        let history = async move {
            let limit = store.time_limit(limit);
            let id = id.map_err(|error| refused(store, None, encoded(error)))?;
            read(store, &id, limit).await.map(in_order)
        };
        ActionFuture::new(history.instrument(span))
    }
}

/// The entries that led to a state of the document.
async fn read(store: &Store, id: &Bson, limit: Duration) -> Result<UpTo> {
    /// How often it is read again at the most, because the document went on in between, in a way
    /// that its links do not tell: it was removed and created again.
    const MOST_READS: u32 = 8;
    let mut reads = CausalReads::begin(store, limit).await?;
    let mut document = reads.document(id).await?;
    let mut count = 1;
    loop {
        let logged = reads.entries(id).await?;
        let gathered = Gathered::new(store, id, document.as_ref(), logged)?;
        if !gathered.is_open() {
            return Ok(gathered.up_to_the_state());
        }
        let now = reads.document(id).await?;
        // No state comes back: nothing was written in between.
        if is_same_state(store, document.as_ref(), now.as_ref()) {
            return Ok(gathered.up_to_the_state());
        }
        if count == MOST_READS {
            return Ok(gathered.up_to_its_time());
        }
        document = now;
        count += 1;
    }
}

fn is_same_state(store: &Store, before: Option<&Document>, now: Option<&Document>) -> bool {
    let version = store.versions().field();
    match (before, now) {
        (None, None) => true,
        (Some(before), Some(now)) => {
            let is_same_version = match (before.get(version), now.get(version)) {
                (Some(before), Some(now)) => equal(before, now),
                (before, now) => before.is_none() && now.is_none(),
            };
            is_same_version && State::of(before) == State::of(now)
        }
        _ => false,
    }
}
