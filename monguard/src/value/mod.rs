//! BSON values: how they are made and read, and what they are worth: equality, order, canonical
//! form, size.

mod canonical;
mod codec;
mod equality;
mod kind;
mod magnitude;
mod number;
mod opaque;
mod order;
mod pairs;
mod parse;
mod size;
mod whole;
mod writer;

#[cfg(test)]
pub(crate) mod arbitrary;

pub(crate) use canonical::write_canonical;
pub use codec::{EncodeError, encode};
pub(crate) use codec::{
    cell_of, decode, decode_document, document_of, encode_value, expected_by_serde,
    missing_for_serde, read_cell,
};
pub(crate) use equality::equal;
#[cfg(test)]
pub(crate) use equality::equal_documents;
pub(crate) use kind::kind_name;
#[cfg(test)]
pub(crate) use opaque::write_opaque_bytes;
pub(crate) use opaque::{OpaqueKind, read_opaque, write_opaque};
pub(crate) use order::{bracket, compare, is_nan};
pub(crate) use pairs::{Pair, Pairs};
pub(crate) use parse::{parse, parse_some};
pub(crate) use size::Measure;
pub(crate) use whole::{whole, with_whole_doubles_as_integers};
pub(crate) use writer::RawWriter;
