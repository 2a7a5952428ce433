//! An update, built operator by operator: a file for each family of them.

mod apply;
mod draft;
mod lists;
mod maps;
mod numbers;
mod placement;
mod raw;
mod values;

use std::fmt;
use std::marker::PhantomData;

use mongodb::bson::{Bson, Document};

use super::{Operation, Operator};
use crate::document::Versioned;
use crate::field::{EncodeError, Step, dotted_without_keys};
use crate::filter::{Filter, Node};

pub use draft::IntoDraft;
pub use placement::Placement;

/// What an update changes: operators, and conditions of the caller's own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    pub(crate) operations: Vec<Operation>,
    pub(crate) when: Vec<Node>,
}

/// An update inside `modify`: values only, written by the action that runs the closure.
#[derive(Clone, Copy, Debug, Default)]
pub struct Draft;

/// An update of one document of the model `T`.
///
/// `On` says what it is based on: a version ([`Writer::update`](crate::Writer::update)), the latest
/// version ([`Writer::update_latest`](crate::Writer::update_latest)), or, as [`Draft`], whatever
/// [`Writer::modify`](crate::Writer::modify) has just read. Nothing happens before `.await`.
#[must_use = "an update does nothing unless awaited"]
pub struct Update<T, On = Draft> {
    pub(crate) on: On,
    pub(crate) changes: Changes,
    model: PhantomData<fn() -> T>,
}

/// Shows neither values nor keys of maps: an update may write a redacted field.
impl<T, On> fmt::Debug for Update<T, On> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths = self
            .changes
            .operations
            .iter()
            .map(|operation| dotted_without_keys(&operation.path));
        f.debug_struct("Update")
            .field("paths", &paths.collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl<T: Versioned, On> Update<T, On> {
    pub(crate) fn new(on: On) -> Self {
        Update {
            on,
            changes: Changes::default(),
            model: PhantomData,
        }
    }

    pub(crate) fn into_parts(self) -> (On, Changes) {
        (self.on, self.changes)
    }

    /// Writes only if the document also meets this condition.
    ///
    /// Where it does not hold, nothing is written and the update fails with
    /// [`Error::ConditionFailed`](crate::Error::ConditionFailed). Several conditions must all hold.
    pub fn when(mut self, condition: impl FnOnce(T::Fields) -> Filter<T>) -> Self {
        self.changes.when.push(condition(T::fields()).into_node());
        self
    }

    /// Writes only if the document also meets this condition in MongoDB's own words. Its names are
    /// checked: see [`Filter::document`].
    pub fn when_document(mut self, condition: Document) -> Self {
        let condition = Filter::<T>::document(condition);
        self.changes.when.push(condition.into_node());
        self
    }

    /// Not generic over the field: a chain of operators compiles to calls of this.
    fn assign(self, path: Vec<Step>, encoded: Result<Option<Bson>, EncodeError>) -> Self {
        let operator = match encoded {
            Ok(Some(value)) => Operator::Set(value),
            // Serde leaves the field out for this value.
            Ok(None) => Operator::Unset,
            Err(error) => Operator::Invalid(error),
        };
        self.push_operation(path, operator)
    }

    fn push_with(self, path: Vec<Step>, operator: Result<Operator, EncodeError>) -> Self {
        self.push_operation(path, operator.unwrap_or_else(Operator::Invalid))
    }

    fn push_operation(mut self, path: Vec<Step>, operator: Operator) -> Self {
        self.changes.operations.push(Operation {
            path,
            operator,
            is_raw: false,
        });
        self
    }
}
