use std::fmt;
use std::marker::PhantomData;

use mongodb::bson::Bson;
use serde::Serialize;

use super::{Amount, Operation, Operator};
use crate::document::Versioned;
use crate::error::{Error, Result};
use crate::field::{
    Addressable, AmountFrom, Appendable, AssignFrom, EncodeError, Numeric, SettableField, Step,
    dotted_without_keys,
};
use crate::filter::{Filter, Node};
use crate::value::encode_value;

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
    /// [`Error::ConditionFailed`]. Several conditions must all hold.
    pub fn when(mut self, condition: impl FnOnce(T::Fields) -> Filter<T>) -> Self {
        self.changes.when.push(condition(T::fields()).into_node());
        self
    }

    /// Assigns a value to a field.
    pub fn set<F, X>(self, field: impl FnOnce(T::Fields) -> F, value: X) -> Self
    where
        F: SettableField<T, Value: AssignFrom<X>>,
    {
        let field = field(T::fields());
        let whole = field.writable();
        let encoded = (whole.encoder())(&F::Value::assign(value));
        self.assign(whole.steps(), encoded)
    }

    /// Removes a field from the document.
    pub fn unset<F>(self, field: impl FnOnce(T::Fields) -> F) -> Self
    where
        F: SettableField<T>,
    {
        let path = field(T::fields()).writable().steps();
        self.push_operation(path, Operator::Unset)
    }

    /// Adds to a number; a missing field counts as 0. The sum must fit into the field's Rust type.
    pub fn inc<F, X>(self, field: impl FnOnce(T::Fields) -> F, by: X) -> Self
    where
        F: SettableField<T, Value: Numeric<Amount: AmountFrom<X>>>,
    {
        let path = field(T::fields()).writable().steps();
        let amount = <F::Value as Numeric>::Amount::amount(by);
        let amount = Amount {
            by: F::Value::number(amount),
            kind: F::Value::KIND,
        };
        self.push_operation(path, Operator::Increment(amount))
    }

    /// Appends a value to a list; a missing field counts as an empty one.
    pub fn push<F, X>(self, field: impl FnOnce(T::Fields) -> F, value: X) -> Self
    where
        F: SettableField<T, Value: Appendable<Item: AssignFrom<X> + Serialize>, Path: Addressable>,
    {
        let path = field(T::fields()).writable().steps();
        let item = <F::Value as Appendable>::Item::assign(value);
        let operator = match encode_value(&item) {
            Ok(item) => Operator::Push(item),
            Err(error) => Operator::Invalid(error),
        };
        self.push_operation(path, operator)
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

    fn push_operation(mut self, path: Vec<Step>, operator: Operator) -> Self {
        self.changes.operations.push(Operation { path, operator });
        self
    }
}

/// What the closure of [`Writer::modify`](crate::Writer::modify) may return: the update, or a
/// `Result` of it.
#[diagnostic::on_unimplemented(
    message = "the closure of `modify` must return the update that it was given, not `{Self}`",
    label = "not an update of `{T}`",
    note = "return `update.set(..)`, or a `Result` of it; end with an error of your own by `Err(Error::abort(error))`"
)]
pub trait IntoDraft<T> {
    /// The update.
    ///
    /// # Errors
    /// The closure's own.
    fn into_draft(self) -> Result<Update<T>>;
}

#[diagnostic::do_not_recommend]
impl<T> IntoDraft<T> for Update<T> {
    fn into_draft(self) -> Result<Update<T>> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoDraft<T> for Result<Update<T>, Error> {
    fn into_draft(self) -> Result<Update<T>> {
        self
    }
}
