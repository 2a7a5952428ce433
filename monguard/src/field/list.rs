//! The field types that are stored as lists, and which operators fit which of them.

use std::collections::{BTreeSet, HashSet, LinkedList, VecDeque};
use std::sync::Arc;

/// A field type that is stored as a list.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list",
    label = "not a list field",
    note = "use `set` to replace the value"
)]
pub trait List {
    /// The type of an element.
    type Item;
}

/// A list whose elements have places: one can be told by its index.
#[diagnostic::on_unimplemented(
    message = "the elements of `{Self}` have no index",
    label = "not a list of places",
    note = "`Vec`, `VecDeque`, `LinkedList` and arrays have; to change elements of a set use `add_to_set` and `pull`"
)]
pub trait Indexed {
    /// The type of an element.
    type Item;
}

/// A list that elements can be appended to, and taken off at either end.
#[diagnostic::on_unimplemented(
    message = "nothing can be appended to `{Self}`",
    label = "not a list that grows at its ends",
    note = "`Vec`, `VecDeque` and `LinkedList` grow; a set takes `add_to_set` and `pull`, any other field `set`"
)]
pub trait Appendable {
    /// The type of an element.
    type Item;
}

/// A list of any length: elements can be added, and removed by what they are.
#[diagnostic::on_unimplemented(
    message = "elements can be neither added to nor removed from `{Self}`",
    label = "not a list of any length",
    note = "use `set` to replace the value"
)]
pub trait Resizable {
    /// The type of an element.
    type Item;
}

/// What the types of the standard library are; an `Option`, and what points to a list, are too.
macro_rules! implement {
    ($kind:ident for $($list:ty $(, $more:ident)*;)*) => {
        $(
            #[diagnostic::do_not_recommend]
            impl<T $(, $more)*> $kind for $list {
                type Item = T;
            }
        )*
        #[diagnostic::do_not_recommend]
        impl<L: $kind> $kind for Option<L> {
            type Item = L::Item;
        }
        #[diagnostic::do_not_recommend]
        impl<L: $kind> $kind for Box<L> {
            type Item = L::Item;
        }
        #[diagnostic::do_not_recommend]
        impl<L: $kind> $kind for Arc<L> {
            type Item = L::Item;
        }
    };
}

implement! { List for Vec<T>; VecDeque<T>; LinkedList<T>; BTreeSet<T>; HashSet<T, S>, S; }
implement! { Indexed for Vec<T>; VecDeque<T>; LinkedList<T>; }
implement! { Appendable for Vec<T>; VecDeque<T>; LinkedList<T>; }
implement! { Resizable for Vec<T>; VecDeque<T>; LinkedList<T>; BTreeSet<T>; HashSet<T, S>, S; }

#[diagnostic::do_not_recommend]
impl<T, const N: usize> List for [T; N] {
    type Item = T;
}

#[diagnostic::do_not_recommend]
impl<T, const N: usize> Indexed for [T; N] {
    type Item = T;
}
