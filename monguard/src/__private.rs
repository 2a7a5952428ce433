//! The one door for generated code. Nothing here is part of the public interface.

pub use std::boxed::Box;
pub use std::ops::Deref;
pub use std::option::Option;
pub use std::option::Option::{None, Some};
pub use std::primitive::{bool, str, usize};
pub use std::result::Result;
pub use std::result::Result::{Err, Ok};
pub use std::vec::Vec;
pub use std::{clone::Clone, fmt::Debug, fmt::Formatter};
pub use std::{compile_error, concat, stringify};

pub use std::default::Default;

pub use mongodb::bson::oid::ObjectId;
pub use mongodb::bson::{Bson, RawDocument};
pub use serde::de::DeserializeOwned;
pub use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use crate::audit::{Auditable, Change, Diff, Differ, Sealed};
pub use crate::document::{
    Around, Counter, Depth, FieldMeta, Inline, ManagedField, Meta, Nested, NotNested, Place, Probe,
    Read, Shape, Token, UnknownFields, Versioned, Whole, assert_depth, assert_flat, assert_free,
    assert_version_field, count_flattened, encode_inline, flatten, opaque, place, read_through,
};
pub use crate::field::{
    Encode, EncodeError, Field, FieldOf, Fixed, Path, ReadOnly, Settable, Undivided, Unknown,
    encode,
};
pub use crate::index::{Index, IndexElements, IndexMap, IndexStruct, IndexValue, Indexing};

pub use crate::select::{Columns, Projection, Unreadable, Values};
pub use crate::update::{Replay, WholeAt};

/// The handles of a nested struct `T` at the top level of `R`.
pub type Handles<R, T> = <T as Nested>::Fields<R, T, Fixed>;

/// The handles of a flattened struct `T` at the top level of `R`.
pub type FlatHandles<R, T> = <T as Nested>::Fields<R, Inline<T>, Fixed>;
/// Where a document is, or that this cannot be written.
pub type Placed = Result<Place, EncodeError>;

/// One changed place inside a nested field of type `T`.
pub type NestedChange<T> = <T as Nested>::Change;

/// The handle of a top-level field that serde writes.
#[must_use]
pub const fn leaf<R, V: Serialize>(name: &'static str) -> Field<R, V> {
    Field::new(Fixed::root(name), encode::<V>)
}

/// The handle of a top-level field that the model writes in a way of its own.
#[must_use]
pub const fn leaf_with<R, V>(name: &'static str, encode: Encode<V>) -> Field<R, V> {
    Field::new(Fixed::root(name), encode)
}

/// The handle of a top-level field that the model writes as a whole, by a function of its own.
#[must_use]
pub const fn undivided<R, V>(name: &'static str, encode: Encode<V>) -> Field<R, V, Undivided> {
    Field::new(Undivided(Fixed::root(name)), encode)
}

/// The handle of a field that is never set.
#[must_use]
pub const fn read_only<R, V: Serialize>(name: &'static str) -> ReadOnly<R, V> {
    ReadOnly::new(name, encode::<V>)
}

/// The handle of a field that is never set, and that the model writes in a way of its own.
#[must_use]
pub const fn read_only_with<R, V>(name: &'static str, encode: Encode<V>) -> ReadOnly<R, V> {
    ReadOnly::new(name, encode)
}

/// A value that stands for a missing one, as it would be stored.
///
/// # Errors
/// The value has no BSON form.
pub fn encode_missing<V: Serialize>(value: &V) -> Result<Bson, EncodeError> {
    crate::value::encode_value(value)
}

/// Prints one variant of a change enum.
///
/// # Errors
/// Those of the formatter.
pub fn show(to: &mut Formatter<'_>, variant: &str, inside: &dyn Debug) -> std::fmt::Result {
    to.debug_tuple(variant).field(inside).finish()
}

/// The path of the field `name` inside of what is at `around`.
#[must_use]
pub fn name<P: Path>(around: &P, name: &'static str) -> P {
    around.name(name)
}

/// Does nothing with what an error was reported about.
pub fn ignore<V>(_: V) {}

/// The indexes of a model, as it declares them.
#[must_use]
pub fn indexes<T, const N: usize>(indexes: [Index<T>; N]) -> Vec<Index<T>> {
    Vec::from(indexes)
}

/// Clones what is inside one variant of a change enum.
#[must_use]
pub fn copy<V: Clone>(inside: &V) -> V {
    inside.clone()
}

/// What [`Debug`] answers.
pub type Shown = std::fmt::Result;
