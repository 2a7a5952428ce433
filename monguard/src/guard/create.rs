use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use mongodb::bson::{Bson, DateTime, Document, RawDocumentBuf, doc, oid::ObjectId};

use super::verdict::{is_operation, successor_of};
use super::write::{check_size, to_the_end};
use super::{IdempotencyKey, Landed, Patience, Proof, Settle, finish_tombstone, is_tombstone};
use crate::audit::{Comparison, Recorded, compare, complete_creation, created_entry, record};
use crate::client::{Author, Failure, Store};
use crate::document::names;
use crate::error::{
    Decode, DuplicateKey, Error, IdempotencyMismatch, InvalidUpdate, Result, Settled, Unsettled,
};

/// How often one create is sent at the most: each time only after it is known that no command
/// sent before can still take effect, or that a hard delete was in its way.
const MOST_SENDS: u32 = 4;

/// One create, from sending it to knowing what became of it, and its audit entry.
pub(crate) struct CreateWrite {
    store: Arc<Store>,
    id: Bson,
    /// Nobody else can have made a document of this id.
    id_is_fresh: bool,
    operation: ObjectId,
    entry: Document,
    raw: RawDocumentBuf,
    key: Option<IdempotencyKey>,
    limit: Duration,
    patience: Mutex<Patience>,
}

/// What a create came to.
#[derive(Debug)]
pub(crate) enum Creation {
    New(Recorded),
    /// An earlier request with the same key.
    Existing {
        document: RawDocumentBuf,
        compared: bool,
    },
}

/// What became of the command.
enum Fate {
    Landed(Landed),
    Existing {
        document: RawDocumentBuf,
        compared: bool,
    },
    /// It has not landed. Sending it again is safe now.
    SendAgain,
    /// Not known yet.
    Open,
}

impl CreateWrite {
    /// `fields`: the model's, and the idempotency key's.
    ///
    /// # Errors
    /// [`InvalidUpdate`] where the document or the entry would be too large.
    pub(crate) fn new(
        store: Arc<Store>,
        author: &Author,
        (id, id_is_fresh): (Bson, bool),
        fields: Document,
        key: Option<IdempotencyKey>,
        limit: Duration,
    ) -> Result<Self, InvalidUpdate> {
        let (operation, at) = (ObjectId::new(), DateTime::now());
        let actor = author.actor.id();
        let mut document = doc! { names::ID: id.clone() };
        document.extend(fields);
        document.insert(store.versions().field(), store.versions().first().stored);
        document.extend(doc! { names::CREATED_AT: at, names::UPDATED_AT: at });
        document
            .extend(doc! { names::CREATED_BY: actor.clone(), names::UPDATED_BY: actor.clone() });
        document.insert(names::OPERATION, operation);
        if let Some(key) = &key {
            document.insert(names::IDEMPOTENT_HASH, key.fingerprint.clone());
        }
        check_size(&store, &id, &document)?;
        let entry = created_entry(&store, author, &document, operation, at)?;
        let raw = RawDocumentBuf::try_from(&document)
            .map_err(|error| InvalidUpdate::encode("", error.into()))?;
        let patience = Mutex::new(Patience::new(limit, store.shared().settings.margin));
        Ok(CreateWrite {
            store,
            id,
            id_is_fresh,
            operation,
            entry,
            raw,
            key,
            limit,
            patience,
        })
    }

    /// Creates the document and records it, or finds the one of an earlier request.
    pub(crate) async fn commit(self) -> Result<Creation> {
        let write = Arc::new(self);
        to_the_end(async move {
            match write.land().await? {
                Fate::Existing { document, compared } => {
                    let found = write.parse(&document)?;
                    complete_creation(&write.store, &found, write.limit).await;
                    Ok(Creation::Existing { document, compared })
                }
                Fate::Landed(landed) => write.record(landed).await.map(Creation::New),
                Fate::SendAgain | Fate::Open => Err(write.unsettled(None)),
            }
        })
        .await
    }

    async fn record(&self, landed: Landed) -> Result<Recorded> {
        let version = self.store.versions().first().shown;
        record(
            &self.store,
            landed,
            self.operation,
            version,
            &self.entry,
            self.limit,
        )
        .await
    }

    async fn land(self: &Arc<Self>) -> Result<Fate> {
        let (mut sends, mut may_have_landed) = (0, false);
        let mut send = true;
        let (mut duplicate, mut cause) = (None, None);
        loop {
            if send {
                sends += 1;
                duplicate = None;
                self.patience().renew(self.store.shared().settings.margin);
                tracing::debug!(attempt = sends, operation_id = %self.operation, "sending");
                match self
                    .store
                    .create(&self.raw, self.operation, self.limit, &self.id)
                    .await
                {
                    Ok(document) => {
                        let document = Arc::new(document);
                        return Ok(Fate::Landed(Landed {
                            document,
                            proof: Proof::Answered,
                        }));
                    }
                    Err(Failure::Refused(error)) if !may_have_landed => return Err(error),
                    Err(Failure::Duplicate(error)) => duplicate = Some(error),
                    Err(Failure::Refused(error)) => cause = Some(error),
                    Err(Failure::Unknown(error)) => {
                        may_have_landed = true;
                        cause = Some(error);
                    }
                }
            }
            match self.look(&mut duplicate, may_have_landed).await {
                Ok(Fate::SendAgain) => send = sends < MOST_SENDS,
                Ok(Fate::Open) => send = false,
                Ok(fate) => return Ok(fate),
                Err(error @ Error::Driver(_)) => (send, cause) = (false, Some(error)),
                Err(error) => return Err(error),
            }
            if !send && (self.patience().is_over() || sends >= MOST_SENDS) {
                return Err(self.unsettled(cause));
            }
            if !send {
                let wait = self.patience().next_wait();
                tokio::time::sleep(wait).await;
            }
        }
    }

