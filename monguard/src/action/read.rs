//! What every read has in common.

use std::time::Duration;

use mongodb::bson::{Bson, Document, RawDocumentBuf, doc};

use super::perform::{encoded, refused, refused_filter};
use crate::client::{Store, Writer};
use crate::document::{Place, Stored, Versioned, names};
use crate::error::{Deleted, Error, InvalidRead, NotFound, Result};
use crate::filter::{Node, render, with_aliases};
use crate::guard::Kind;

/// Which documents a read shows, or an update may be made to, beside the live ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shown {
    #[default]
    Live,
    /// Soft-deleted ones as well.
    Deleted,
}

impl Shown {
    /// The kind of update of such documents.
    pub(super) fn update(self) -> Kind {
        match self {
            Shown::Live => Kind::Update,
            Shown::Deleted => Kind::UpdateAny,
        }
    }
}

/// The filter of a read. No read shows a tombstone.
pub(super) fn read_filter(store: &Store, node: &Node, shown: Shown) -> Result<Document> {
    let node = with_aliases(store.meta(), node);
    let condition = render(&node).map_err(|error| refused_filter(store, None, error))?;
    let mut filter = doc! { names::TOMBSTONE: { "$exists": false } };
    if shown == Shown::Live {
        filter.insert(names::DELETED_AT, doc! { "$exists": false });
    }
    if !condition.is_empty() {
        filter.insert("$and", vec![condition]);
    }
    Ok(filter)
}

/// Where the document is that is found by this.
pub(super) fn place_of<T: Versioned>(store: &Store, locator: &T::Locator) -> Result<Place> {
    T::place(locator).map_err(|error| refused(store, None, encoded(error)))
}

/// Reads a document that is to be written, from the primary.
///
/// # Errors
/// [`Deleted`] where it is soft-deleted and only live documents are meant.
pub(super) async fn current<T: Versioned>(
    writer: &Writer<T>,
    place: &Place,
    shown: Shown,
    limit: Option<Duration>,
) -> Result<Stored<T>> {
    let store = writer.store();
    let limit = store.time_limit(limit);
    let id = &place.id;
    let mut filter = doc! { names::ID: { "$eq": id.clone() } };
    filter.extend(place.shard_key_filter());
    filter.insert(names::TOMBSTONE, doc! { "$exists": false });
    let found: Option<RawDocumentBuf> = store.find_on_primary(filter, limit, Some(id)).await?;
    let Some(raw) = found else {
        return Err(NotFound::new(store.subject(Some(id))).into());
    };
    let stored = Stored::<T>::read(raw, store.name())?;
    if shown == Shown::Live && stored.is_deleted() {
        let version = crate::document::VersionKind::version(&stored.version());
        return Err(Deleted::new(store.subject(Some(id)), version).into());
    }
    Ok(stored)
}

/// That a read was refused before it was sent.
pub(super) fn refused_read(store: &Store, error: InvalidRead) -> Error {
    error.of(store.subject(None)).into()
}

/// The span of a read of many documents, or of one that is not known by its id.
pub(super) fn read_span(store: &Store, operation: &'static str) -> tracing::Span {
    read_span_of(store, operation, None)
}

/// The span of a read.
pub(super) fn read_span_of(
    store: &Store,
    operation: &'static str,
    id: Option<&Bson>,
) -> tracing::Span {
    let id = id.map(tracing::field::display);
    tracing::debug_span!("monguard.read", collection = %store.name(), operation, id)
}
