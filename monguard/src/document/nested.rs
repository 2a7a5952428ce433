use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;

use serde::Serialize;

use super::meta::FieldMeta;
use super::shape::Shape;
use crate::audit::{Change, Differ, Part, Sealed};
use crate::field::{Encode, Fixed, NestedList, NestedMap, Path};
use crate::update::{Replay, WholeAt};

/// How many names a path may have in a row.
const MAX_DEPTH: usize = Fixed::MAX;

/// A struct (or a wrapper of one) whose fields have handles of their own.
///
/// Derived with `#[derive(Nested)]`. `R` is the document, `V` the type of the whole at this place,
/// `P` the kind of path.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be marked `nested`",
    label = "not a nested struct",
    note = "derive `Nested` for it, or remove `#[monguard(nested)]` to treat it as one value"
)]
pub trait Nested: Clone + 'static {
    /// How many levels of names this adds to a path.
    const DEPTH: usize;
    /// Whether the audit trail hides anything inside.
    const REDACTS: bool;
    /// The handles of the fields inside.
    type Fields<R, V, P: Path>;
    /// Makes the handles below `path`.
    fn fields<R, V, P: Path>(path: P, encode: Encode<V>) -> Self::Fields<R, V, P>;
    /// The fields of a struct that can be flattened.
    #[doc(hidden)]
    const FIELDS: Option<&'static [FieldMeta]> = None;
    /// What a value looks like inside.
    #[doc(hidden)]
    fn shape() -> Shape {
        Shape::Struct(Self::FIELDS.unwrap_or(&[]))
    }
    /// One changed place inside.
    type Change;
    #[doc(hidden)]
    fn diff(&self, new: &Self, out: &mut Differ<Self::Change>);
    #[doc(hidden)]
    fn diff_inside<C>(&self, new: &Self, out: &mut Differ<C>, make: fn(Self::Change) -> C) {
        let mut inside = Differ::new();
        self.diff(new, &mut inside);
        out.extend(inside, make);
    }
    /// Adds the operators that repeat a change of what is at `path`.
    #[doc(hidden)]
    fn replay<P: Path>(change: &Self::Change, path: P, whole: &WholeAt<'_, Self>, to: &mut Replay);
    /// The same of a field that `encode` writes.
    #[doc(hidden)]
    fn replay_inside<P: Path>(
        change: &Self::Change,
        path: P,
        encode: Encode<Self>,
        to: &mut Replay,
    ) {
        let write = |value| encode(&value);
        let steps = path.steps();
        Self::replay(change, path, &WholeAt::new(steps, &write), to);
    }
    /// The same of a flattened struct, which has no place of its own.
    #[doc(hidden)]
    fn replay_flat<P: Path>(change: &Self::Change, path: P, to: &mut Replay) {
        Self::replay(change, path, &WholeAt::nowhere(), to);
    }
    /// The same of a flattened struct whose values are hidden.
    #[doc(hidden)]
    fn replay_flat_sealed<P: Path>(change: &Sealed<Self>, path: P, to: &mut Replay) {
        let Change { old, new } = change.clone().reveal();
        let mut inside = Differ::new();
        old.diff(&new, &mut inside);
        for change in inside.into_changes() {
            Self::replay_flat(&change, path.clone(), to);
        }
    }
}

/// Adds how one part changed, where it did.
pub(super) fn diff_part<K: Clone, T: Nested>(
    place: &K,
    old: Option<&T>,
    new: Option<&T>,
    out: &mut Differ<Part<K, T>>,
) {
    match (old, new) {
        (None, None) => {}
        (None, Some(new)) => out.push(Part::Appeared(place.clone(), new.clone())),
        (Some(old), None) => out.push(Part::Vanished(place.clone(), old.clone())),
        (Some(old), Some(new)) => {
            let mut inside = Differ::new();
            old.diff(new, &mut inside);
            for change in inside.into_changes() {
                out.push(Part::Inside(place.clone(), change));
            }
        }
    }
}

