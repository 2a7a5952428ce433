//! The state that a write is based on.

use std::time::Duration;

use mongodb::bson::{Document, RawDocumentBuf};

use super::undone::mismatch_now;
use crate::client::Store;
use crate::document::names;
use crate::error::Result;
use crate::guard::{Base, Kind, filter};

/// A kind of write that may be made whether the document is deleted or not.
pub(super) const EITHER: Kind = Kind::Tombstone;

/// The state of a snapshot, and the snapshot.
pub(super) fn whole(store: &Store, raw: &RawDocumentBuf) -> Result<(Base, Document)> {
    let document = store.parse(raw, None)?;
    let subject = || store.subject(document.get(names::ID));
    let base = Base::of(&document, store.meta(), store.versions(), subject)?;
    Ok((base, document))
}

/// Reads the document that a revision without a snapshot stands for.
pub(super) async fn read_base(
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
