use serde::Serialize;

use super::{Addressable, Field, FieldOf, Keyed, List, NestedList, Path};
use crate::document::Nested;
use crate::value::encode;

/// A handle of a list, which knows the handles of one of its elements: those that the closures of
/// conditions on elements are given.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handle of a list whose elements can be told apart",
    label = "not a list",
    note = "this is about the elements of a list field of `{R}`"
)]
pub trait ListOf<R>: FieldOf<R> {
    /// The type of an element.
    type Item;
    /// The handles of an element on its own, rooted at the element.
    type Element;
    /// Makes them.
    fn element(&self) -> Self::Element;
}

#[diagnostic::do_not_recommend]
impl<R, V, P> ListOf<R> for Field<R, V, P>
where
    V: List<Item: Serialize>,
    P: Addressable,
{
    type Item = V::Item;
    type Element = Field<V::Item, V::Item, Keyed>;
    fn element(&self) -> Self::Element {
        Field::element()
    }
}

#[diagnostic::do_not_recommend]
impl<R, V, T: Nested + Serialize, P: Path> ListOf<R> for NestedList<R, V, T, P>
where
    P: Addressable,
{
    type Item = T;
    type Element = T::Fields<T, T, Keyed>;
    fn element(&self) -> Self::Element {
        T::fields(Keyed::here(), encode::<T>)
    }
}
