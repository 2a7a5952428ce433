use std::collections::{BTreeMap, HashMap};
use std::marker::PhantomData;

use super::meta::Shape;
use crate::field::{Encode, Field, Path};

/// How many names a path may have.
const MAX_DEPTH: usize = 8;

/// A struct (or a wrapper of one) whose fields have handles of their own.
///
/// Derived with `#[derive(Nested)]`. `R` is the document, `V` the type of the whole at this place,
/// `P` the kind of path.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be marked `nested`",
    label = "not a nested struct",
    note = "derive `Nested` for it, or remove `#[monguard(nested)]` to treat it as one value"
)]
pub trait Nested: Sized + 'static {
    /// How many levels of names this adds to a path.
    const DEPTH: usize;
    /// Whether the audit trail hides anything inside.
    const REDACTS: bool;
    /// The handles of the fields inside.
    type Fields<R, V, P: Path>;
    /// Makes the handles below `path`.
    fn fields<R, V, P: Path>(path: P, encode: Encode<V>) -> Self::Fields<R, V, P>;
    /// What a value looks like inside.
    fn shape() -> Shape;
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
}

#[diagnostic::do_not_recommend]
impl<T: Nested> Nested for Vec<T> {
    const DEPTH: usize = 1;
    const REDACTS: bool = T::REDACTS;
    type Fields<R, V, P: Path> = Field<R, V, P>;
    fn fields<R, V, P: Path>(path: P, encode: Encode<V>) -> Self::Fields<R, V, P> {
        Field::new(path, encode)
    }
    fn shape() -> Shape {
        Shape::List(T::shape)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Nested, S: 'static> Nested for HashMap<String, T, S> {
    const DEPTH: usize = 1;
    const REDACTS: bool = T::REDACTS;
    type Fields<R, V, P: Path> = Field<R, V, P>;
    fn fields<R, V, P: Path>(path: P, encode: Encode<V>) -> Self::Fields<R, V, P> {
        Field::new(path, encode)
    }
    fn shape() -> Shape {
        Shape::Map(T::shape)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Nested> Nested for BTreeMap<String, T> {
    const DEPTH: usize = 1;
    const REDACTS: bool = T::REDACTS;
    type Fields<R, V, P: Path> = Field<R, V, P>;
    fn fields<R, V, P: Path>(path: P, encode: Encode<V>) -> Self::Fields<R, V, P> {
        Field::new(path, encode)
    }
    fn shape() -> Shape {
        Shape::Map(T::shape)
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
pub const fn assert_depth(depth: usize) {
    assert!(
        depth < MAX_DEPTH,
        "a path may have at most 8 names: nest less deeply, or remove `#[monguard(nested)]` to treat the field as one value"
    );
}

/// Asks, for a concrete type in a const context, whether it is `Nested`: an inherent constant wins
/// over a trait's.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

/// The answer of [`Probe`] for every type that is not nested.
pub trait NotNested {
    /// Nothing is hidden inside.
    const REDACTS: bool = false;
}

impl<T> NotNested for Probe<T> {}

impl<T: Nested> Probe<T> {
    /// Whether the audit trail hides anything inside.
    pub const REDACTS: bool = T::REDACTS;
}

/// Refuses a field that would be logged whole although it redacts inside.
///
/// # Panics
/// Where it is so: at compile time, in a constant.
pub const fn opaque(redacts: bool) {
    assert!(
        !redacts,
        "this field holds a struct with redacted fields: mark it `#[monguard(nested)]`, or redact it as a whole"
    );
}
