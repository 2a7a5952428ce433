use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use mongodb::bson::{Bson, RawDocumentBuf, oid::ObjectId};

use crate::audit::Guarantee;
use crate::client::{Failure, Store, WriteCommand, Written};
use crate::error::Result;
use crate::relay::{LogEntry, Permit};

/// How the entry of a write gets to the log.
#[derive(Debug)]
pub(crate) enum Route {
    /// It is inserted once the write has landed.
    AfterWrite,
    /// It is a part of the write. Once that has landed, the relay, which has room for it, copies
    /// it.
    Carried(Room),
    /// It is inserted in one transaction with the write: the caller's, or one of its own.
    Transactional,
}

/// With whom a write has its room in the relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seat {
    Own,
    /// With the batch that it is a part of.
    Batch,
    /// The same, and another write of the batch has waited in vain for the log to take what its
    /// document carries.
    BatchThatWaited,
}

impl Route {
    /// The route of the store's writes.
    ///
    /// # Errors
    /// [`Error::AuditBacklog`](crate::Error::AuditBacklog) where the relay has no room: nothing is
    /// written then.
    pub(crate) async fn open(store: &Store, seat: Seat) -> Result<Self> {
        if store.transaction().is_some() {
            return Ok(Route::Transactional);
        }
        Ok(match store.audit().guarantee() {
            Guarantee::AfterWrite => Route::AfterWrite,
            Guarantee::Carried if seat != Seat::Own => Route::Carried(Room(Mutex::new(None))),
            Guarantee::Carried => {
                let relay = &store.shared().relay;
                let permit = relay.reserve(1, relay.backpressure()).await?;
                Route::Carried(Room(Mutex::new(Some(permit))))
            }
            Guarantee::Transactional => Route::Transactional,
        })
    }

    /// Sends the write, which no transaction of the caller's is around. `None` where no document
    /// matched.
    pub(super) async fn send(
        &self,
        store: &Store,
        command: WriteCommand,
        entry: (ObjectId, &RawDocumentBuf),
        limit: Duration,
        id: &Bson,
    ) -> Result<Option<Written>, Failure> {
        match self {
            Route::Carried(_) => store.write_carrying(command, limit, id).await,
            Route::AfterWrite => store.write_before_entry(command, entry.1, limit, id).await,
            Route::Transactional => {
                Box::pin(store.write_with_entry(command, entry, limit, id)).await
            }
        }
    }

    /// Gives the room back to others: whether the write landed is not known.
    pub(super) fn leave(&self) {
        if let Route::Carried(room) = self {
            drop(room.take());
        }
    }

    pub(crate) fn is_carried(&self) -> bool {
        matches!(self, Route::Carried(_))
    }

    /// Whether the entry is never apart from the write.
    pub(crate) fn is_atomic(&self) -> bool {
        !matches!(self, Route::AfterWrite)
    }
}

/// Room in the relay for one entry.
#[derive(Debug)]
pub(crate) struct Room(Mutex<Option<Permit>>);

impl Room {
    /// Hands the entry of a write that landed over. Without room of its own it goes along if there
    /// is some now, and stays on its document otherwise.
    pub(crate) fn hand_over(&self, store: &Store, document: RawDocumentBuf, id: ObjectId) {
        let entries = vec![LogEntry {
            id,
            collection: store.name().clone(),
            document,
        }];
        match self.take() {
            Some(permit) => permit.hand_over(entries),
            None => store.shared().relay.offer(entries),
        }
    }

    fn take(&self) -> Option<Permit> {
        // Nothing panics while it is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
