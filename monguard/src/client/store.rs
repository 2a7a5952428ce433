use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use mongodb::bson::{Bson, Document, RawDocumentBuf, oid::ObjectId};
use mongodb::options::{
    CollectionOptions, FindOneOptions, ReadConcern, ReadPreference, SelectionCriteria,
};

use super::failure::{Failure, PartError, was_refused};
use super::{LogStore, Shared, Statement, WriteCommand, Written};
use crate::audit::Audit;
use crate::document::{Meta, Place, Versioned};
use crate::error::{Decode, DriverError, DuplicateKey, Error, Result, Subject};
use crate::guard::Versions;
use crate::transaction::Tx;
use crate::value::parse;

/// One collection of one model, as the driver reaches it: the edge where commands are sent.
#[derive(Clone)]
pub(crate) struct Store {
    shared: Arc<Shared>,
    meta: &'static Meta,
    name: Arc<str>,
    documents: mongodb::Collection<RawDocumentBuf>,
    log: LogStore,
    versions: Versions,
    audit: Audit,
    /// What everything is read and written in.
    tx: Option<Tx>,
}

impl Store {
    pub(crate) fn new<T: Versioned>(shared: Arc<Shared>) -> Self {
        let (name, meta): (Arc<str>, _) = (T::COLLECTION.into(), const { &T::META });
        let options =
            CollectionOptions::builder().write_concern(shared.settings.write_concern.clone());
        let documents = shared
            .database
            .collection_with_options(&name, options.build());
        let log = LogStore::new(&shared.database, &shared.settings, shared.capabilities);
        let audit = shared.settings.audit_of::<T>();
        Store {
            shared,
            meta,
            name,
            documents,
            log,
            versions: Versions::of::<T>(),
            audit,
            tx: None,
        }
    }

    pub(super) fn bound_to(self, tx: Option<Tx>) -> Self {
        Store { tx, ..self }
    }

    /// The transaction that everything is made in.
    pub(crate) fn transaction(&self) -> Option<&Tx> {
        self.tx.as_ref()
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    pub(crate) fn meta(&self) -> &'static Meta {
        self.meta
    }

    pub(crate) fn name(&self) -> &Arc<str> {
        &self.name
    }

    pub(crate) fn documents(&self) -> &mongodb::Collection<RawDocumentBuf> {
        &self.documents
    }

    pub(crate) fn versions(&self) -> Versions {
        self.versions
    }

    /// How the model's writes are audited.
    pub(crate) fn audit(&self) -> Audit {
        self.audit
    }

    /// Whether documents of the model would be stored among the entries of the audit log.
    pub(crate) fn is_in_the_log(&self) -> bool {
        *self.name == *self.shared.settings.audit_collection
    }

    pub(crate) fn log(&self) -> &LogStore {
        &self.log
    }

    /// A document of this collection, as errors name it.
    pub(crate) fn subject(&self, id: Option<&Bson>) -> Subject {
        Subject::new(self.meta.name(), self.name.clone(), id.cloned())
    }

    /// An error of the driver, without its text where the model hides values.
    pub(crate) fn driver_error(
        &self,
        operation: &'static str,
        id: Option<&Bson>,
        error: mongodb::error::Error,
    ) -> Error {
        self.driver_failure(operation, id, error).into()
    }

    /// The same, for whoever asks what kind of failure it is.
    pub(crate) fn driver_failure(
        &self,
        operation: &'static str,
        id: Option<&Bson>,
        error: mongodb::error::Error,
    ) -> DriverError {
        DriverError::new(operation, self.subject(id), error, self.meta.redacts())
    }

    /// A document as it was read, its values apart. `id`: the document's, where it is known.
    pub(crate) fn parse(&self, raw: &RawDocumentBuf, id: Option<&Bson>) -> Result<Document> {
        parse(raw).map_err(|error| self.undecodable(id, error))
    }

    /// That a document is not valid BSON.
    pub(crate) fn undecodable(
        &self,
        id: Option<&Bson>,
        error: mongodb::bson::error::Error,
    ) -> Error {
        let cause = (!self.meta.redacts()).then_some(error);
        Decode::new(self.subject(id), None, None, cause).into()
    }

    /// Reads the document at this place as every later reader will see it: linearizable, on the
    /// primary. A standalone server has one state and needs no read concern.
    pub(crate) async fn read_settled(
        &self,
        place: &Place,
        limit: Duration,
    ) -> Result<Option<RawDocumentBuf>> {
        let concern = self.settled_concern();
        self.read_primary(place.filter(), concern, limit, Some(&place.id))
            .await
    }

    /// Finds one document by a unique field, likewise.
    pub(crate) async fn find_settled(
        &self,
        filter: Document,
        limit: Duration,
    ) -> Result<Option<RawDocumentBuf>> {
        self.read_primary(filter, self.settled_concern(), limit, None)
            .await
    }

    /// Finds one document on the primary.
    pub(crate) async fn find_on_primary(
        &self,
        filter: Document,
        limit: Duration,
        id: Option<&Bson>,
    ) -> Result<Option<RawDocumentBuf>> {
        self.read_primary(filter, None, limit, id).await
    }

    fn settled_concern(&self) -> Option<ReadConcern> {
        let shared = &self.shared;
        shared.settings.settling_concern(&shared.capabilities)
    }

    async fn read_primary(
        &self,
        filter: Document,
        concern: Option<ReadConcern>,
        limit: Duration,
        id: Option<&Bson>,
    ) -> Result<Option<RawDocumentBuf>> {
        let mut options = FindOneOptions::default();
        options.max_time = Some(limit);
        // A transaction has a concern of its own, and is on the primary.
        if self.transaction().is_none() {
            let primary = SelectionCriteria::ReadPreference(ReadPreference::Primary);
            options.selection_criteria = Some(primary);
            options.read_concern = concern;
        }
        // Boxed: every write holds such a read, and few of them get to it.
        Box::pin(self.read_one("read", filter, options, limit, id)).await
    }

