//! An update in MongoDB's own words, as operations.

mod list;
mod number;
mod path;

use std::sync::Arc;

use mongodb::bson::{Bson, DateTime, Document};

use self::path::{Place, place_of, refuse_name};
use super::{Clock, Operation, Operator};
use crate::document::{Meta, Scope};
use crate::error::{InvalidReason, InvalidUpdate};
use crate::field::MapKey;

type Translated<T> = Result<T, InvalidUpdate>;

/// The operations of an update document.
pub(crate) fn operations_of(meta: &Meta, update: Document) -> Translated<Vec<Operation>> {
    if update.is_empty() {
        return Err(InvalidUpdate::new("", InvalidReason::Empty));
    }
    let mut operations = Vec::new();
    for (operator, operands) in update {
        refuse_operator(&operator)?;
        let Bson::Document(operands) = operands else {
            return Err(InvalidUpdate::new(operator, InvalidReason::Operand));
        };
        for (path, operand) in operands {
            operations.push(operation(meta, &operator, &path, operand)?);
        }
    }
    Ok(operations)
}

/// Refuses what is no operator, and operators that are not applied here.
fn refuse_operator(operator: &str) -> Translated<()> {
    let instead = match operator {
        "$set" | "$unset" | "$inc" | "$mul" | "$min" | "$max" | "$push" | "$addToSet" | "$pull"
        | "$pullAll" | "$pop" | "$rename" | "$currentDate" => return Ok(()),
        "$setOnInsert" => "`create`, since an update inserts nothing",
        "$bit" => "`$set`, with the value worked out in `modify`",
        "$pushAll" => "`$push` with `$each`",
        operator if operator.starts_with('$') => "`$set`",
        _ => return Err(InvalidUpdate::new(operator, InvalidReason::NoOperator)),
    };
    let reason = InvalidReason::NotOnClient(instead);
    Err(InvalidUpdate::new(operator, reason))
}

fn operation(meta: &Meta, operator: &str, path: &str, operand: Bson) -> Translated<Operation> {
    let Place { steps, scope } = place_of(meta, path)?;
    let refuse = || InvalidUpdate::new(path, InvalidReason::Operand);
    let operator = match operator {
        "$set" => Operator::Set(known(scope, path, operand)?),
        "$unset" => Operator::Unset,
        "$inc" => Operator::Increment(number::amount(&operand).ok_or_else(refuse)?),
        "$mul" => Operator::Multiply(number::amount(&operand).ok_or_else(refuse)?),
        "$min" => Operator::Min(Some(known(scope, path, operand)?)),
        "$max" => Operator::Max(Some(known(scope, path, operand)?)),
        "$push" => Operator::Push(list::push(scope, path, operand)?),
        "$addToSet" => Operator::AddToSet(list::each(scope, path, operand)?),
        "$pull" => list::pull(scope, path, operand)?,
        "$pullAll" => match operand {
            Bson::Array(values) => Operator::Pull(values),
            _ => return Err(refuse()),
        },
        "$pop" => Operator::Pop(list::end(&operand).ok_or_else(refuse)?),
        "$rename" => return rename(meta, path, &operand),
        _ => Operator::CurrentDate(clock(&operand).ok_or_else(refuse)?),
    };
    Ok(Operation {
        path: steps,
        operator,
        is_raw: true,
    })
}

/// The value, if all names in it are the model's.
fn known(scope: Scope<'_>, path: &str, value: Bson) -> Translated<Bson> {
    scope.check_value(path, &value).map_err(refuse_name)?;
    Ok(value)
}

fn clock(operand: &Bson) -> Option<Clock> {
    let is_date = match operand {
        Bson::Boolean(is_set) => *is_set,
        Bson::Document(kind) => {
            kind.len() == 1 && kind.get_str("$type").is_ok_and(|name| name == "date")
        }
        _ => false,
    };
    is_date.then(|| Clock(Arc::new(|at: DateTime| Ok(Some(Bson::DateTime(at))))))
}

/// Another key for a value of a map. A field of a struct has no other name.
fn rename(meta: &Meta, from: &str, to: &Bson) -> Translated<Operation> {
    let refuse = |reason| InvalidUpdate::new(from, reason);
    let to = to.as_str().ok_or_else(|| refuse(InvalidReason::Operand))?;
    place_of(meta, to)?;
    let keys = (from.rsplit_once('.'), to.rsplit_once('.'));
    let (Some((map, from_key)), Some((other, to_key))) = keys else {
        return Err(refuse(InvalidReason::NotAKey));
    };
    let place = place_of(meta, map)?;
    if map != other || !place.is_map() {
        return Err(refuse(InvalidReason::NotAKey));
    }
    Ok(Operation {
        path: place.steps,
        operator: Operator::RenameKey {
            from: MapKey::of(&from_key),
            to: MapKey::of(&to_key),
        },
        is_raw: true,
    })
}

#[cfg(test)]
mod tests;
