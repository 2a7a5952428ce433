mod batched;
mod look;
mod within;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use mongodb::bson::{Bson, DateTime, Document, RawDocumentBuf, doc, oid::ObjectId};

use super::size::check_size;
use super::to_the_end::to_the_end;
use super::turns::Turn;
use super::versions::StoredVersion;
use super::{IdempotencyKey, Landed, Patience, Route, Settle, UniqueValue, carry};
use crate::audit::{Recorded, complete_creation, created_entry, log_form, record};
use crate::client::{Author, Failure, Store, WriteCommand};
use crate::document::{Excerpt, Place, Version, names};
use crate::error::{DuplicateKey, Error, InvalidReason, InvalidUpdate, Result, Settled, Unsettled};
use crate::value::Measure;

/// How often one create is sent at the most: each time only after it is known that no command
/// sent before can still take effect, or that a hard delete was in its way.
const MOST_SENDS: u32 = 4;

/// One create, from sending it to knowing what became of it, and its audit entry.
pub(crate) struct CreateWrite {
    store: Arc<Store>,
    place: Place,
    /// Nobody else can have made a document of this id.
    id_is_fresh: bool,
    operation: ObjectId,
    version: StoredVersion,
    route: Route,
    entry: RawDocumentBuf,
    raw: RawDocumentBuf,
    known_by: KnownBy,
    limit: Duration,
    patience: Mutex<Patience>,
}

/// What tells that a document is there already, beside its id.
#[derive(Default)]
pub(crate) struct KnownBy {
    pub(crate) key: Option<IdempotencyKey>,
    pub(crate) unique: Option<UniqueValue>,
}

/// What a create came to.
#[derive(Debug)]
pub(crate) enum Creation {
    New(Recorded),
    /// An earlier request with the same key, or another document with the unique value.
    Existing {
        document: RawDocumentBuf,
        compared: bool,
    },
}

/// What was sent, and what came of it.
#[derive(Default)]
struct Sent {
    count: u32,
    /// A command was sent whose answer was lost.
    may_have_landed: bool,
    /// The last answer: another document is in the way.
    duplicate: Option<Box<DuplicateKey>>,
    /// The server refused the last command, for good.
    rejected: Option<Error>,
    /// Why the outcome is not known.
    cause: Option<Error>,
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

/// Where a create ended.
pub(super) enum Landing {
    /// It landed; its entry is to be written.
    Here(Landed),
    /// Another one has what it was to have.
    Elsewhere(Creation),
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
        known_by: KnownBy,
        (route, limit): (Route, Duration),
    ) -> Result<Self, InvalidUpdate> {
        let (operation, at) = (ObjectId::new(), DateTime::now());
        let actor = author.actor.id();
        let mut document = doc! { names::ID: id.clone() };
        document.extend(fields);
        let version = store.versions().first();
        document.insert(store.versions().field(), version.stored.clone());
        document.extend(doc! { names::CREATED_AT: at, names::UPDATED_AT: at });
        document
            .extend(doc! { names::CREATED_BY: actor.clone(), names::UPDATED_BY: actor.clone() });
        document.insert(names::OPERATION, operation);
        if let Some(key) = &known_by.key {
            document.insert(names::IDEMPOTENT_HASH, key.fingerprint.clone());
        }
        let entry = created_entry(&store, author, &document, version.shown, operation, at);
        if route.is_carried() {
            let trail = carry::with_entry(&store, &Excerpt::whole(Document::new()), &entry)?;
            document.insert(names::AUDIT, trail.to_bson());
        }
        check_size(&store, &id, Measure::of_document(&document))?;
        let place = Place::of(store.meta(), &document);
        check_shard_key(&place)?;
        let entry = log_form(&store, entry)?;
        let raw = RawDocumentBuf::try_from(&document)
            .map_err(|error| InvalidUpdate::encode("", error.into()))?;
        let patience = Mutex::new(Patience::new(limit, store.shared().settings.margin));
        Ok(CreateWrite {
            store,
            place,
            id_is_fresh,
            operation,
            version,
            route,
            entry,
            raw,
            known_by,
            limit,
            patience,
        })
    }

    /// Creates the document and records it, or finds the one of an earlier request.
    pub(crate) async fn commit(self) -> Result<Creation> {
        if let Some(tx) = self.store.transaction() {
            return Box::pin(self.commit_within(tx)).await;
        }
        let write = Arc::new(self);
        to_the_end(async move {
            match write.land().await? {
                Landing::Here(landed) => write.record(landed).await.map(Creation::New),
                Landing::Elsewhere(creation) => Ok(creation),
            }
        })
        .await
    }

    /// The version that the document is created at.
    pub(crate) fn version(&self) -> Version {
        self.version.shown
    }

    async fn record(&self, landed: Landed) -> Result<Recorded> {
        let of = (self.operation, self.version.shown);
        match &self.route {
            Route::AfterWrite => record(&self.store, landed, of, &self.entry, self.limit).await,
            Route::Carried(room) => {
                room.hand_over(&self.store, self.entry.clone(), of.0);
                Ok(Recorded::with_entry(landed, of))
            }
            Route::Transactional => Ok(Recorded::with_entry(landed, of)),
        }
    }

    async fn land(self: &Arc<Self>) -> Result<Landing> {
        self.land_after(Sent::default(), true, Turn::alone()).await
    }

    /// Sends, if it is due, and again until it is known what came of it.
    async fn land_after(
        self: &Arc<Self>,
        sent: Sent,
        is_due: bool,
        turn: Turn<'_>,
    ) -> Result<Landing> {
        match self.fate_after(sent, is_due, turn).await? {
            Fate::Existing { document, compared } => {
                let found = self.parse(&document)?;
                complete_creation(&self.store, &found, self.limit).await;
                Ok(Landing::Elsewhere(Creation::Existing {
                    document,
                    compared,
                }))
            }
            Fate::Landed(landed) => Ok(Landing::Here(landed)),
            Fate::SendAgain | Fate::Open => Err(self.unsettled(None)),
        }
    }