    /// The entry of an operation, in the audit log.
    pub(crate) async fn entry_of(
        &self,
        operation: ObjectId,
        limit: Duration,
    ) -> Result<Option<Document>> {
        self.answer(LOG_READ, limit, self.log.of_operation(operation, limit))
            .await
    }

    /// An entry of a document that meets this condition.
    pub(crate) async fn entry_where(
        &self,
        id: &Bson,
        condition: Document,
        limit: Duration,
    ) -> Result<Option<Document>> {
        let entry = self.log.of_document(&self.name, id, condition, limit);
        self.answer(LOG_READ, limit, entry).await
    }

    /// Removes the document that matches, if one does.
    pub(crate) async fn remove(
        &self,
        filter: Document,
        limit: Duration,
        id: &Bson,
    ) -> Result<(), Failure> {
        let command = WriteCommand::Remove { filter };
        self.write(command, limit, id).await.map(drop)
    }

    /// Makes a write of one document. Returns the document, or `None` where none matched.
    pub(crate) async fn write(
        &self,
        command: WriteCommand,
        limit: Duration,
        id: &Bson,
    ) -> Result<Option<RawDocumentBuf>, Failure> {
        let name = command.operation();
        let command = command.send(&self.documents, limit, None);
        match self.bounded(limit, command).await {
            Some(answer) => answer.map_err(|error| self.classify(name, id, error)),
            None => Err(self.timed_out(name, id)),
        }
    }

    /// Makes a write of one document that carries its entry. A change of what is there is computed
    /// anyway, so that to have it returned would cost more than it tells.
    pub(crate) async fn write_carrying(
        &self,
        command: WriteCommand,
        limit: Duration,
        id: &Bson,
    ) -> Result<Option<Written>, Failure> {
        if let WriteCommand::Update { filter, update } = command {
            let statement = Statement::update(id.clone(), filter, update);
            return self.write_unseen(statement, limit, id).await;
        }
        let written = self.write(command, limit, id).await?;
        Ok(written.map(Written::answered))
    }

    /// How long the server may work on a command: what the caller gave, else the guard's default.
    ///
    /// Within what `maxTimeMS` can say: 0 would mean no limit at all, and then no time after which
    /// a command can no longer take effect.
    pub(crate) fn time_limit(&self, given: Option<Duration>) -> Duration {
        const SHORTEST: Duration = Duration::from_millis(1);
        const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
        given
            .unwrap_or(self.shared.settings.time_limit)
            .clamp(SHORTEST, LONGEST)
    }

    /// Waits for a command as long as it may take effect; `None` where no answer came by then.
    pub(crate) async fn bounded<A: IntoFuture>(
        &self,
        limit: Duration,
        command: A,
    ) -> Option<A::Output> {
        tokio::time::timeout(self.patience(limit), command.into_future())
            .await
            .ok()
    }

    /// The answer to a read, as the caller gets it.
    pub(crate) async fn answer<R, A>(
        &self,
        operation: &'static str,
        limit: Duration,
        command: A,
    ) -> Result<R>
    where
        A: IntoFuture<Output = mongodb::error::Result<R>>,
    {
        self.answer_of(operation, None, limit, command).await
    }

    /// The same of a read of one document.
    pub(super) async fn answer_of<R, A>(
        &self,
        operation: &'static str,
        id: Option<&Bson>,
        limit: Duration,
        command: A,
    ) -> Result<R>
    where
        A: IntoFuture<Output = mongodb::error::Result<R>>,
    {
        match self.bounded(limit, command).await {
            Some(answer) => answer.map_err(|error| self.driver_error(operation, id, error)),
            None => Err(DriverError::timed_out(operation, self.subject(id)).into()),
        }
    }

    /// That nothing was heard for as long as an answer may take.
    pub(crate) fn no_answer(&self, operation: &'static str, id: &Bson) -> Error {
        DriverError::timed_out(operation, self.subject(Some(id))).into()
    }

    pub(super) fn timed_out(&self, operation: &'static str, id: &Bson) -> Failure {
        Failure::Unknown(self.no_answer(operation, id))
    }

    pub(super) fn classify(
        &self,
        operation: &'static str,
        id: &Bson,
        error: mongodb::error::Error,
    ) -> Failure {
        self.failure_of(operation, id, PartError::of(error))
    }

    pub(super) fn failure_of(
        &self,
        operation: &'static str,
        id: &Bson,
        part: PartError,
    ) -> Failure {
        self.failure(operation, id, part.error, part.duplicate)
    }

    /// `duplicate`: the violated index and its fields, where the error is a duplicate key.
    fn failure(
        &self,
        operation: &'static str,
        id: &Bson,
        error: mongodb::error::Error,
        duplicate: Option<(String, Vec<String>)>,
    ) -> Failure {
        if let Some((index, fields)) = duplicate {
            let cause = (!self.meta.redacts()).then_some(error);
            return Failure::Duplicate(Box::new(DuplicateKey::new(
                self.subject(Some(id)),
                index,
                fields,
                cause,
            )));
        }
        let was_refused = was_refused(&error);
        let error = self.driver_error(operation, Some(id), error);
        if was_refused {
            Failure::Refused(error)
        } else {
            Failure::Unknown(error)
        }
    }
}

/// How errors name a read of the log.
pub(crate) const LOG_READ: &str = "read of the audit log";
