use mongodb::bson::Bson;

use crate::value::EncodeError;

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Eq,
    Ne,
    Gt,
    Gte,
    Lt,
    Lte,
}

/// A condition, without the model it belongs to.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Compare {
        path: String,
        comparison: Comparison,
        value: Bson,
    },
    In {
        path: String,
        values: Vec<Bson>,
    },
    Presence {
        path: String,
        present: bool,
    },
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    /// A value that could not be encoded; reported when the operation runs.
    Invalid {
        path: String,
        error: EncodeError,
    },
}
