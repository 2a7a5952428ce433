//! The containers of the standard library besides `Option`, `Vec` and the maps: what is nested in
//! them has handles and changes of its own, and what it hides stays hidden.

use std::collections::{BTreeSet, HashSet, LinkedList, VecDeque};
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

use serde::Serialize;

use super::meta::FieldMeta;
use super::nested::{Nested, diff_part};
use super::shape::Shape;
use crate::audit::{Differ, Part};
use crate::field::{Encode, NestedList, Path};
use crate::update::{Replay, WholeAt};

/// A pointer is what it points to.
macro_rules! pointers {
    ($($pointer:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: Nested> Nested for $pointer<T> {
            const DEPTH: usize = T::DEPTH;
            const REDACTS: bool = T::REDACTS;
            const FIELDS: Option<&'static [FieldMeta]> = T::FIELDS;
            type Fields<R, V, P: Path> = T::Fields<R, V, P>;
            fn fields<R, V, P: Path>(path: P, encode: Encode<V>) -> Self::Fields<R, V, P> {
                T::fields(path, encode)
            }
            fn shape() -> Shape {
                T::shape()
            }
            type Change = T::Change;
            fn diff(&self, new: &Self, out: &mut Differ<Self::Change>) {
                T::diff(self, new, out);
            }
            fn replay<P: Path>(
                change: &T::Change,
                path: P,
                whole: &WholeAt<'_, Self>,
                to: &mut Replay,
            ) {
                let write = |value| whole.encode($pointer::new(value));
                T::replay(change, path, &WholeAt::new(whole.path(), &write), to);
            }
        }
    )*};
}

pointers!(Box, Arc);

/// What is stored as a list, of the elements `$item`.
macro_rules! list {
    ($item:ident, $place:ty, $replay:ident) => {
        const DEPTH: usize = 1;
        const REDACTS: bool = $item::REDACTS;
        type Fields<R, V, P: Path> = NestedList<R, V, $item, P>;
        fn fields<R, V, P: Path>(path: P, encode: Encode<V>) -> Self::Fields<R, V, P> {
            NestedList::new(path, encode)
        }
        fn shape() -> Shape {
            Shape::List($item::shape)
        }
        type Change = Part<$place, $item>;
        fn replay<P: Path>(
            change: &Part<$place, $item>,
            path: P,
            _: &WholeAt<'_, Self>,
            to: &mut Replay,
        ) {
            to.$replay(path, change);
        }
    };
}

/// The elements of two lists, by index.
fn diff_lists<'a, T: Nested + 'a>(
    mut old: impl Iterator<Item = &'a T>,
    mut new: impl Iterator<Item = &'a T>,
    out: &mut Differ<Part<usize, T>>,
) {
    for index in 0.. {
        let (old, new) = (old.next(), new.next());
        if old.is_none() && new.is_none() {
            return;
        }
        diff_part(&index, old, new, out);
    }
}

/// The elements of two sets: one that changed is another one.
fn diff_sets<'a, T: Nested + 'a>(
    gone: impl Iterator<Item = &'a T>,
    added: impl Iterator<Item = &'a T>,
    out: &mut Differ<Part<(), T>>,
) {
    gone.for_each(|element| diff_part(&(), Some(element), None, out));
    added.for_each(|element| diff_part(&(), None, Some(element), out));
}

#[diagnostic::do_not_recommend]
impl<T: Nested + Serialize> Nested for VecDeque<T> {
    list!(T, usize, element);
    fn diff(&self, new: &Self, out: &mut Differ<Self::Change>) {
        diff_lists(self.iter(), new.iter(), out);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Nested + Serialize> Nested for LinkedList<T> {
    list!(T, usize, element);
    fn diff(&self, new: &Self, out: &mut Differ<Self::Change>) {
        diff_lists(self.iter(), new.iter(), out);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Nested + Serialize, const N: usize> Nested for [T; N] {
    list!(T, usize, element);
    fn diff(&self, new: &Self, out: &mut Differ<Self::Change>) {
        diff_lists(self.iter(), new.iter(), out);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Nested + Serialize + Ord> Nested for BTreeSet<T> {
    list!(T, (), member);
    fn diff(&self, new: &Self, out: &mut Differ<Self::Change>) {
        diff_sets(self.difference(new), new.difference(self), out);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Nested + Serialize + Hash + Eq, S: BuildHasher + Clone + 'static> Nested for HashSet<T, S> {
    list!(T, (), member);
    fn diff(&self, new: &Self, out: &mut Differ<Self::Change>) {
        diff_sets(self.difference(new), new.difference(self), out);
    }
}
