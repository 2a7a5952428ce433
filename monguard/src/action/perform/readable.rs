//! No update leaves a document that its model cannot read.

use mongodb::bson::{Document, RawDocument};

use crate::document::{Excerpt, Versioned};
use crate::error::{InvalidReason, InvalidUpdate};
use crate::field::dotted;
use crate::update::Operation;
use crate::value::decode_document;

/// Whether a document reads as a value of the model.
pub(super) type Reads = fn(&RawDocument) -> bool;

pub(super) fn reads<T: Versioned>(document: &RawDocument) -> bool {
    decode_document::<T>(document).is_ok()
}

/// Refuses an update after which the document could not be read any more: one that removes a
/// field, or that no types vouch for.
pub(super) fn refuse_unreadable(
    operations: &[Operation],
    reads: Reads,
    before: &Excerpt,
    after: &Document,
) -> Result<(), InvalidUpdate> {
    let mut operations = operations.iter();
    let may_break = |operation: &&Operation| operation.is_raw || operation.operator.may_remove();
    let Some(operation) = operations.find(may_break) else {
        return Ok(());
    };
    let reads_with = |fields: &Document| {
        before
            .with(fields, None)
            .is_ok_and(|document| reads(&document))
    };
    if reads_with(after) || !reads_with(before.fields()) {
        return Ok(());
    }
    let reason = if operation.operator.may_remove() {
        InvalidReason::Required
    } else {
        InvalidReason::Unreadable
    };
    Err(InvalidUpdate::new(dotted(&operation.path), reason))
}
