//! What every write to an existing document has in common.

mod decoded;
mod performed;
mod readable;
mod state;
mod undone;

use std::sync::Arc;
use std::time::Duration;

use mongodb::bson::{Bson, DateTime, Document, RawDocumentBuf};
use tracing::Instrument;

use crate::client::{Author, Store};
use crate::document::{BasedOn, Excerpt, Place, Snapshot, Versioned, names};
use crate::error::{Error, InvalidFilter, InvalidUpdate, Result};
use crate::filter::{Node, render, with_aliases};
use crate::guard::{
    Base, Intent, Kind, Preview, Refused, Route, Seat, VersionedWrite, filter, kept_entries,
    make_room, moment,
};
use crate::update::{Operation, evaluate, merge};
use crate::value::EncodeError;

pub(crate) use decoded::perform_decoded;
pub(crate) use performed::Performed;
use readable::{Reads, reads, refuse_unreadable};
use state::{EITHER, excerpt, read_base};
pub(super) use undone::Undone;

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

/// What a write is based on.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// Boxed: it is moved from one future into the next.
    base: Result<Box<Base>, EncodeError>,
    snapshot: Option<Snapshot>,
}

impl Target {
    pub(crate) fn of<T: Versioned>(base: &impl BasedOn<T>) -> Self {
        Target {
            base: base.revision().base().map(Box::new),
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

/// Makes the write.
pub(crate) async fn perform(
    store: &Arc<Store>,
    author: &Author,
    target: Target,
    request: Request,
) -> Result<Performed> {
    perform_showing(store, author, target, request, None).await
}

async fn perform_showing(
    store: &Arc<Store>,
    author: &Author,
    target: Target,
    request: Request,
    preview: Option<Preview>,
) -> Result<Performed> {
    let span = tracing::debug_span!(
        "monguard.write",
        collection = %store.name(),
        operation = request.kind.name(),
        id = %target.id(),
        from = tracing::field::Empty,
        to = tracing::field::Empty,
    );
    run(store, author, target, request, preview)
        .instrument(span)
        .await
}

async fn run(
    store: &Arc<Store>,
    author: &Author,
    target: Target,
    request: Request,
    preview: Option<Preview>,
) -> Result<Performed> {
    match work_out(store, author, target, request).await? {
        Planned::Write(work) => work.write(preview).await,
        Planned::Done(done) => Box::pin(done.confirm(store)).await,
    }
}

/// What a request comes to before anything is sent.
pub(super) enum Planned<'a> {
    Write(Box<Work<'a>>),
    /// The document is soft-deleted, or live, already.
    Done(Box<Undone>),
}

/// Works out the write, over the caller's snapshot or the document as it is read now.
pub(super) async fn work_out<'a>(
    store: &'a Arc<Store>,
    author: &'a Author,
    target: Target,
    request: Request,
) -> Result<Planned<'a>> {
    let limit = store.time_limit(request.limit);
    let given = target
        .base
        .map_err(|error| refused(store, None, encoded(error)))?;
    let id = given.place.id.clone();
    let condition =
        condition(store, &request.when).map_err(|error| refused_filter(store, Some(&id), error))?;
    let state = match target.snapshot {
        Some(snapshot) => excerpt(store, &snapshot, &request)?,
        None => Box::pin(read_base(store, &request, &given, limit)).await?,
    };
    plan(store, author, state, condition, &request)
}

/// Works out the write over a document that was just read.
pub(super) fn work_out_over<'a>(
    store: &'a Arc<Store>,
    author: &'a Author,
    raw: Arc<RawDocumentBuf>,
    request: &Request,
) -> Result<Planned<'a>> {
    plan(
        store,
        author,
        excerpt(store, &raw.into(), request)?,
        None,
        request,
    )
}

fn plan<'a>(
    store: &'a Arc<Store>,
    author: &'a Author,
    (base, before): (Base, Excerpt),
    condition: Option<Document>,
    request: &Request,
) -> Result<Planned<'a>> {
    let limit = store.time_limit(request.limit);
    let refuse = |error| refused(store, Some(&base.place.id), error);
    tracing::Span::current().record("from", tracing::field::display(base.shown));
    let at = moment(&base, store.versions());
    let fields = match &request.plan {
        Plan::Operators(operations, reads) => {
            let fields = evaluate(store.meta(), before.fields(), operations, at).map_err(refuse)?;
            refuse_unreadable(operations, *reads, &before, &fields).map_err(refuse)?;
            fields
        }
        Plan::Replacement(value) => merge(store.meta(), before.fields(), value).map_err(refuse)?,
        Plan::Stamps => before.fields().clone(),
    };
    let is_done = match request.kind {
        Kind::SoftDelete => before.fields().contains_key(names::DELETED_AT),
        Kind::Restore => !before.fields().contains_key(names::DELETED_AT),
        Kind::Update | Kind::UpdateAny | Kind::Tombstone => false,
    };
    if is_done {
        // In this very state it is deleted, or live, as asked: nothing but the condition can fail.
        return Ok(Planned::Done(Box::new(Undone {
            kind: EITHER,
            filter: filter(EITHER, &base, condition.as_ref()),
            base,
            limit,
        })));
    }
    Ok(Planned::Write(Box::new(Work {
        store,
        author,
        kind: request.kind,
        state: (base, before),
        fields,
        at,
        condition,
        limit,
    })))
}

