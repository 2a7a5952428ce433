//! What a document may be, before it is sent.

use mongodb::bson::{Bson, Document};

use crate::client::Store;
use crate::document::names;
use crate::error::{InvalidReason, InvalidUpdate};
use crate::value::Measure;

/// Refuses a document that the server would not take, or that has no place of its own. `trail`:
/// what it carries, where that is not in it.
pub(super) fn check_size(
    store: &Store,
    id: &Bson,
    document: &Document,
    trail: Option<&Bson>,
) -> Result<(), InvalidUpdate> {
    let limits = store.shared().capabilities.limits();
    let mut measure = Measure::of_document(document);
    if let Some(trail) = trail {
        measure = measure.with_field(names::AUDIT, trail);
    }
    let reason = if store.is_in_the_log() {
        InvalidReason::InTheLog
    } else if measure.bytes > limits.document_bytes {
        InvalidReason::TooLarge(measure.bytes, limits.document_bytes)
    } else if measure.depth > limits.document_depth {
        InvalidReason::TooDeep(measure.depth, limits.document_depth)
    } else {
        return Ok(());
    };
    Err(InvalidUpdate::new("", reason).of(store.subject(Some(id))))
}
