//! BSON values: how they are made and read.

mod codec;
mod kind;

pub(crate) use codec::{decode, decode_document, document_of, encode_value, locate_decode_error};
pub use codec::{EncodeError, encode};
pub(crate) use kind::kind_name;
