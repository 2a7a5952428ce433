//! What a document may be, before it is sent.

use mongodb::bson::Bson;

use crate::client::Store;
use crate::error::{InvalidReason, InvalidUpdate};
use crate::value::Measure;

/// Refuses a document of this size that the server would not take, or that has no place of its own.
pub(super) fn check_size(store: &Store, id: &Bson, measure: Measure) -> Result<(), InvalidUpdate> {
    let limits = store.shared().capabilities.limits();
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
