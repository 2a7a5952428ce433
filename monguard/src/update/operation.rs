use std::fmt;
use std::sync::Arc;

use mongodb::bson::{Bson, DateTime};

use crate::error::InvalidUpdate;
use crate::field::{ElementFilter, MapKey, Number, NumberKind, Step};
use crate::filter::Order;
use crate::value::EncodeError;

/// What happens at one path.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) path: Vec<Step>,
    pub(crate) operator: Operator,
    /// Whether it was given in MongoDB's own words, so that no type vouches for its value.
    pub(crate) is_raw: bool,
}

/// How a value is changed.
#[derive(Clone, Debug)]
pub(crate) enum Operator {
    Set(Bson),
    Unset,
    Increment(Amount),
    Multiply(Amount),
    /// The lesser of the stored value and this; `None`: the value that serde leaves out.
    Min(Option<Bson>),
    /// The greater of the stored value and this.
    Max(Option<Bson>),
    CurrentDate(Clock),
    Push(Push),
    AddToSet(Vec<Bson>),
    Pull(Vec<Bson>),
    PullMatching(ElementFilter),
    Pop(End),
    RenameKey {
        from: MapKey,
        to: MapKey,
    },
    /// Takes elements out of a set and puts others into it.
    EditSet {
        gone: Vec<Bson>,
        added: Vec<Bson>,
    },
    /// Puts the element that the path ends at, which is the next one, into its list, or the value
    /// into its map.
    Appear(Bson),
    /// Takes the element that the path ends at out of its list.
    Vanish,
    /// Refuses another value than this.
    Hold(Option<Bson>),
    /// The document as it is: what a diff without changes comes to.
    Keep,
    /// A value that could not be encoded; reported when the operation runs.
    Invalid(EncodeError),
    /// An update in MongoDB's own words that was refused; reported when the operation runs.
    Refused(InvalidUpdate),
}

impl Operator {
    /// Whether it may leave the document without the field.
    pub(crate) fn may_remove(&self) -> bool {
        match self {
            Operator::Unset | Operator::Min(None) | Operator::CurrentDate(_) => true,
            Operator::Set(_)
            | Operator::Increment(_)
            | Operator::Multiply(_)
            | Operator::Min(Some(_))
            | Operator::Max(_)
            | Operator::Push(_)
            | Operator::AddToSet(_)
            | Operator::Pull(_)
            | Operator::PullMatching(_)
            | Operator::Pop(_)
            | Operator::RenameKey { .. }
            | Operator::EditSet { .. }
            | Operator::Appear(_)
            | Operator::Hold(_)
            | Operator::Vanish
            | Operator::Keep
            | Operator::Invalid(_)
            | Operator::Refused(_) => false,
        }
    }
}

/// What is added or multiplied by, and the type that the result must fit into.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Amount {
    pub(crate) by: Number,
    /// None, where it is not known: the result is stored as the server would store it.
    pub(crate) kind: Option<NumberKind>,
}

/// Writes the moment of the write as a field has it.
#[derive(Clone)]
pub(crate) struct Clock(pub(crate) Arc<Read>);

type Read = dyn Fn(DateTime) -> Result<Option<Bson>, EncodeError> + Send + Sync;

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// Elements to put into a list, and what becomes of the list then: first it is sorted, then cut.
#[derive(Clone, Debug, Default)]
pub(crate) struct Push {
    pub(crate) items: Vec<Bson>,
    /// In front of the element that is there now; else at the end.
    pub(crate) at: Option<usize>,
    /// Paths inside an element, or an empty one for the element itself.
    pub(crate) sort: Vec<(String, Order)>,
    pub(crate) keep: Option<Keep>,
}

/// Which elements of a list stay when it is cut.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Keep {
    First(usize),
    Last(usize),
}

/// An end of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    First,
    Last,
}
