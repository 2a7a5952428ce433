use std::fmt;
use std::marker::PhantomData;

use mongodb::bson::Bson;

use super::{
    ComparableWith, Fixed, Ordered, Path, ReadablePath, Step, addressable, dotted_without_keys,
};
use crate::filter::{Comparison, Filter, Order, Sort};
use crate::value::EncodeError;

/// Writes a field's value as it is stored; `None` where serde leaves the field out.
pub type Encode<V> = fn(&V) -> Result<Option<Bson>, EncodeError>;

/// A handle: the typed path of one field. `R` is the document, `V` the field's type, `P` the kind
/// of path.
///
/// Handles come out of the closures of filters and updates; they are not made by hand.
///
/// ```
/// use monguard::prelude::*;
///
/// #[derive(Serialize, Deserialize, Versioned)]
/// #[monguard(collection = "orders")]
/// struct Order {
///     amount: i64,
/// }
///
/// let expensive: Filter<Order> = Order::fields().amount.gt(100);
/// ```
pub struct Field<R, V, P = Fixed> {
    path: P,
    encode: Encode<V>,
    document: PhantomData<fn() -> R>,
}

impl<R, V, P: Clone> Clone for Field<R, V, P> {
    fn clone(&self) -> Self {
        Field {
            path: self.path.clone(),
            encode: self.encode,
            document: PhantomData,
        }
    }
}

impl<R, V, P: Copy> Copy for Field<R, V, P> {}

/// Shows no keys: those of a redacted map are hidden.
impl<R, V, P: Path> fmt::Debug for Field<R, V, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = dotted_without_keys(&self.steps());
        f.debug_tuple("Field").field(&path).finish()
    }
}

impl<R, V, P> Field<R, V, P> {
    /// The field at `path`, which `encode` writes.
    #[doc(hidden)]
    pub const fn new(path: P, encode: Encode<V>) -> Self {
        Field {
            path,
            encode,
            document: PhantomData,
        }
    }
}

impl<R, V, P: Path> Field<R, V, P> {
    /// The stored path, in MongoDB's dotted form.
    pub fn path(&self) -> String {
        super::dotted(&self.path.steps())
    }

    pub(crate) fn steps(&self) -> Vec<Step> {
        self.path.steps()
    }

    pub(super) fn whole_path(&self) -> &P {
        &self.path
    }

    pub(crate) fn encoder(&self) -> Encode<V> {
        self.encode
    }

    /// The condition at this path, or, where no path can hold the key of a map in it, one that says
    /// so when it is used.
    pub(super) fn at_path(&self, condition: impl FnOnce(String) -> Filter<R>) -> Filter<R> {
        match addressable(&self.steps()) {
            Ok(path) => condition(path),
            Err(refused) => {
                let (map, error) = *refused;
                Filter::compare(map, Comparison::Eq, Err(error))
            }
        }
    }

    pub(super) fn compare<X: ComparableWith<V>>(
        &self,
        comparison: Comparison,
        value: X,
    ) -> Filter<R> {
        let value = (self.encode)(&value.into_field_value());
        self.at_path(|path| Filter::compare(path, comparison, value))
    }

    /// Matches documents in which the field equals `value`.
    ///
    /// `None` that serde writes as null matches null and, as in MongoDB, a missing field. `None`
    /// that serde leaves out (`skip_serializing_if`) matches a missing field alone. To be exact, use
    /// [`is_none`](Field::is_none), [`is_null`](Field::is_null) or [`is_absent`](Field::is_absent).
    pub fn eq<X: ComparableWith<V>>(&self, value: X) -> Filter<R>
    where
        P: ReadablePath,
    {
        self.compare(Comparison::Eq, value)
    }

    /// Matches documents in which the field differs from `value`, or is missing: those that
    /// [`eq`](Field::eq) does not match.
    pub fn ne<X: ComparableWith<V>>(&self, value: X) -> Filter<R>
    where
        P: ReadablePath,
    {
        self.compare(Comparison::Ne, value)
    }

    /// Matches documents in which the field is greater than `value`.
    pub fn gt<X: ComparableWith<V>>(&self, value: X) -> Filter<R>
    where
        V: Ordered,
        P: ReadablePath,
    {
        self.compare(Comparison::Gt, value)
    }

    /// Matches documents in which the field is at least `value`.
    pub fn gte<X: ComparableWith<V>>(&self, value: X) -> Filter<R>
    where
        V: Ordered,
        P: ReadablePath,
    {
        self.compare(Comparison::Gte, value)
    }

    /// Matches documents in which the field is less than `value`.
    pub fn lt<X: ComparableWith<V>>(&self, value: X) -> Filter<R>
    where
        V: Ordered,
        P: ReadablePath,
    {
        self.compare(Comparison::Lt, value)
    }

    /// Matches documents in which the field is at most `value`.
    pub fn lte<X: ComparableWith<V>>(&self, value: X) -> Filter<R>
    where
        V: Ordered,
        P: ReadablePath,
    {
        self.compare(Comparison::Lte, value)
    }

    /// Matches documents in which the field equals one of `values`.
    pub fn is_in(&self, values: impl IntoIterator<Item: ComparableWith<V>>) -> Filter<R>
    where
        P: ReadablePath,
    {
        let encoded = values
            .into_iter()
            .map(|value| (self.encode)(&value.into_field_value()));
        self.at_path(|path| Filter::one_of(path, encoded))
    }

    /// Sorts by the field, least first.
    pub fn ascending(&self) -> Sort<R>
    where
        P: ReadablePath,
    {
        Sort::by(self.path(), Order::Ascending)
    }

    /// Sorts by the field, greatest first.
    pub fn descending(&self) -> Sort<R>
    where
        P: ReadablePath,
    {
        Sort::by(self.path(), Order::Descending)
    }
}

/// A place in the document `R`: a field, or a nested struct as a whole.
#[diagnostic::on_unimplemented(
    message = "this closure must return a field of `{R}`, not `{Self}`",
    label = "not a field of `{R}`",
    note = "write `|o| o.some_field`"
)]
pub trait FieldOf<R>: Sized {
    /// The field's type.
    type Value;
    /// The kind of path.
    type Path: Path;
    /// The handle of the field as a whole.
    fn whole(&self) -> &Field<R, Self::Value, Self::Path>;
}

#[diagnostic::do_not_recommend]
impl<R, V, P: Path> FieldOf<R> for Field<R, V, P> {
    type Value = V;
    type Path = P;
    fn whole(&self) -> &Field<R, V, P> {
        self
    }
}

/// A place in the document `R` that an update may write.
///
/// Not a part of [`FieldOf`], so that what is no field at all is one error and not two.
#[diagnostic::on_unimplemented(
    message = "an update of `{R}` cannot write `{Self}`",
    label = "not a field that an update may write",
    note = "write `|o| o.some_field`; the id, the version, the stamps, the idempotency key and the shard key are read-only"
)]
pub trait SettableField<R> {
    /// The field's type.
    type Value;
    /// The kind of path.
    type Path: Path;
    /// The handle of the field as a whole.
    fn writable(&self) -> &Field<R, Self::Value, Self::Path>;
}

/// Marks the handles that an update may write.
pub trait Settable {}

#[diagnostic::do_not_recommend]
impl<R, V, P: Path> Settable for Field<R, V, P> {}

#[diagnostic::do_not_recommend]
impl<R, F: FieldOf<R> + Settable> SettableField<R> for F {
    type Value = F::Value;
    type Path = F::Path;
    fn writable(&self) -> &Field<R, F::Value, F::Path> {
        self.whole()
    }
}
