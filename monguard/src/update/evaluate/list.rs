//! What becomes of a list.

use mongodb::bson::Bson;

use crate::error::InvalidReason;
use crate::filter::{Node, Order, matches};
use crate::update::{End, Keep, Push};
use crate::value::{compare, equal, kind_name};

/// The list with more elements; a missing one counts as empty.
pub(super) fn push(stored: Option<&Bson>, push: &Push) -> Result<Bson, InvalidReason> {
    let mut items = items(stored)?.unwrap_or_default().to_vec();
    let at = push.at.map_or(items.len(), |at| at.min(items.len()));
    items.splice(at..at, push.items.iter().cloned());
    if !push.sort.is_empty() {
        items.sort_by(|a, b| {
            let mut keys = push.sort.iter().map(|(path, order)| {
                let between = compare(key(a, path), key(b, path));
                match order {
                    Order::Ascending => between,
                    Order::Descending => between.reverse(),
                }
            });
            keys.find(|between| between.is_ne())
                .unwrap_or(std::cmp::Ordering::Equal)
        });
    }
    match push.keep {
        None => {}
        Some(Keep::First(most)) => items.truncate(most),
        Some(Keep::Last(most)) => {
            items.drain(..items.len().saturating_sub(most));
        }
    }
    Ok(Bson::Array(items))
}

/// The value that an element is sorted by. One that has none comes where null does.
fn key<'b>(item: &'b Bson, path: &str) -> &'b Bson {
    if path.is_empty() {
        return item;
    }
    let mut value = Some(item);
    for step in path.split('.') {
        value = match value {
            Some(Bson::Document(document)) => document.get(step),
            Some(Bson::Array(items)) => step.parse().ok().and_then(|i: usize| items.get(i)),
            _ => None,
        };
    }
    value.unwrap_or(&Bson::Null)
}

/// The list with those of the elements that it does not have; a missing one counts as empty.
pub(super) fn add_to_set(stored: Option<&Bson>, more: &[Bson]) -> Result<Bson, InvalidReason> {
    let mut items = items(stored)?.unwrap_or_default().to_vec();
    for item in more {
        if !items.iter().any(|there| equal(there, item)) {
            items.push(item.clone());
        }
    }
    Ok(Bson::Array(items))
}

/// The list without some elements, and with others.
pub(super) fn edit_set(
    stored: Option<&Bson>,
    gone: &[Bson],
    added: &[Bson],
) -> Result<Bson, InvalidReason> {
    let rest = pull(stored, gone)?;
    add_to_set(rest.as_ref().or(stored), added)
}

/// The list without the elements that equal one of `values`; `None` where there is no list.
pub(super) fn pull(stored: Option<&Bson>, values: &[Bson]) -> Result<Option<Bson>, InvalidReason> {
    without(stored, |item| {
        Ok(values.iter().any(|value| equal(value, item)))
    })
}

/// The list without the elements that meet the condition; `None` where there is no list.
pub(super) fn pull_matching(
    stored: Option<&Bson>,
    condition: &Node,
) -> Result<Option<Bson>, InvalidReason> {
    without(stored, |item| {
        matches(condition, item).map_err(|error| InvalidReason::Condition(error.reason().clone()))
    })
}

/// The list without an element of one end; `None` where there is no list.
pub(super) fn pop(stored: Option<&Bson>, end: End) -> Result<Option<Bson>, InvalidReason> {
    let Some(items) = items_or_null(stored)? else {
        return Ok(None);
    };
    let rest = match end {
        End::First => items.get(1..),
        End::Last => items.get(..items.len().saturating_sub(1)),
    };
    Ok(Some(Bson::Array(rest.unwrap_or_default().to_vec())))
}

fn without(
    stored: Option<&Bson>,
    mut goes: impl FnMut(&Bson) -> Result<bool, InvalidReason>,
) -> Result<Option<Bson>, InvalidReason> {
    let Some(items) = items_or_null(stored)? else {
        return Ok(None);
    };
    let mut rest = Vec::with_capacity(items.len());
    for item in items {
        if !goes(item)? {
            rest.push(item.clone());
        }
    }
    Ok(Some(Bson::Array(rest)))
}

/// Nothing can be taken from null.
fn items_or_null(stored: Option<&Bson>) -> Result<Option<&[Bson]>, InvalidReason> {
    items(stored.filter(|value| **value != Bson::Null))
}

fn items(stored: Option<&Bson>) -> Result<Option<&[Bson]>, InvalidReason> {
    match stored {
        None => Ok(None),
        Some(Bson::Array(items)) => Ok(Some(items)),
        Some(other) => Err(InvalidReason::NotAList(kind_name(other))),
    }
}
