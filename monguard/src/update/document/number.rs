//! Amounts of `$inc` and `$mul`.

use mongodb::bson::Bson;

use crate::field::Number;
use crate::update::Amount;

/// The amount; none, where it is no number that can be reckoned with here.
pub(super) fn amount(operand: &Bson) -> Option<Amount> {
    let by = match operand {
        Bson::Int32(by) => Number::Integer(i128::from(*by)),
        Bson::Int64(by) => Number::Integer(i128::from(*by)),
        Bson::Double(by) => Number::Float(*by),
        _ => return None,
    };
    Some(Amount { by, kind: None })
}
