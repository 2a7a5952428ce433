mod batched;
mod within;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use mongodb::bson::{Document, RawDocumentBuf};

use super::size::check_size;
use super::to_the_end::to_the_end;
use super::turns::Turn;
use super::verdict::{self, Doubt, Evidence, Finding};
use super::{Intent, Kind, Landed, Patience, Preview, Proof, Route, Settle, carry, mismatch};
use crate::audit::{Recorded, log_form, record, written_entry};
use crate::client::{Author, Failure, Store, WriteCommand};
use crate::document::Snapshot;
use crate::error::{Error, InvalidUpdate, Result, Settled, Unsettled};

/// How often one write is sent at the most: each time only after it is known that it would still
/// match, so that it cannot land twice.
const MOST_SENDS: u32 = 8;

/// One write of one document, from sending it to knowing what became of it, and its audit entry.
pub(crate) struct VersionedWrite {
    store: Arc<Store>,
    intent: Intent,
    route: Route,
    /// Worked out before anything is sent: what is too large for the log is refused, not lost.
    entry: RawDocumentBuf,
    limit: Duration,
    /// For how long from now on a command that was sent may still take effect.
    patience: Mutex<Patience>,
}

/// That a write cannot be made, and is as it was.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) intent: Box<Intent>,
    pub(crate) error: InvalidUpdate,
}

/// What the last command that was sent met.
#[derive(Default)]
struct Sent {
    count: u32,
    /// A command was sent whose answer was lost.
    may_have_landed: bool,
    /// The server refused it, for good.
    rejected: Option<Error>,
    /// In the state that the write is based on, the document did not meet the write's conditions,
    /// if it still was in that state when it was asked.
    did_not_match: bool,
    /// Why the outcome is not known.
    cause: Option<Error>,
}

impl VersionedWrite {
    /// # Errors
    /// [`Refused`] where the document or the entry would be too large, or the document would be
    /// stored in the audit log.
    pub(crate) fn new(
        store: Arc<Store>,
        author: &Author,
        mut intent: Intent,
        route: Route,
        limit: Duration,
    ) -> Result<Arc<Self>, Refused> {
        let entry = match Self::entry_of(&store, author, &mut intent, &route) {
            Ok(entry) => entry,
            Err(error) => {
                let intent = Box::new(intent);
                return Err(Refused { intent, error });
            }
        };
        let patience = Mutex::new(Patience::new(limit, store.shared().settings.margin));
        Ok(Arc::new(VersionedWrite {
            store,
            intent,
            route,
            entry,
            limit,
            patience,
        }))
    }

    /// The entry, which is made a part of the write where it is carried.
    fn entry_of(
        store: &Store,
        author: &Author,
        intent: &mut Intent,
        route: &Route,
    ) -> Result<RawDocumentBuf, InvalidUpdate> {
        if intent.kind == Kind::Tombstone
            && let Ok(trail) = intent.before.trail()
        {
            carry::check_removal(store, trail, carry::carrier_before(store, &intent.before))?;
        }
        let mut entry = written_entry(store, author, intent);
        if route.is_carried() {
            carry::put_in(store, intent, &mut entry)?;
        } else {
            carry::keep(store, intent);
            let id = &intent.base.place.id;
            check_size(store, id, intent.measure())?;
        }
        log_form(store, entry)
    }

    /// Makes the write and records it. The document is shown in between.
    pub(crate) async fn commit(self: Arc<Self>, preview: Option<Preview>) -> Result<Recorded> {
        if let Some(tx) = self.store.transaction() {
            return Box::pin(self.commit_within(tx)).await;
        }
        to_the_end(async move {
            let landed = self.land().await?;
            // Nothing is on its way any more where the entry is in the log.
            if let Some(preview) = preview.filter(|_| landed.proof != Proof::Recorded) {
                preview.show(&landed.document);
            }
            self.record(landed).await
        })
        .await
    }

    async fn record(&self, landed: Landed) -> Result<Recorded> {
        let of = (self.intent.operation, self.intent.version.shown);
        match &self.route {
            // The entry of a hard delete is brought to the log before the removal.
            Route::Carried(room) if self.intent.kind != Kind::Tombstone => {
                room.hand_over(&self.store, self.entry.clone(), of.0);
                carry::look_after(&self.store, &self.intent);
            }
            Route::AfterWrite if landed.proof != Proof::Recorded => {
                return record(&self.store, landed, of, &self.entry, self.limit).await;
            }
            Route::AfterWrite | Route::Carried(_) | Route::Transactional => {}
        }
        Ok(Recorded::with_entry(landed, of))
    }