    /// Finds out what became of the command. The server names one violated index, not the one
    /// hoped for: after any duplicate key, the idempotency key is looked up first.
    async fn look(
        &self,
        duplicate: &mut Option<Box<DuplicateKey>>,
        may_have_landed: bool,
    ) -> Result<Fate> {
        let by_id = self.store.read_settled(&self.id, self.limit).await?;
        let by_id = self.seen(by_id)?;
        if let Some((raw, document)) = &by_id
            && is_operation(document, self.operation)
        {
            let document = Arc::new(raw.clone());
            return Ok(Fate::Landed(Landed {
                document,
                proof: Proof::Read,
            }));
        }
        let is_ours = self.id_is_fresh && by_id.is_some();
        if may_have_landed && (is_ours || self.left_a_trace().await?) {
            let document = Arc::new(self.raw.clone());
            return Ok(Fate::Landed(Landed {
                document,
                proof: Proof::Overtaken,
            }));
        }
        if let Some(key) = &self.key
            && let Some(fate) = self.look_up(key).await?
        {
            return Ok(fate);
        }
        match by_id {
            Some((_, document)) if is_tombstone(&document) => {
                finish_tombstone(&self.store, &document, self.limit).await?;
                Ok(Fate::SendAgain)
            }
            // Somebody else's, or ours in the hands of a writer whose entry is yet to come.
            Some(_) if may_have_landed && !self.patience().is_over() => Ok(Fate::Open),
            Some(_) if may_have_landed && duplicate.is_none() => Ok(Fate::Open),
            Some(_) | None => match duplicate.take() {
                // The one in the way is gone again.
                Some(error) if self.is_own_index(&error, by_id.is_some()) => Ok(Fate::SendAgain),
                Some(error) => Err(Error::DuplicateKey(error)),
                None if self.patience().is_over() => Ok(Fate::SendAgain),
                None => Ok(Fate::Open),
            },
        }
    }

    /// Whether the log has this create's entry, or the entry of a write that replaced it.
    async fn left_a_trace(&self) -> Result<bool> {
        let (log, limit) = (self.store.log(), self.limit);
        let failed = |error| {
            self.store
                .driver_error("read of the audit log", Some(&self.id), error)
        };
        if log
            .of_operation(self.operation, limit)
            .await
            .map_err(failed)?
            .is_some()
        {
            return Ok(true);
        }
        let successor = log.of_document(
            self.store.name(),
            &self.id,
            successor_of(self.operation),
            limit,
        );
        Ok(successor.await.map_err(failed)?.is_some())
    }

    /// Finds the document that has the idempotency key.
    async fn look_up(&self, key: &IdempotencyKey) -> Result<Option<Fate>> {
        let filter = doc! { key.field: { "$eq": key.value.clone() } };
        let found = self.store.find_settled(filter, self.limit).await?;
        let Some((document, parsed)) = self.seen(found)? else {
            return Ok(None);
        };
        if is_operation(&parsed, self.operation) {
            let document = Arc::new(document);
            return Ok(Some(Fate::Landed(Landed {
                document,
                proof: Proof::Read,
            })));
        }
        if is_tombstone(&parsed) {
            finish_tombstone(&self.store, &parsed, self.limit).await?;
            return Ok(Some(Fate::SendAgain));
        }
        match compare(parsed.get(names::IDEMPOTENT_HASH), &key.fingerprint) {
            Comparison::Same => Ok(Some(Fate::Existing {
                document,
                compared: true,
            })),
            Comparison::NotCompared => Ok(Some(Fate::Existing {
                document,
                compared: false,
            })),
            Comparison::Different => {
                let subject = self.store.subject(parsed.get(names::ID));
                Err(IdempotencyMismatch::new(subject, key.field.to_owned()).into())
            }
        }
    }

    /// Whether the violated index is one whose holder was looked for, and not found.
    fn is_own_index(&self, error: &DuplicateKey, id_is_taken: bool) -> bool {
        let only = |name: &str| matches!(error.fields(), [field] if field == name);
        (only(names::ID) && !id_is_taken) || self.key.as_ref().is_some_and(|key| only(key.field))
    }

    fn seen(&self, raw: Option<RawDocumentBuf>) -> Result<Option<(RawDocumentBuf, Document)>> {
        raw.map(|raw| self.parse(&raw).map(|document| (raw, document)))
            .transpose()
    }

    fn parse(&self, raw: &RawDocumentBuf) -> Result<Document> {
        Document::try_from(raw.as_ref()).map_err(|error| {
            let cause = (!self.store.meta().redacts()).then_some(error);
            Decode::new(self.store.subject(Some(&self.id)), None, None, cause).into()
        })
    }

    fn unsettled(self: &Arc<Self>, cause: Option<Error>) -> Error {
        let subject = self.store.subject(Some(&self.id));
        Unsettled::new(subject, self.operation, self.clone(), cause).into()
    }

    fn patience(&self) -> std::sync::MutexGuard<'_, Patience> {
        // Nothing panics while it is held.
        self.patience.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Settle for CreateWrite {
    fn settle(self: Arc<Self>) -> BoxFuture<'static, Result<Settled>> {
        async move {
            match self.look(&mut None, true).await {
                Ok(Fate::Landed(landed)) => {
                    self.record(landed).await?;
                    Ok(Settled::Landed)
                }
                Ok(Fate::Existing { .. } | Fate::SendAgain)
                | Err(Error::IdempotencyMismatch(_)) => Ok(Settled::NotLanded),
                Ok(Fate::Open) => Err(self.unsettled(None)),
                Err(error) => Err(self.unsettled(Some(error))),
            }
        }
        .boxed()
    }
}
