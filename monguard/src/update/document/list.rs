//! Operands of the operators for lists.

use mongodb::bson::{Bson, Document};

use super::path::refuse_name;
use super::{Translated, known};
use crate::document::Scope;
use crate::error::{InvalidReason, InvalidUpdate};
use crate::field::ElementFilter;
use crate::filter::{Order, check_element_document, parse_element};
use crate::update::{End, Keep, Operator, Push};
use crate::value::whole;

/// `value`, or `{ $each: [..], $position: 0, $slice: -5, $sort: 1 }`.
pub(super) fn push(scope: Scope<'_>, path: &str, operand: Bson) -> Translated<Push> {
    let mut push = Push::default();
    let mut modifiers = match operand {
        Bson::Document(modifiers) if modifiers.contains_key("$each") => modifiers,
        value => {
            push.items = vec![known(scope.element(), path, value)?];
            return Ok(push);
        }
    };
    if let Some(values) = modifiers.remove("$each") {
        push.items = listed(scope, path, values)?;
    }
    let refuse = || InvalidUpdate::new(path, InvalidReason::Operand);
    for (modifier, value) in modifiers {
        match modifier.as_str() {
            // From the end is another place in every document.
            "$position" => push.at = Some(count(&value).ok_or_else(refuse)?),
            "$slice" => push.keep = Some(keep(&value).ok_or_else(refuse)?),
            "$sort" => push.sort = sort(scope, path, &value)?,
            _ => return Err(refuse()),
        }
    }
    Ok(push)
}

/// `value`, or `{ $each: [..] }`.
pub(super) fn each(scope: Scope<'_>, path: &str, operand: Bson) -> Translated<Vec<Bson>> {
    match operand {
        Bson::Document(mut modifiers) if modifiers.contains_key("$each") => {
            let values = modifiers.remove("$each").unwrap_or(Bson::Null);
            if !modifiers.is_empty() {
                return Err(InvalidUpdate::new(path, InvalidReason::Operand));
            }
            listed(scope, path, values)
        }
        value => Ok(vec![known(scope.element(), path, value)?]),
    }
}

fn listed(scope: Scope<'_>, path: &str, values: Bson) -> Translated<Vec<Bson>> {
    let Bson::Array(values) = values else {
        return Err(InvalidUpdate::new(path, InvalidReason::Operand));
    };
    values
        .into_iter()
        .map(|value| known(scope.element(), path, value))
        .collect()
}

/// A value, or a condition: operators on the element, or a document of conditions on its fields.
pub(super) fn pull(scope: Scope<'_>, path: &str, operand: Bson) -> Translated<Operator> {
    let Bson::Document(condition) = operand else {
        return match operand {
            Bson::RegularExpression(_) => {
                let reason = InvalidReason::NotOnClient("`pull_matching`, or `modify`");
                Err(InvalidUpdate::new(path, reason))
            }
            value => Ok(Operator::Pull(vec![value])),
        };
    };
    let refuse = |reason| InvalidUpdate::new(path, InvalidReason::Condition(reason));
    check_element_document(scope.element(), &condition)
        .map_err(|error| refuse(error.reason().clone()))?;
    let condition = parse_element(&condition).map_err(|error| refuse(error.reason().clone()))?;
    Ok(Operator::PullMatching(ElementFilter::new(condition)))
}

/// `1` for the last element, `-1` for the first.
pub(super) fn end(operand: &Bson) -> Option<End> {
    match integer(operand)? {
        1 => Some(End::Last),
        -1 => Some(End::First),
        _ => None,
    }
}

fn keep(value: &Bson) -> Option<Keep> {
    let most = usize::try_from(integer(value)?.unsigned_abs()).ok()?;
    Some(if integer(value)? < 0 {
        Keep::Last(most)
    } else {
        Keep::First(most)
    })
}

fn count(value: &Bson) -> Option<usize> {
    usize::try_from(integer(value)?).ok()
}

fn integer(value: &Bson) -> Option<i64> {
    match value {
        Bson::Int32(integer) => Some(i64::from(*integer)),
        Bson::Int64(integer) => Some(*integer),
        Bson::Double(double) => whole(*double),
        _ => None,
    }
}

/// `1` or `-1` for the elements themselves, or a document of paths inside an element.
fn sort(scope: Scope<'_>, path: &str, value: &Bson) -> Translated<Vec<(String, Order)>> {
    let keys = match value {
        Bson::Document(keys) => keys.clone(),
        direction => Document::from_iter([(String::new(), direction.clone())]),
    };
    let order = |direction: &Bson| match integer(direction) {
        Some(1) => Ok(Order::Ascending),
        Some(-1) => Ok(Order::Descending),
        _ => Err(InvalidUpdate::new(path, InvalidReason::Operand)),
    };
    keys.into_iter()
        .map(|(key, direction)| {
            if !key.is_empty() {
                let followed = scope.element().follow(&key);
                followed.map_err(|name| refuse_name(name.below(path)))?;
            }
            Ok((key, order(&direction)?))
        })
        .collect()
}
