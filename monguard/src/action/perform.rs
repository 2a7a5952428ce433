//! What every write to an existing document has in common.

use std::sync::Arc;
use std::time::Duration;

use mongodb::bson::{Bson, Document, RawDocumentBuf, oid::ObjectId};
use tracing::Instrument;

use crate::audit::Recorded;
use crate::client::{Author, Store};
use crate::document::{BasedOn, Outcome, Place, Stored, Version, Versioned, names};
use crate::error::{Error, InvalidUpdate, Result};
use crate::filter::{Node, render};
use crate::guard::{Base, CONDITION, Intent, Kind, Proof, VersionedWrite, filter, mismatch};
use crate::update::{Operation, evaluate, merge};
use crate::value::EncodeError;

/// What a write makes of the document that it is based on.
#[derive(Clone, Debug)]
pub(crate) enum Plan {
    /// What the operators of an update make of it.
    Operators(Vec<Operation>),
    /// Another value of the whole model, as serde writes it.
    Replacement(Document),
    /// Its fields stay; only what monguard owns is written.
    Stamps,
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
    let condition = condition(&request.when).map_err(refuse)?;
    let (base, before) = match target.snapshot {
        Some(raw) => whole(store, &raw)?,
        None => read_base(store, request.kind, &given, limit).await?,
    };
    tracing::Span::current().record("from", tracing::field::display(base.shown));
    let fields = match &request.plan {
        Plan::Operators(operations) => {
            evaluate(store.meta(), &before, operations).map_err(refuse)?
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
    let (actor, versions) = (&author.actor, store.versions());
    let unchanged_filter = filter(request.kind, &base, condition.as_ref());
    let intent = Intent::work_out(
        request.kind,
        (base.clone(), before),
        fields,
        condition.as_ref(),
        actor,
        versions,
    );
    let Some(intent) = intent.map_err(refuse)? else {
        return unchanged(store, request.kind, &base, unchanged_filter, limit).await;
    };
    tracing::Span::current().record("to", tracing::field::display(intent.version.shown));
    let write = VersionedWrite::new(store.clone(), author, intent, limit).map_err(refuse)?;
    write.commit().await.map(Performed::from)
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

fn condition(when: &[Node]) -> Result<Option<Document>, InvalidUpdate> {
    match when {
        [] => Ok(None),
        nodes => render(&Node::All(nodes.to_vec())).map(Some),
    }
}

pub(crate) fn encoded(error: EncodeError) -> InvalidUpdate {
    InvalidUpdate::encode("", error)
}

pub(crate) fn refused(store: &Store, id: Option<&Bson>, error: InvalidUpdate) -> Error {
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
