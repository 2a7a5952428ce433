//! What every write to an existing document has in common.

use std::sync::Arc;
use std::time::Duration;

use mongodb::bson::{Bson, DateTime, Document, RawDocumentBuf, oid::ObjectId};
use tracing::Instrument;

use crate::audit::Recorded;
use crate::client::{Author, Store};
use crate::document::{BasedOn, Outcome, Place, Stored, Version, Versioned, names};
use crate::error::{DuplicateKey, Error, InvalidFilter, InvalidReason, InvalidUpdate, Result};
use crate::field::dotted;
use crate::filter::{Node, render, with_aliases};
use crate::guard::{
    Base, CONDITION, Intent, Kind, Proof, Route, VersionedWrite, filter, kept_entries, make_room,
    mismatch, moment,
};
use crate::update::{Operation, evaluate, merge};
use crate::value::{EncodeError, decode_document};

/// What a write makes of the document that it is based on.
#[derive(Clone, Debug)]
pub(crate) enum Plan {
    /// What the operators of an update make of it.
    Operators(Vec<Operation>, Reads),
    /// Another value of the whole model, as serde writes it.
    Replacement(Document),
    /// Its fields stay; only what monguard owns is written.
    Stamps,
}

impl Plan {
    /// What the operators of an update of `T` make of it.
    pub(crate) fn operators<T: Versioned>(operations: Vec<Operation>) -> Self {
        Plan::Operators(operations, reads::<T>)
    }
}

/// Whether a document reads as a value of the model.
type Reads = fn(&Document) -> bool;

fn reads<T: Versioned>(document: &Document) -> bool {
    RawDocumentBuf::try_from(document).is_ok_and(|raw| decode_document::<T>(&raw).is_ok())
}

/// What a write is based on.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    base: Result<Base, EncodeError>,
    snapshot: Option<Arc<RawDocumentBuf>>,
}

impl Target {
    pub(crate) fn of<T: Versioned>(base: &impl BasedOn<T>) -> Self {
        Target {
            base: base.revision().base(),
            snapshot: base.snapshot(),
        }
    }

    /// Where the document is; `None` where that could not be encoded.
    pub(crate) fn place(&self) -> Option<&Place> {
        self.base.as_ref().ok().map(|base| &base.place)
    }

    /// The id; null where it could not be encoded.
    pub(crate) fn id(&self) -> &Bson {
        self.place().map_or(&Bson::Null, |place| &place.id)
    }
}

/// A write to an existing document, as it was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) kind: Kind,
    pub(crate) plan: Plan,
    pub(crate) when: Vec<Node>,
    pub(crate) limit: Option<Duration>,
}

/// What a write came to.
#[derive(Debug)]
pub(crate) struct Performed {
    document: Arc<RawDocumentBuf>,
    outcome: Outcome,
    /// The operation and the version that it made, where something was written.
    written: Option<(ObjectId, Version)>,
}

/// Makes the write.
pub(crate) async fn perform(
    store: &Arc<Store>,
    author: &Author,
    target: Target,
    request: Request,
) -> Result<Performed> {
    let span = tracing::debug_span!(
        "monguard.write",
        collection = %store.name(),
        operation = request.kind.name(),
        id = %target.id(),
        from = tracing::field::Empty,
        to = tracing::field::Empty,
    );
    run(store, author, target, request).instrument(span).await
}

async fn run(
    store: &Arc<Store>,
    author: &Author,
    target: Target,
    request: Request,
) -> Result<Performed> {
    let limit = store.time_limit(request.limit);
    let given = target
        .base
        .map_err(|error| refused(store, None, encoded(error)))?;
    let id = given.place.id.clone();
    let refuse = |error| refused(store, Some(&id), error);
    let condition =
        condition(store, &request.when).map_err(|error| refused_filter(store, Some(&id), error))?;
    let (base, before) = match target.snapshot {
        Some(raw) => whole(store, &raw)?,
        None => read_base(store, request.kind, &given, limit).await?,
    };
    tracing::Span::current().record("from", tracing::field::display(base.shown));
    let at = moment(&base, store.versions());
    let fields = match &request.plan {
        Plan::Operators(operations, reads) => {
            let fields = evaluate(store.meta(), &before, operations, at).map_err(refuse)?;
            refuse_unreadable(operations, *reads, &before, &fields).map_err(refuse)?;
            fields
        }
        Plan::Replacement(value) => merge(store.meta(), &before, value).map_err(refuse)?,
        Plan::Stamps => before.clone(),
    };
    let is_done = match request.kind {
        Kind::SoftDelete => before.contains_key(names::DELETED_AT),
        Kind::Restore => !before.contains_key(names::DELETED_AT),
        Kind::Update | Kind::UpdateAny | Kind::Tombstone => false,
    };
    if is_done {
        // In this very state it is deleted, or live, as asked: nothing but the condition can fail.
        let (kind, filter) = (EITHER, filter(EITHER, &base, condition.as_ref()));
        return unchanged(store, kind, &base, filter, limit).await;
    }
    let draft = Work {
        store,
        author,
        kind: request.kind,
        state: (base, before),
        fields,
        at,
        condition,
        limit,
    };
    draft.write().await
}