/// A write whose fields are worked out.
pub(super) struct Work<'a> {
    store: &'a Arc<Store>,
    author: &'a Author,
    kind: Kind,
    state: (Base, Excerpt),
    /// What the document is to be, as far as the write looks at it.
    fields: Document,
    at: DateTime,
    condition: Option<Document>,
    limit: Duration,
}

impl Work<'_> {
    async fn write(mut self: Box<Self>, mut preview: Option<Preview>) -> Result<Performed> {
        /// More often than documents of one value were deleted in consecutive milliseconds.
        const MOST_MOMENTS: u32 = 64;
        let mut moments = 1;
        loop {
            let Some(write) = self.prepare(Seat::Own).await? else {
                return Box::pin(self.undone().confirm(self.store)).await;
            };
            match write.commit(preview.take()).await {
                Err(Error::DuplicateKey(error))
                    if self.kind.met_its_moment(&error) && moments < MOST_MOMENTS =>
                {
                    self.move_on();
                    moments += 1;
                }
                done => return done.map(Performed::from),
            }
        }
    }

    /// Makes the write again, a moment later, where it met what [`Work::write`] gets past;
    /// otherwise the error stands.
    pub(super) async fn write_after(mut self: Box<Self>, error: Error) -> Result<Performed> {
        match error {
            Error::DuplicateKey(error) if self.kind.met_its_moment(&error) => {
                self.move_on();
                self.write(None).await
            }
            error => Err(error),
        }
    }

    /// To the next moment.
    fn move_on(&mut self) {
        self.at = DateTime::from_millis(self.at.timestamp_millis().saturating_add(1));
    }

    /// The write, ready to be sent: the entry is worked out, and there is room for it, or will be
    /// in the batch. `None` where it would change nothing.
    pub(super) async fn prepare(&self, seat: Seat) -> Result<Option<Arc<VersionedWrite>>> {
        let Some(intent) = self.intent()? else {
            return Ok(None);
        };
        tracing::Span::current().record("to", tracing::field::display(intent.version.shown));
        let (store, limit) = (self.store, self.limit);
        let route = Route::open(store, seat).await?;
        if route.is_carried() {
            self.keep_to_the_limit(seat).await?;
        }
        let (base, before) = &self.state;
        let write = VersionedWrite::new(store.clone(), self.author, intent, route, limit);
        let write = match write {
            // Without what it carries, it may well fit.
            Err(refused) if refused.error.is_too_large() && kept_entries(store, before) > 0 => {
                let outside = store.outside();
                Box::pin(make_room(&outside, &base.place, before, 1, limit)).await?;
                let route = Route::open(store, seat).await?;
                VersionedWrite::new(store.clone(), self.author, *refused.intent, route, limit)
            }
            write => write,
        };
        write
            .map(Some)
            .map_err(|Refused { error, .. }| self.refuse(error))
    }

    /// Brings what the document carries to the log, if that is as much as it may.
    async fn keep_to_the_limit(&self, seat: Seat) -> Result<()> {
        let (store, (base, before)) = (self.store, &self.state);
        let (shared, most) = (store.shared(), store.shared().settings.carried_entries);
        if before.trail().is_ok_and(|trail| trail.len() < most) {
            return Ok(());
        }
        let kept = kept_entries(store, before);
        if kept < most {
            return Ok(());
        }
        if seat == Seat::BatchThatWaited && shared.relay.is_failing() {
            let subject = store.subject(Some(&base.place.id));
            return Err(shared.relay.document_is_full(subject, kept, None).into());
        }
        // Boxed, like all that few writes come to: every write is as large as the largest of it.
        Box::pin(make_room(store, &base.place, before, most, self.limit)).await
    }

    /// That there is nothing to write.
    pub(super) fn undone(&self) -> Box<Undone> {
        let (base, _) = &self.state;
        Box::new(Undone {
            kind: self.kind,
            filter: filter(self.kind, base, self.condition.as_ref()),
            base: base.clone(),
            limit: self.limit,
        })
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
