//! `inc` and `mul`: numbers stay in their Rust type.

use mongodb::bson::Bson;

use crate::error::InvalidReason;
use crate::field::{Number, NumberKind};
use crate::update::Amount;
use crate::value::{kind_name, whole};

/// The sum; a missing number counts as 0.
pub(super) fn add(stored: Option<&Bson>, amount: Amount) -> Result<Bson, InvalidReason> {
    computed(stored, amount, i128::checked_add, |a, b| a + b)
}

/// The product; a missing number counts as 0.
pub(super) fn multiply(stored: Option<&Bson>, amount: Amount) -> Result<Bson, InvalidReason> {
    computed(stored, amount, i128::checked_mul, |a, b| a * b)
}

fn computed(
    stored: Option<&Bson>,
    amount: Amount,
    exactly: fn(i128, i128) -> Option<i128>,
    as_floats: fn(f64, f64) -> f64,
) -> Result<Bson, InvalidReason> {
    let number = match stored {
        None => Number::Integer(0),
        Some(Bson::Int32(number)) => Number::Integer(i128::from(*number)),
        Some(Bson::Int64(number)) => Number::Integer(i128::from(*number)),
        Some(Bson::Double(number)) => Number::Float(*number),
        Some(other) => return Err(InvalidReason::NotANumber(kind_name(other))),
    };
    let kind = amount.kind.unwrap_or(match (number, amount.by) {
        (Number::Float(_), _) | (_, Number::Float(_)) => NumberKind::F64,
        _ => NumberKind::I64,
    });
    let out_of_range = || InvalidReason::OutOfRange(kind.name());
    let result = match (as_stored_by(kind, number), amount.by) {
        (Number::Integer(number), Number::Integer(by)) => {
            // An amount of a type of the caller's own may be any.
            Number::Integer(exactly(number, by).ok_or_else(out_of_range)?)
        }
        (number, by) => Number::Float(as_floats(as_float(number), as_float(by))),
    };
    let fits = match (amount.kind, stored) {
        (None, Some(Bson::Int32(_))) => NumberKind::I32.store(result),
        _ => None,
    };
    fits.or_else(|| kind.store(result)).ok_or_else(out_of_range)
}

/// JavaScript stores large integers as doubles: in a field of an integer type they are integers.
fn as_stored_by(kind: NumberKind, number: Number) -> Number {
    match number {
        Number::Float(float) if kind.is_integer() => {
            whole(float).map_or(number, |integer| Number::Integer(i128::from(integer)))
        }
        other => other,
    }
}

#[allow(clippy::cast_precision_loss)] // as adding it to a float in Rust would
fn as_float(number: Number) -> f64 {
    match number {
        Number::Integer(integer) => integer as f64,
        Number::Float(float) => float,
    }
}