/// A write whose fields are worked out.
struct Work<'a> {
    store: &'a Arc<Store>,
    author: &'a Author,
    kind: Kind,
    state: (Base, Document),
    fields: Document,
    at: DateTime,
    condition: Option<Document>,
    limit: Duration,
}

impl Work<'_> {
    async fn write(mut self) -> Result<Performed> {
        /// More often than documents of one value were deleted in consecutive milliseconds.
        const MOST_MOMENTS: u32 = 64;
        let mut moments = 1;
        loop {
            let Some(intent) = self.intent()? else {
                let (base, _) = &self.state;
                let filter = filter(self.kind, base, self.condition.as_ref());
                return unchanged(self.store, self.kind, base, filter, self.limit).await;
            };
            tracing::Span::current().record("to", tracing::field::display(intent.version.shown));
            let write = self.prepare(intent).await?;
            match write.commit().await {
                Err(Error::DuplicateKey(error))
                    if self.is_of_the_moment(&error) && moments < MOST_MOMENTS =>
                {
                    self.at = DateTime::from_millis(self.at.timestamp_millis().saturating_add(1));
                    moments += 1;
                }
                done => return done.map(Performed::from),
            }
        }
    }

    /// Makes the write ready to be sent: the entry is worked out, and there is room for it.
    async fn prepare(&self, intent: Intent) -> Result<VersionedWrite> {
        let (store, limit) = (self.store, self.limit);
        let (base, before) = &self.state;
        let route = Route::open(store).await?;
        let is_carried = route.is_carried();
        if is_carried && kept_entries(store, before) >= store.shared().settings.carried_entries {
            make_room(store, &base.place, before, limit).await?;
        }
        let write = VersionedWrite::new(store.clone(), self.author, intent, route, limit);
        let write = match write {
            // Without what it carries, it may well fit.
            Err(error) if is_carried && error.is_too_large() && kept_entries(store, before) > 0 => {
                make_room(store, &base.place, before, limit).await?;
                let Some(intent) = self.intent()? else {
                    return Err(self.refuse(error));
                };
                let route = Route::open(store).await?;
                VersionedWrite::new(store.clone(), self.author, intent, route, limit)
            }
            write => write,
        };
        write.map_err(|error| self.refuse(error))
    }

    fn intent(&self) -> Result<Option<Intent>> {
        let intent = Intent::work_out(
            self.kind,
            self.state.clone(),
            self.fields.clone(),
            self.condition.as_ref(),
            (&self.author.actor, self.at),
            self.store.versions(),
        );
        intent.map_err(|error| self.refuse(error))
    }

    fn refuse(&self, error: InvalidUpdate) -> Error {
        let (base, _) = &self.state;
        refused(self.store, Some(&base.place.id), error)
    }

    /// Whether a document of the same values was deleted in this very millisecond: where they are
    /// unique among live documents, the time of the deletion tells the others apart.
    fn is_of_the_moment(&self, error: &DuplicateKey) -> bool {
        let last = error.fields().last().map(String::as_str);
        self.kind.is_deletion() && last == Some(names::DELETED_AT)
    }
}

/// Refuses an update after which the document could not be read any more: one that removes a
/// field, or that no types vouch for.
fn refuse_unreadable(
    operations: &[Operation],
    reads: Reads,
    before: &Document,
    after: &Document,
) -> Result<(), InvalidUpdate> {
    let mut operations = operations.iter();
    let may_break = |operation: &&Operation| operation.is_raw || operation.operator.may_remove();
    let Some(operation) = operations.find(may_break) else {
        return Ok(());
    };
    if reads(after) || !reads(before) {
        return Ok(());
    }
    let reason = if operation.operator.may_remove() {
        InvalidReason::Required
    } else {
        InvalidReason::Unreadable
    };
    Err(InvalidUpdate::new(dotted(&operation.path), reason))
}