    async fn land(self: &Arc<Self>) -> Result<Landed> {
        self.land_after(Sent::default(), true, Turn::alone()).await
    }

    /// Sends, if it is due, and again until it is known whether the write landed.
    async fn land_after(
        self: &Arc<Self>,
        mut sent: Sent,
        mut is_due: bool,
        mut turn: Turn<'_>,
    ) -> Result<Landed> {
        loop {
            if is_due && let Some(landed) = self.send(&mut sent).await? {
                return Ok(landed);
            }
            let is_over = self.patience().is_over();
            let mut will_be_told = false;
            let doubt = Doubt::of(sent.may_have_landed, is_over);
            is_due = match self.look_in_time(doubt).await {
                Ok((Finding::Landed(proof), found)) => return self.landed(proof, found),
                Ok((Finding::NotLanded, found)) => {
                    return Err(sent.rejected.unwrap_or_else(|| self.mismatch(found)));
                }
                Ok((Finding::StillBased, found)) => {
                    self.is_to_be_sent_again(&mut sent, found, is_over).await?
                }
                Ok((Finding::NotYet, _)) => {
                    will_be_told = true;
                    false
                }
                Ok((Finding::NoTrace, _)) => {
                    sent.did_not_match = false;
                    false
                }
                Err(error) => {
                    sent.did_not_match = false;
                    sent.cause = Some(error);
                    false
                }
            };
            // What did not match is told by one more look.
            will_be_told |= sent.did_not_match;
            if !is_due && !will_be_told && self.patience().is_given_up() {
                return Err(self.unsettled(sent.cause.or(sent.rejected)));
            }
            if !is_due || sent.may_have_landed {
                let wait = self.patience().next_wait();
                turn.pause(wait).await;
            }
        }
    }

    /// Sends the command once. Returns the document where the server says that it landed, an error
    /// where it certainly did not.
    async fn send(&self, sent: &mut Sent) -> Result<Option<Landed>> {
        let intent = &self.intent;
        sent.count += 1;
        self.patience().sending();
        tracing::debug!(attempt = sent.count, operation_id = %intent.operation, "sending");
        let command = WriteCommand::Update {
            filter: intent.filter.clone(),
            update: intent.command(),
        };
        let entry = (intent.operation, &self.entry);
        let id = &intent.base.place.id;
        let answer = self.route.send(&self.store, command, entry, self.limit, id);
        match answer.await {
            Ok(Some(written)) => {
                let proof = written.proof();
                let document = match written.document {
                    Some(document) => document.into(),
                    None => self.left()?,
                };
                return Ok(Some(Landed { document, proof }));
            }
            Ok(None) => {}
            Err(Failure::Refused(error)) if !sent.may_have_landed => return Err(error),
            Err(Failure::Refused(error)) => sent.rejected = Some(error),
            Err(Failure::Duplicate(error)) => sent.rejected = Some(Error::DuplicateKey(error)),
            Err(Failure::Unknown(error)) => {
                tracing::debug!(operation_id = %intent.operation, "the answer was lost: settling");
                self.patience().lost();
                sent.may_have_landed = true;
                sent.cause = Some(error);
            }
        }
        Ok(None)
    }

    /// Whether the command is to be sent again, now that the document is still in the state that
    /// it is based on. `is_over`: nothing that was sent could take effect any more even before the
    /// document was looked at.
    ///
    /// # Errors
    /// Why it is not, where it is known that it did not land and never will.
    async fn is_to_be_sent_again(
        &self,
        sent: &mut Sent,
        found: Option<RawDocumentBuf>,
        is_over: bool,
    ) -> Result<bool> {
        if sent.rejected.is_some() {
            // Refused once more is what it would be. What was sent before may yet come.
            return match sent.rejected.take_if(|_| !sent.may_have_landed || is_over) {
                Some(rejected) => Err(rejected),
                None => Ok(false),
            };
        }
        if sent.did_not_match {
            // No state comes back: it was this one when its conditions were asked for, too.
            return Err(self.mismatch(found));
        }
        if sent.count < MOST_SENDS {
            let would_match = self.would_match().await;
            sent.did_not_match = would_match == Some(false);
            return Ok(would_match == Some(true));
        }
        if sent.may_have_landed {
            return Ok(false);
        }
        // It would match each time that it is looked at, and never when it is written.
        Err(self.mismatch(found))
    }

