//! The state that a write is based on.

use std::time::Duration;

use super::undone::mismatch_now;
use super::{Plan, Request};
use crate::audit::Form;
use crate::client::Store;
use crate::document::{Excerpt, Snapshot, names};
use crate::error::Result;
use crate::guard::{Base, Kind, filter};
use crate::update::Touched;

/// A kind of write that may be made whether the document is deleted or not.
pub(super) const EITHER: Kind = Kind::Tombstone;

/// The state of a snapshot, and what the write looks at of it.
pub(super) fn excerpt(
    store: &Store,
    snapshot: &Snapshot,
    request: &Request,
) -> Result<(Base, Excerpt)> {
    let excerpt = match touched(store, request) {
        None => Excerpt::of_all(snapshot),
        Some(touched) => Excerpt::of(snapshot, |name| touched.has(name)),
    };
    let excerpt = excerpt.map_err(|error| store.undecodable(None, error))?;
    let document = excerpt.fields();
    let subject = || store.subject(document.get(names::ID));
    let base = Base::of(document, store.meta(), store.versions(), subject)?;
    Ok((base, excerpt))
}

/// The fields that a write looks at; `None` where that may be any.
fn touched<'r>(store: &'r Store, request: &'r Request) -> Option<Touched<'r>> {
    match &request.plan {
        Plan::Operators(operations, _) if store.audit().form() == Form::Delta => {
            Touched::by(store.meta(), store.versions().field(), operations)
        }
        // An image is of all of them.
        Plan::Operators(..) | Plan::Replacement(_) | Plan::Stamps => None,
    }
}

/// Reads the document that a revision without a snapshot stands for.
pub(super) async fn read_base(
    store: &Store,
    request: &Request,
    given: &Base,
    limit: Duration,
) -> Result<(Base, Excerpt)> {
    let kind = request.kind;
    let filter = match kind {
        Kind::Update | Kind::UpdateAny => filter(kind, given, None),
        // That it is deleted, or live, already is no mismatch.
        Kind::SoftDelete | Kind::Restore | Kind::Tombstone => filter(EITHER, given, None),
    };
    match store
        .find_on_primary(filter, limit, Some(&given.place.id))
        .await?
    {
        Some(raw) => excerpt(store, &raw.into(), request),
        None => Err(mismatch_now(store, kind, given, limit).await?),
    }
}
