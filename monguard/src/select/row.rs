use std::any::Any;
use std::fmt;
use std::slice::Iter;

use mongodb::bson::error::Error;
use mongodb::bson::{RawBson, RawBsonRef, RawDocument, RawDocumentBuf};
use serde::de::{DeserializeOwned, Error as _};

use super::Column;
use super::column::Place;
use super::missing::{is_missing, missing};
use crate::value::{EncodeError, cell_of, read_cell};

/// A value that can be read by itself.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot be read by itself",
    label = "cannot be read by itself",
    note = "implement `serde::Deserialize` for it, or read whole documents"
)]
pub trait Readable: DeserializeOwned + Any {}

#[diagnostic::do_not_recommend]
impl<V: DeserializeOwned + Any> Readable for V {}

/// A part of a document that cannot be read: where, and why.
pub struct Unreadable {
    pub(crate) path: String,
    pub(crate) error: Error,
}

/// Shows nothing: the error may quote a value.
impl fmt::Debug for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unreadable")
    }
}

/// The values of a row, in the order in which they were asked for.
pub struct Values<'r> {
    document: &'r RawDocument,
    columns: Iter<'r, Column>,
}

/// Shows none of them: some may be hidden.
impl fmt::Debug for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Values")
    }
}

impl<'r> Values<'r> {
    pub(crate) fn new(document: &'r RawDocument, columns: &'r [Column]) -> Self {
        Values {
            document,
            columns: columns.iter(),
        }
    }

    /// That there is nothing to read: a projection that does not compile is never read.
    #[doc(hidden)]
    pub fn nothing(&self) -> Unreadable {
        Unreadable {
            path: String::new(),
            error: Error::custom("nothing was asked for"),
        }
    }

    /// The next of the values.
    ///
    /// # Errors
    /// It is missing, or not of this type.
    #[doc(hidden)]
    #[allow(clippy::should_implement_trait)] // each value is of another type
    pub fn next<V: Readable>(&mut self) -> Result<V, Unreadable> {
        let Some(column) = self.columns.next() else {
            return Err(self.nothing());
        };
        read_column(self.document, column).map_err(|(error, inside)| Unreadable {
            path: format!("{}{}", column.path, inside),
            error,
        })
    }
}

/// The error, and where inside of the column it is.
type At = (Error, String);

fn read_column<V: Readable>(document: &RawDocument, column: &Column) -> Result<V, At> {
    let value = follow(RawBsonRef::Document(document), &column.places);
    let value = value.map_err(|error| (error, String::new()))?;
    if let Some(value) = value {
        return read_value(&value, column);
    }
    let name = column.name();
    let read = match column.read {
        None => missing::<V>(&name),
        Some(_) => Err(is_missing(&name)),
    };
    read.map_err(|error| (error, String::new()))
}

/// Reads what stands at the end of a column.
pub(crate) fn read_value<V: Readable>(value: &RawBson, column: &Column) -> Result<V, At> {
    let cell: RawDocumentBuf = cell_of(value.as_raw_bson_ref());
    let read = match column.read {
        None => read_cell::<V>(&cell),
        Some(read) => read(&cell).and_then(|value| match value.downcast::<V>() {
            Ok(value) => Ok(*value),
            Err(_) => Err((Error::custom("read as another type"), None)),
        }),
    };
    read.map_err(|(error, inside)| (error, inside.unwrap_or_default()))
}

/// The value at the end of the way; what serde's `default` puts there where there is none.
fn follow(value: RawBsonRef<'_>, places: &[Place]) -> Result<Option<RawBson>, Error> {
    let Some((place, rest)) = places.split_first() else {
        return Ok(Some(value.into()));
    };
    let (inside, missing) = match (value, place) {
        (RawBsonRef::Null | RawBsonRef::Undefined, _) => return Ok(None),
        (RawBsonRef::Document(document), Place::Name { names, missing }) => {
            (stored(document, names)?, *missing)
        }
        (RawBsonRef::Array(items), Place::Index(index)) => (items.get(*index)?, None),
        _ => {
            return Err(Error::custom(
                "invalid type: something else, expected what has fields or elements on the way there",
            ));
        }
    };
    match (inside, missing) {
        (Some(value), _) => follow(value, rest),
        (None, None) => Ok(None),
        (None, Some(default)) => {
            let value = default().map_err(EncodeError::into_cause)?;
            follow(RawBson::try_from(value)?.as_raw_bson_ref(), rest)
        }
    }
}

fn stored<'d>(
    document: &'d RawDocument,
    names: &[String],
) -> Result<Option<RawBsonRef<'d>>, Error> {
    for name in names {
        if let Some(value) = document.get(name)? {
            return Ok(Some(value));
        }
    }
    Ok(None)
}