/// Adds how the values of two maps differ, in the order of the keys.
fn diff_maps<'a, K: Ord + Clone + 'a, T: Nested + 'a>(
    keys: impl Iterator<Item = &'a K>,
    old: impl Fn(&K) -> Option<&'a T>,
    new: impl Fn(&K) -> Option<&'a T>,
    out: &mut Differ<Part<K, T>>,
) {
    let mut keys: Vec<&K> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        diff_part(key, old(key), new(key), out);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Nested> Nested for Option<T> {
    const DEPTH: usize = T::DEPTH;
    const REDACTS: bool = T::REDACTS;
    type Fields<R, V, P: Path> = T::Fields<R, V, P>;
    fn fields<R, V, P: Path>(path: P, encode: Encode<V>) -> Self::Fields<R, V, P> {
        T::fields(path, encode)
    }
    fn shape() -> Shape {
        T::shape()
    }
    type Change = Part<(), T>;
    fn diff(&self, new: &Self, out: &mut Differ<Self::Change>) {
        diff_part(&(), self.as_ref(), new.as_ref(), out);
    }
    fn replay<P: Path>(change: &Part<(), T>, path: P, whole: &WholeAt<'_, Self>, to: &mut Replay) {
        match change {
            Part::Appeared((), value) => whole.set(Some(value.clone()), to),
            Part::Vanished((), _) => whole.set(None, to),
            Part::Inside((), change) => {
                let write = |value| whole.encode(Some(value));
                T::replay(change, path, &WholeAt::new(whole.path(), &write), to);
            }
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T: Nested + Serialize> Nested for Vec<T> {
    const DEPTH: usize = 1;
    const REDACTS: bool = T::REDACTS;
    type Fields<R, V, P: Path> = NestedList<R, V, T, P>;
    fn fields<R, V, P: Path>(path: P, encode: Encode<V>) -> Self::Fields<R, V, P> {
        NestedList::new(path, encode)
    }
    fn shape() -> Shape {
        Shape::List(T::shape)
    }
    type Change = Part<usize, T>;
    fn diff(&self, new: &Self, out: &mut Differ<Self::Change>) {
        for index in 0..self.len().max(new.len()) {
            diff_part(&index, self.get(index), new.get(index), out);
        }
    }
    fn replay<P: Path>(change: &Part<usize, T>, path: P, _: &WholeAt<'_, Self>, to: &mut Replay) {
        to.element(path, change);
    }
}

#[diagnostic::do_not_recommend]
impl<K, T, S> Nested for HashMap<K, T, S>
where
    K: Hash + Ord + Clone + Serialize + 'static,
    T: Nested + Serialize,
    S: BuildHasher + Clone + 'static,
{
    const DEPTH: usize = 1;
    const REDACTS: bool = T::REDACTS;
    type Fields<R, V, P: Path> = NestedMap<R, V, T, P>;
    fn fields<R, V, P: Path>(path: P, encode: Encode<V>) -> Self::Fields<R, V, P> {
        NestedMap::new(path, encode)
    }
    fn shape() -> Shape {
        Shape::Map(T::shape)
    }
    type Change = Part<K, T>;
    fn diff(&self, new: &Self, out: &mut Differ<Self::Change>) {
        let keys = self.keys().chain(new.keys());
        diff_maps(keys, |key| self.get(key), |key| new.get(key), out);
    }
    fn replay<P: Path>(change: &Part<K, T>, path: P, _: &WholeAt<'_, Self>, to: &mut Replay) {
        to.value(path, change);
    }
}

#[diagnostic::do_not_recommend]
impl<K: Ord + Clone + Serialize + 'static, T: Nested + Serialize> Nested for BTreeMap<K, T> {
    const DEPTH: usize = 1;
    const REDACTS: bool = T::REDACTS;
    type Fields<R, V, P: Path> = NestedMap<R, V, T, P>;
    fn fields<R, V, P: Path>(path: P, encode: Encode<V>) -> Self::Fields<R, V, P> {
        NestedMap::new(path, encode)
    }
    fn shape() -> Shape {
        Shape::Map(T::shape)
    }
    type Change = Part<K, T>;
    fn diff(&self, new: &Self, out: &mut Differ<Self::Change>) {
        let keys = self.keys().chain(new.keys());
        diff_maps(keys, |key| self.get(key), |key| new.get(key), out);
    }
    fn replay<P: Path>(change: &Part<K, T>, path: P, _: &WholeAt<'_, Self>, to: &mut Replay) {
        to.value(path, change);
    }
}

/// `max` in a const context.
#[derive(Clone, Copy, Debug)]
pub struct Depth(pub usize);

impl Depth {
    /// The greater of the two.
    #[must_use]
    pub const fn max(self, other: usize) -> Depth {
        if self.0 > other { self } else { Depth(other) }
    }
}

/// Refuses a nesting that no path can reach.
///
/// # Panics
/// Where it is too deep: at compile time, in a constant.
// At the field, not in here, is where rustc says that it was evaluated.
#[track_caller]
pub const fn assert_depth(depth: usize) {
    assert!(
        depth < MAX_DEPTH,
        "a path may have at most 8 names: nest less deeply, or remove `#[monguard(nested)]` to treat the field as one value"
    );
}

/// Asks, for a concrete type in a const context, whether it is `Nested`: an inherent constant wins
/// over a trait's.
#[derive(Debug)]
pub struct Probe<T: ?Sized>(PhantomData<T>);

/// The answer of [`Probe`] for every type that is not nested.
pub trait NotNested {
    /// Nothing is hidden inside.
    const REDACTS: bool = false;
}

impl<T: ?Sized> NotNested for Probe<T> {}

impl<T: Nested> Probe<T> {
    /// Whether the audit trail hides anything inside.
    pub const REDACTS: bool = T::REDACTS;
}

/// Refuses a field that would be logged whole although it redacts inside.
///
/// # Panics
/// Where it is so: at compile time, in a constant.
#[track_caller]
pub const fn opaque(redacts: bool) {
    assert!(
        !redacts,
        "this field holds a struct with redacted fields: mark it `#[monguard(nested)]`, or redact it as a whole"
    );
}
