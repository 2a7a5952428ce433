//! What the operators make of a stored document.
//!
//! The new values are computed here and written as they are, so that what the audit trail says is
//! what was stored, and so that no number leaves its Rust type.

mod list;
mod map;
mod number;
mod overlap;
mod place;
mod resolve;

use std::cmp::Ordering;

use mongodb::bson::{Bson, DateTime, Document};

pub(super) use self::place::other_names;
use self::place::{Slot, Turn, shown};
use super::{Operation, Operator};
use crate::document::Meta;
use crate::error::{InvalidReason, InvalidUpdate};
use crate::value::{EncodeError, compare, equal};

/// The document that the operations make of the stored one, at this moment.
pub(crate) fn evaluate(
    meta: &Meta,
    stored: &Document,
    operations: &[Operation],
    at: DateTime,
) -> Result<Document, InvalidUpdate> {
    if operations.is_empty() {
        return Err(InvalidUpdate::new("", InvalidReason::Empty));
    }
    for operation in operations {
        if let Operator::Refused(error) = &operation.operator {
            return Err(error.clone());
        }
    }
    overlap::refuse_certain(operations)?;
    let mut places = Vec::new();
    let is_kept = |operation: &&Operation| matches!(operation.operator, Operator::Keep);
    for operation in operations.iter().filter(|operation| !is_kept(operation)) {
        for turns in resolve::resolve(meta, stored, operation)? {
            places.push((turns, operation));
        }
    }
    overlap::refuse(&places)?;
    // The last elements of a list first, and after everything else: indexes are those of the
    // stored document.
    let (mut vanishing, staying): (Vec<_>, Vec<_>) = places
        .into_iter()
        .partition(|(_, operation)| matches!(operation.operator, Operator::Vanish));
    vanishing.sort_by(|(a, _), (b, _)| b.cmp(a));
    let mut document = stored.clone();
    for (turns, operation) in staying.into_iter().chain(vanishing) {
        apply(meta, &mut document, &turns, &operation.operator, at)?;
    }
    Ok(document)
}

fn apply(
    meta: &Meta,
    document: &mut Document,
    turns: &[Turn<'_>],
    operator: &Operator,
    at: DateTime,
) -> Result<(), InvalidUpdate> {
    let invalid = |error: &EncodeError| InvalidUpdate::encode(shown(turns), error.clone());
    let refuse = |reason| InvalidUpdate::new(shown(turns), reason);
    let place = match (operator, turns.split_last()) {
        (Operator::Appear(_) | Operator::Vanish, Some((_, whole))) => whole,
        _ => turns,
    };
    let last = turns.last().copied();
    let slot = Slot::reach(meta, document, place).map_err(refuse)?;
    let written = match operator {
        Operator::Set(value) => slot.change(|_| Ok(Some(value.clone()))),
        Operator::Increment(amount) => slot.change(|it| number::add(it, *amount).map(Some)),
        Operator::Multiply(amount) => slot.change(|it| number::multiply(it, *amount).map(Some)),
        // What serde leaves out is less than any value.
        Operator::Unset | Operator::Min(None) => slot.remove(),
        Operator::Max(None) => slot.change(|_| Ok(None)),
        Operator::Min(Some(value)) => slot.change(|it| Ok(closer(value, Ordering::Less, it))),
        Operator::Max(Some(value)) => slot.change(|it| Ok(closer(value, Ordering::Greater, it))),
        Operator::CurrentDate(clock) => match (clock.0)(at) {
            Ok(Some(value)) => slot.change(|_| Ok(Some(value))),
            Ok(None) => slot.remove(),
            Err(error) => return Err(invalid(&error)),
        },
        Operator::Push(push) => slot.change(|it| list::push(it, push).map(Some)),
        Operator::AddToSet(items) => slot.change(|it| list::add_to_set(it, items).map(Some)),
        Operator::Pull(values) => slot.change(|it| list::pull(it, values)),
        Operator::PullMatching(condition) => {
            let condition = condition.on(place::element_shape(meta, turns));
            slot.change(|it| list::pull_matching(it, &condition))
        }
        Operator::Pop(end) => slot.change(|it| list::pop(it, *end)),
        Operator::RenameKey { from, to } => {
            let from = from.name().map_err(|_| refuse(InvalidReason::Key))?;
            let to = to.name().map_err(|_| refuse(InvalidReason::Key))?;
            slot.change(|it| map::rename_key(it, from, to).map(Some))
        }
        Operator::EditSet { gone, added } => {
            slot.change(|it| list::edit_set(it, gone, added).map(Some))
        }
        Operator::Appear(value) => slot.appear(last, value.clone()),
        Operator::Vanish => slot.vanish(last),
        Operator::Hold(value) => slot.change(|it| hold(it, value.as_ref())),
        // The whole update was refused for it.
        Operator::Refused(error) => return Err(error.clone()),
        Operator::Keep => Ok(()),
        Operator::Invalid(error) => return Err(invalid(error)),
    };
    written.map_err(refuse)
}

/// `value`, where the stored one is missing or on the other side of it.
fn closer(value: &Bson, side: Ordering, stored: Option<&Bson>) -> Option<Bson> {
    let wins = stored.is_none_or(|stored| compare(value, stored) == side);
    wins.then(|| value.clone())
}

/// Nothing to write, where the stored value is this one already.
fn hold(stored: Option<&Bson>, value: Option<&Bson>) -> Result<Option<Bson>, InvalidReason> {
    let is_held = match (stored, value) {
        (Some(stored), Some(value)) => equal(stored, value),
        (stored, value) => stored.is_none() && value.is_none(),
    };
    if is_held {
        Ok(None)
    } else {
        Err(InvalidReason::Immutable)
    }
}

#[cfg(test)]
mod tests;