    /// Looks no longer than the outcome is pursued.
    async fn look_in_time(&self, doubt: Doubt) -> Result<(Finding, Option<RawDocumentBuf>)> {
        let limit = self.patience().of_a_look();
        match tokio::time::timeout(limit, self.look(doubt)).await {
            Ok(seen) => seen,
            Err(_) => Err(self.store.no_answer("read", &self.intent.base.place.id)),
        }
    }

    /// Looks at the document, and then at the log: an entry may move from one to the other in
    /// between, and only in that direction.
    async fn look(&self, doubt: Doubt) -> Result<(Finding, Option<RawDocumentBuf>)> {
        let intent = &self.intent;
        let found = self
            .store
            .read_settled(&intent.base.place, self.limit)
            .await?;
        let document = match &found {
            Some(raw) => Some(self.parse(raw)?),
            None => None,
        };
        let is_own = document
            .as_ref()
            .is_some_and(|document| verdict::is_operation(document, intent.operation));
        let evidence = if is_own {
            Evidence::default()
        } else {
            self.evidence(doubt).await?
        };
        Ok((
            verdict::judge(intent, document.as_ref(), evidence, doubt),
            found,
        ))
    }

    async fn evidence(&self, doubt: Doubt) -> Result<Evidence> {
        let (store, intent, limit) = (&self.store, &self.intent, self.limit);
        let mut evidence = Evidence {
            own_entry: store.entry_of(intent.operation, limit).await?.is_some(),
            is_complete: self.route.is_atomic(),
            ..Evidence::default()
        };
        if evidence.own_entry || doubt == Doubt::None {
            return Ok(evidence);
        }
        let of = |condition| store.entry_where(&intent.base.place.id, condition, limit);
        if !evidence.is_complete {
            let successor = verdict::successor_of(intent.operation);
            evidence.successor = of(successor).await?.is_some();
        }
        evidence.rival = of(verdict::rival_of(intent)).await?.is_some();
        Ok(evidence)
    }

    /// Whether the command would match the document as it is now; `None` where that cannot be read.
    async fn would_match(&self) -> Option<bool> {
        let Intent { filter, base, .. } = &self.intent;
        let matching = self
            .store
            .find_on_primary(filter.clone(), self.limit, Some(&base.place.id));
        matching.await.ok().map(|found| found.is_some())
    }

    fn mismatch(&self, found: Option<RawDocumentBuf>) -> Error {
        mismatch(&self.store, self.intent.kind, &self.intent.base, found)
    }

    fn landed(&self, proof: Proof, found: Option<RawDocumentBuf>) -> Result<Landed> {
        let document = match (proof, found) {
            (Proof::Read, Some(found)) => found.into(),
            _ => self.left()?,
        };
        Ok(Landed { document, proof })
    }

    /// The document as the write leaves it.
    fn left(&self) -> Result<Snapshot> {
        let Intent { kind, base, .. } = &self.intent;
        let left = match kind {
            // The next step of a hard delete reads all of it.
            Kind::Tombstone => self.intent.left().map(Snapshot::from),
            _ => self.intent.left_apart(),
        };
        left.map_err(|error| self.store.undecodable(Some(&base.place.id), error))
    }

    fn parse(&self, raw: &RawDocumentBuf) -> Result<Document> {
        self.store.parse(raw, Some(&self.intent.base.place.id))
    }

    fn unsettled(self: &Arc<Self>, cause: Option<Error>) -> Error {
        self.route.leave();
        let subject = self.store.subject(Some(&self.intent.base.place.id));
        Unsettled::new(subject, self.intent.operation, self.clone(), cause).into()
    }

    fn patience(&self) -> std::sync::MutexGuard<'_, Patience> {
        // Nothing panics while it is held.
        self.patience.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Settle for VersionedWrite {
    fn settle(self: Arc<Self>) -> BoxFuture<'static, Result<Settled>> {
        async move {
            let is_over = self.patience().is_over();
            match self.look(Doubt::of(true, is_over)).await {
                Ok((Finding::Landed(proof), found)) => {
                    let landed = self.landed(proof, found)?;
                    self.record(landed).await?;
                    Ok(Settled::Landed)
                }
                Ok((Finding::NotLanded, _)) => Ok(Settled::NotLanded),
                Ok((Finding::StillBased, _)) if is_over => Ok(Settled::NotLanded),
                Ok(_) => Err(self.unsettled(None)),
                Err(error) => Err(self.unsettled(Some(error))),
            }
        }
        .boxed()
    }
}
