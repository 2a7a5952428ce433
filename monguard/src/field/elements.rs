use serde::Serialize;

use super::{
    Addressable, Appendable, Field, FieldOf, Keyed, List, NestedList, Path, Resizable, Settable,
    Step,
};
use crate::document::Nested;
use crate::value::encode;

/// A handle of a list, which knows the handles of one of its elements: those that the closures of
/// conditions on elements are given.
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

/// A list in the document `R` to which an update can append elements.
#[diagnostic::on_unimplemented(
    message = "an update of `{R}` cannot append elements to `{Self}`",
    label = "not a list that grows at its ends",
    note = "`Vec`, `VecDeque` and `LinkedList` grow; a field that is read-only, or written by a function of the model's, has no elements to write"
)]
pub trait AppendableList<R>: Sized {
    /// The type of an element.
    type Item;
    /// The handles of an element on its own.
    type Element;
    #[doc(hidden)]
    fn parts(&self) -> (Vec<Step>, Self::Element);
}

#[diagnostic::do_not_recommend]
impl<R, F: ListOf<R, Value: Appendable> + Settable> AppendableList<R> for F {
    type Item = F::Item;
    type Element = F::Element;
    fn parts(&self) -> (Vec<Step>, F::Element) {
        (self.whole().steps(), self.element())
    }
}

/// A list in the document `R` from which an update can remove elements.
#[diagnostic::on_unimplemented(
    message = "an update of `{R}` cannot remove elements from `{Self}`",
    label = "not a list field of any length",
    note = "lists and sets are; a field that is read-only, or written by a function of the model's, has no elements to write"
)]
pub trait ResizableList<R>: Sized {
    /// The type of an element.
    type Item;
    /// The handles of an element on its own.
    type Element;
    #[doc(hidden)]
    fn parts(&self) -> (Vec<Step>, Self::Element);
}

#[diagnostic::do_not_recommend]
impl<R, F: ListOf<R, Value: Resizable> + Settable> ResizableList<R> for F {
    type Item = F::Item;
    type Element = F::Element;
    fn parts(&self) -> (Vec<Step>, F::Element) {
        (self.whole().steps(), self.element())
    }
}