/// A kind of write that may be made whether the document is deleted or not.
const EITHER: Kind = Kind::Tombstone;

/// The state of a snapshot, and the snapshot.
fn whole(store: &Store, raw: &RawDocumentBuf) -> Result<(Base, Document)> {
    let document = store.parse(raw, None)?;
    let subject = || store.subject(document.get(names::ID));
    let base = Base::of(&document, store.meta(), store.versions(), subject)?;
    Ok((base, document))
}

/// Reads the document that a revision without a snapshot stands for.
async fn read_base(
    store: &Store,
    kind: Kind,
    given: &Base,
    limit: Duration,
) -> Result<(Base, Document)> {
    let filter = match kind {
        Kind::Update | Kind::UpdateAny => filter(kind, given, None),
        // That it is deleted, or live, already is no mismatch.
        Kind::SoftDelete | Kind::Restore | Kind::Tombstone => filter(EITHER, given, None),
    };
    match store
        .find_on_primary(filter, limit, Some(&given.place.id))
        .await?
    {
        Some(raw) => whole(store, &raw),
        None => Err(mismatch_now(store, kind, given, limit).await?),
    }
}

/// Decides on the stored document, not on the caller's copy, that nothing is to be written.
async fn unchanged(
    store: &Store,
    kind: Kind,
    base: &Base,
    filter: Document,
    limit: Duration,
) -> Result<Performed> {
    /// More often than a document is not there at one look and there at the next.
    const LOOKS: u32 = 3;
    let mut looks = 0;
    loop {
        looks += 1;
        if let Some(raw) = store
            .find_on_primary(filter.clone(), limit, Some(&base.place.id))
            .await?
        {
            let document = Arc::new(raw);
            return Ok(Performed {
                document,
                outcome: Outcome::Unchanged,
                written: None,
            });
        }
        let error = mismatch_now(store, kind, base, limit).await?;
        // In the very state after all, and no condition of the caller's that could have failed.
        let would_match =
            matches!(error, Error::ConditionFailed(_)) && !filter.contains_key(CONDITION);
        if !would_match || looks >= LOOKS {
            return Err(error);
        }
    }
}

async fn mismatch_now(store: &Store, kind: Kind, base: &Base, limit: Duration) -> Result<Error> {
    let found = store.read_settled(&base.place, limit).await?;
    Ok(mismatch(store, kind, base, found))
}

fn condition(store: &Store, when: &[Node]) -> Result<Option<Document>, InvalidFilter> {
    match when {
        [] => Ok(None),
        nodes => {
            let all = with_aliases(store.meta(), &Node::All(nodes.to_vec()));
            render(&all).map(Some)
        }
    }
}

pub(crate) fn encoded(error: EncodeError) -> InvalidUpdate {
    InvalidUpdate::encode("", error)
}

pub(crate) fn refused(store: &Store, id: Option<&Bson>, error: InvalidUpdate) -> Error {
    error.of(store.subject(id)).hiding(store.meta()).into()
}

pub(crate) fn refused_filter(store: &Store, id: Option<&Bson>, error: InvalidFilter) -> Error {
    error.of(store.subject(id)).hiding(store.meta()).into()
}

impl From<Recorded> for Performed {
    fn from(recorded: Recorded) -> Self {
        let outcome = match (recorded.unwritten, recorded.landed.proof) {
            (Some(cause), _) => Outcome::WrittenWithoutEntry(cause),
            (None, Proof::Answered) => Outcome::Written,
            (None, Proof::Read) => Outcome::Settled { overtaken: false },
            (None, Proof::Overtaken) => Outcome::Settled { overtaken: true },
        };
        Performed {
            document: recorded.landed.document,
            outcome,
            written: Some((recorded.operation, recorded.version)),
        }
    }
}

impl Performed {
    /// The document for the caller. Where it does not decode, the write has been made all the
    /// same, and the error says so.
    pub(crate) fn into_stored<T: Versioned>(self, store: &Store) -> Result<Stored<T>> {
        match Stored::<T>::read(self.document, store.name()) {
            Ok(stored) => Ok(stored.with_outcome(self.outcome)),
            Err(Error::Decode(error)) => Err(match self.written {
                Some((operation, version)) => error.after_write(operation, version).into(),
                None => Error::Decode(error),
            }),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    pub(crate) fn document(&self) -> &Arc<RawDocumentBuf> {
        &self.document
    }

    pub(crate) fn written(&self) -> Option<(ObjectId, Version)> {
        self.written
    }
}
