use mongodb::bson::Bson;

use crate::field::{Number, NumberKind, Step};
use crate::value::EncodeError;

/// What happens at one path.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) path: Vec<Step>,
    pub(crate) operator: Operator,
}

/// How a value is changed.
#[derive(Clone, Debug)]
pub(crate) enum Operator {
    Set(Bson),
    Unset,
    Increment(Amount),
    Push(Bson),
    /// A value that could not be encoded; reported when the operation runs.
    Invalid(EncodeError),
}

/// What is added, and the type that the sum must fit into.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Amount {
    pub(crate) by: Number,
    pub(crate) kind: NumberKind,
}