    async fn fate_after(
        self: &Arc<Self>,
        mut sent: Sent,
        mut is_due: bool,
        mut turn: Turn<'_>,
    ) -> Result<Fate> {
        loop {
            if is_due && let Some(landed) = self.send(&mut sent).await? {
                return Ok(Fate::Landed(landed));
            }
            let is_over = self.patience().is_over();
            is_due = match self.look_in_time(&mut sent, is_over).await {
                Ok(Fate::SendAgain) => {
                    // Refused once more is what it would be.
                    if let Some(rejected) = sent.rejected.take() {
                        return Err(rejected);
                    }
                    sent.cause = None;
                    true
                }
                Ok(Fate::Open) => false,
                Ok(fate) => return Ok(fate),
                Err(error) if is_unknown(&error, &sent) => {
                    sent.cause = Some(error);
                    false
                }
                Err(error) => return Err(error),
            };
            if (is_due && sent.count >= MOST_SENDS) || (!is_due && is_over) {
                return Err(self.undecided(sent));
            }
            if !is_due {
                let wait = self.patience().next_wait();
                turn.pause(wait).await;
            }
        }
    }

    /// Sends the command once. Returns the document where the server says that it was created, an
    /// error where it certainly was not.
    async fn send(&self, sent: &mut Sent) -> Result<Option<Landed>> {
        sent.count += 1;
        sent.duplicate = None;
        self.patience().sending();
        tracing::debug!(attempt = sent.count, operation_id = %self.operation, "sending");
        let command = WriteCommand::create(&self.raw, self.operation, &self.place);
        let entry = (self.operation, &self.entry);
        let (id, limit) = (&self.place.id, self.limit);
        let answer = self
            .route
            .send(&self.store, command, entry, limit, id)
            .await;
        // The server always returns what it upserted; if it did not, reading tells.
        let no_answer = || Failure::Unknown(self.store.no_answer("create", id));
        match answer.and_then(|created| created.ok_or_else(no_answer)) {
            Ok(written) => {
                let proof = written.proof();
                let document = written.document.unwrap_or_else(|| self.raw.clone()).into();
                return Ok(Some(Landed { document, proof }));
            }
            Err(Failure::Refused(error)) if !sent.may_have_landed => return Err(error),
            Err(Failure::Refused(error)) => sent.rejected = Some(error),
            Err(Failure::Duplicate(error)) => sent.duplicate = Some(error),
            Err(Failure::Unknown(error)) => {
                tracing::debug!(operation_id = %self.operation, "the answer was lost: settling");
                self.patience().lost();
                sent.may_have_landed = true;
                sent.cause = Some(error);
            }
        }
        Ok(None)
    }

    /// Looks no longer than the outcome is pursued.
    async fn look_in_time(&self, sent: &mut Sent, is_over: bool) -> Result<Fate> {
        let limit = self.patience().of_a_look();
        match tokio::time::timeout(limit, self.look(sent, is_over)).await {
            Ok(fate) => fate,
            Err(_) => Err(self.store.no_answer("read", &self.place.id)),
        }
    }

    fn seen(&self, raw: Option<RawDocumentBuf>) -> Result<Option<(RawDocumentBuf, Document)>> {
        raw.map(|raw| self.parse(&raw).map(|document| (raw, document)))
            .transpose()
    }

    fn parse(&self, raw: &RawDocumentBuf) -> Result<Document> {
        self.store.parse(raw, Some(&self.place.id))
    }

    /// What is reported where the outcome is pursued no further.
    fn undecided(self: &Arc<Self>, sent: Sent) -> Error {
        match sent {
            // All answers came, and the one in the way was never there when it was looked for.
            Sent {
                may_have_landed: false,
                duplicate: Some(duplicate),
                cause: None,
                ..
            } => Error::DuplicateKey(duplicate),
            Sent { cause, .. } => self.unsettled(cause),
        }
    }

    fn unsettled(self: &Arc<Self>, cause: Option<Error>) -> Error {
        self.route.leave();
        let subject = self.store.subject(Some(&self.place.id));
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
            let is_over = self.patience().is_over();
            let mut sent = Sent {
                may_have_landed: true,
                ..Sent::default()
            };
            match self.look(&mut sent, is_over).await {
                Ok(Fate::Landed(landed)) => {
                    self.record(landed).await?;
                    Ok(Settled::Landed)
                }
                Ok(Fate::Existing { .. } | Fate::SendAgain)
                | Err(Error::IdempotencyMismatch(_) | Error::DuplicateKey(_))
                    if is_over =>
                {
                    Ok(Settled::NotLanded)
                }
                Ok(_) => Err(self.unsettled(None)),
                Err(error) => Err(self.unsettled(Some(error))),
            }
        }
        .boxed()
    }
}

/// The server takes no list in a shard key: it could be on several shards.
fn check_shard_key(place: &Place) -> Result<(), InvalidUpdate> {
    let list = |(name, value): (&String, &Bson)| {
        let refused = || InvalidUpdate::new(name.as_str(), InvalidReason::ShardKeyIsList);
        matches!(value, Bson::Array(_)).then(refused)
    };
    place.shard_key.iter().find_map(list).map_or(Ok(()), Err)
}

/// Whether a look that failed like this tells nothing about the outcome.
fn is_unknown(error: &Error, sent: &Sent) -> bool {
    match error {
        Error::Driver(_) => true,
        Error::DuplicateKey(_) | Error::IdempotencyMismatch(_) => false,
        _ => sent.may_have_landed,
    }
}
