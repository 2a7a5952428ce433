use std::fmt;
use std::time::Duration;

use futures_util::TryStreamExt;
use mongodb::ClientSession;
use mongodb::bson::{Bson, Document, RawDocumentBuf, doc};
use mongodb::options::{ReadConcern, ReadPreference, SelectionCriteria};

use super::{Store, Topology};
use crate::document::names;
use crate::error::{DriverError, Result};

/// Reads of one document and its entries, on the primary, of which each sees at least what those
/// before it saw, and nothing that a failover could take back.
///
/// A standalone server has one state, and is asked for nothing; a server without causal sessions,
/// for the majority alone.
pub(crate) struct CausalReads<'a> {
    store: &'a Store,
    session: Option<ClientSession>,
    concern: Option<ReadConcern>,
    limit: Duration,
}

impl fmt::Debug for CausalReads<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CausalReads")
            .field("collection", self.store.name())
            .field("concern", &self.concern)
            .finish_non_exhaustive()
    }
}

impl<'a> CausalReads<'a> {
    /// Nothing is sent yet.
    pub(crate) async fn begin(store: &'a Store, limit: Duration) -> Result<Self> {
        let shared = store.shared();
        let server = shared.capabilities;
        let session = if server.has_causal_sessions() {
            let started = shared.database.client().start_session().await;
            Some(started.map_err(|error| store.driver_error(READ, None, error))?)
        } else {
            None
        };
        let has_majority = server.topology() != Topology::Standalone;
        Ok(CausalReads {
            store,
            session,
            concern: has_majority.then(ReadConcern::majority),
            limit,
        })
    }

    /// The document of this id, deleted or not.
    pub(crate) async fn document(&mut self, id: &Bson) -> Result<Option<Document>> {
        let primary = SelectionCriteria::ReadPreference(ReadPreference::Primary);
        let mut find = self
            .store
            .documents()
            .find_one(doc! { names::ID: { "$eq": id.clone() } })
            .selection_criteria(primary)
            .max_time(self.limit);
        find = match &self.concern {
            Some(concern) => find.read_concern(concern.clone()),
            None => find,
        };
        let found: Option<RawDocumentBuf> = match &mut self.session {
            Some(session) => {
                self.store
                    .answer(READ, self.limit, find.session(session))
                    .await?
            }
            None => self.store.answer(READ, self.limit, find).await?,
        };
        let parsed = found.map(|raw| self.store.parse(&raw, Some(id)));
        parsed.transpose()
    }

    /// The entries of this document in the log, in no order.
    pub(crate) async fn entries(&mut self, id: &Bson) -> Result<Vec<Document>> {
        let of_document =
            doc! { "ref.collection": &**self.store.name(), "ref.id": { "$eq": id.clone() } };
        let mut find = self
            .store
            .log()
            .entries()
            .find(of_document)
            .max_time(self.limit);
        find = match &self.concern {
            Some(concern) => find.read_concern(concern.clone()),
            None => find,
        };
        let store = self.store;
        let entries = async {
            match &mut self.session {
                Some(session) => {
                    let mut cursor = find.session(&mut *session).await?;
                    cursor.stream(session).try_collect().await
                }
                None => find.await?.try_collect().await,
            }
        };
        match store.bounded(self.limit, entries).await {
            Some(entries) => entries.map_err(|error| store.driver_error(READ, Some(id), error)),
            None => Err(DriverError::timed_out(READ, store.subject(Some(id))).into()),
        }
    }
}

const READ: &str = "history";
