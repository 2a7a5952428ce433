//! What the derive says of fields that serde reads in a way of their own.

use std::any::Any;
use std::fmt;

use mongodb::bson::{self, Bson, RawDocument};
use serde::de::DeserializeOwned;

use crate::value::{EncodeError, read_cell};

/// Why a value cannot be read, and where inside of it.
pub(crate) type Unread = (bson::error::Error, Option<String>);

/// What reading a value as the attributes of its field say comes to.
pub type Read = Result<Box<dyn Any>, Unread>;

/// Reads the value that is the one field of a document so.
pub(crate) type ReadWith = fn(&RawDocument) -> Read;

/// What stands for a field that a document does not have: the value of serde's `default`, as it
/// would be stored.
pub(crate) type Missing = fn() -> Result<Bson, EncodeError>;

/// How serde reads a field, where that is not the way of its type.
#[derive(Clone, Copy, Default)]
pub(crate) struct Reading {
    pub(crate) with: Option<ReadWith>,
    pub(crate) missing: Option<Missing>,
}

impl Reading {
    /// As its type does.
    pub(crate) const PLAIN: Self = Reading {
        with: None,
        missing: None,
    };
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading")
            .field("with", &self.with.is_some())
            .field("missing", &self.missing.is_some())
            .finish()
    }
}

/// Reads a value through `W`, which reads it as the field's attributes say.
///
/// # Errors
/// Those of serde.
#[doc(hidden)]
pub fn read_through<W: DeserializeOwned, V: Any>(cell: &RawDocument, value: fn(W) -> V) -> Read {
    read_cell::<W>(cell).map(|read| Box::new(value(read)) as Box<dyn Any>)
}
