use mongodb::bson::{Bson, Document};

use crate::error::InvalidFilter;
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

/// Where in a string a text is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextPlace {
    Start,
    End,
    Anywhere,
}

/// A condition, without the model it belongs to.
///
/// The path is dotted, in stored names. It is empty where the condition is on an element of a list
/// itself.
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
    /// Null, and not absent.
    IsNull {
        path: String,
    },
    Text {
        path: String,
        place: TextPlace,
        text: String,
    },
    /// A regular expression of the server's.
    Regex {
        path: String,
        pattern: String,
        options: String,
    },
    /// A list of so many elements.
    Size {
        path: String,
        size: u32,
    },
    /// A list with an element that meets the condition, whose paths begin at the element.
    ElemMatch {
        path: String,
        element: Box<Node>,
    },
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    /// A condition in MongoDB's own words, checked against the model.
    Document(Document),
    /// A value that could not be encoded; reported when the operation runs.
    Invalid {
        path: String,
        error: EncodeError,
    },
    /// A condition that was refused; reported when the operation runs.
    Refused(InvalidFilter),
}
