//! What every read has in common.

use std::time::Duration;

use mongodb::bson::{Bson, Document, RawDocumentBuf, doc};

use super::perform::{encoded, refused, refused_filter};
use crate::client::{Store, Writer};
use crate::document::{Stored, Versioned, names};
use crate::error::{Deleted, Error, InvalidRead, NotFound, Result};
use crate::filter::{Node, render, with_aliases};
use crate::value::encode_value;

/// Which documents a read shows beside the live ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shown {
    #[default]
    Live,
    /// Soft-deleted ones as well.
    Deleted,
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

/// An id as it is stored.
pub(super) fn encoded_id<T: Versioned>(writer: &Writer<T>, id: &T::Id) -> Result<Bson> {
    encode_value(id).map_err(|error| refused(writer.store(), None, encoded(error)))
}

/// Reads a document that is to be written, from the primary.
pub(super) async fn current<T: Versioned>(
    writer: &Writer<T>,
    id: &T::Id,
    limit: Option<Duration>,
) -> Result<Stored<T>> {
    let stored = current_or_deleted(writer, id, limit).await?;
    if stored.is_deleted() {
        let (store, id) = (writer.store(), encoded_id(writer, id)?);
        let version = crate::document::VersionKind::version(&stored.version());
        return Err(Deleted::new(store.subject(Some(&id)), version).into());
    }
    Ok(stored)
}

/// The same, soft-deleted or not.
pub(super) async fn current_or_deleted<T: Versioned>(
    writer: &Writer<T>,
    id: &T::Id,
    limit: Option<Duration>,
) -> Result<Stored<T>> {
    let store = writer.store();
    let limit = store.time_limit(limit);
    let id = encoded_id(writer, id)?;
    let filter = doc! { names::ID: { "$eq": id.clone() }, names::TOMBSTONE: { "$exists": false } };
    let found: Option<RawDocumentBuf> = store.find_on_primary(filter, limit, Some(&id)).await?;
    let Some(raw) = found else {
        return Err(NotFound::new(store.subject(Some(&id))).into());
    };
    Stored::<T>::read(raw.into(), store.name())
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
