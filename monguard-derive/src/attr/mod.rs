//! What the user wrote: `#[monguard(...)]` and `#[serde(...)]` as values with spans. Nothing here
//! knows what an attribute means.

mod duration;
mod index;
pub(crate) mod keys;
mod monguard;
mod serde;
mod value;

pub(crate) use index::{IndexField, IndexWords, Unique, without_fields};
pub(crate) use keys::{Key, Place};
pub(crate) use monguard::{Attributes, Given, parse_monguard};
pub(crate) use serde::{
    Renames, SerdeContainer, SerdeField, SerializeFunction, Word, parse_serde_container,
    parse_serde_field,
};
pub(crate) use value::Value;
