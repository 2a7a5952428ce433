use std::fmt;

use mongodb::bson::raw::{CStr, cstr};
use mongodb::bson::{self, Bson, Document, RawBsonRef, RawDocument, RawDocumentBuf};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{RawWriter, parse, with_whole_doubles_as_integers};

/// Why a value cannot be stored.
#[derive(Clone)]
pub struct EncodeError {
    cause: bson::error::Error,
    /// Where monguard refused it, and not serde.
    refusal: Option<&'static str>,
}

impl EncodeError {
    /// A value that monguard does not store, for a reason that quotes nothing of it.
    pub(crate) fn refused(reason: &'static str) -> Self {
        EncodeError {
            cause: serde::ser::Error::custom(reason),
            refusal: Some(reason),
        }
    }

    /// The reason in words of our own: the cause's may quote the value.
    pub(crate) fn reason(&self) -> &'static str {
        if let Some(reason) = self.refusal {
            return reason;
        }
        match self.cause.kind {
            bson::error::ErrorKind::TooLargeUnsignedInteger { .. } => {
                "an unsigned integer above i64::MAX does not fit into BSON"
            }
            _ => "serde could not write it as BSON",
        }
    }

    pub(crate) fn into_cause(self) -> bson::error::Error {
        self.cause
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}

/// Shows the reason alone: the cause may quote the value.
impl fmt::Debug for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EncodeError").field(&self.reason()).finish()
    }
}

impl std::error::Error for EncodeError {}

impl From<bson::error::Error> for EncodeError {
    fn from(cause: bson::error::Error) -> Self {
        EncodeError {
            cause,
            refusal: None,
        }
    }
}

/// Writes a field's value as serde writes it inside a document; `None` where serde leaves the
/// field out.
///
/// # Errors
/// The value has no BSON form.
pub fn encode<V: Serialize + ?Sized>(value: &V) -> Result<Option<Bson>, EncodeError> {
    encode_value(value).map(Some)
}

/// Through a document's bytes, because that is the serializer which the driver uses for a whole
/// document: types that ask `is_human_readable` (UUIDs, for one) answer it differently elsewhere.
pub(crate) fn encode_value<V: Serialize + ?Sized>(value: &V) -> Result<Bson, EncodeError> {
    #[derive(Serialize)]
    struct Cell<'a, V: ?Sized> {
        value: &'a V,
    }
    let mut cell = document_of(&Cell { value })?;
    Ok(cell.remove("value").unwrap_or(Bson::Null))
}

/// The document that serde writes for a struct.
pub(crate) fn document_of<T: Serialize>(value: &T) -> Result<Document, EncodeError> {
    let raw = bson::serialize_to_raw_document_buf(value)?;
    Ok(parse(&raw)?)
}

/// Reads one value as [`decode_document`] reads it inside a document.
pub(crate) fn decode<V: DeserializeOwned>(value: &Bson) -> Result<V, bson::error::Error> {
    let mut cell = RawWriter::new();
    cell.put_value(CELL.as_str(), value)?;
    read_cell(&cell.into_raw()).map_err(|(error, _)| error)
}

/// A document whose one field is this value.
pub(crate) fn cell_of(value: RawBsonRef<'_>) -> RawDocumentBuf {
    let mut cell = RawDocumentBuf::new();
    cell.append(CELL, value);
    cell
}

/// Reads the value that is the one field of a document, as [`decode_document`] reads it inside one.
/// The path of an error begins inside of the value.
pub(crate) fn read_cell<V: DeserializeOwned>(
    cell: &RawDocument,
) -> Result<V, (bson::error::Error, Option<String>)> {
    #[derive(Deserialize)]
    struct Read<V> {
        value: V,
    }
    match decode_document::<Read<V>>(cell) {
        Ok(read) => Ok(read.value),
        Err((error, path)) => {
            let inside = path.and_then(|path| path.strip_prefix("value").map(str::to_owned));
            Err((error, inside))
        }
    }
}

/// The name of the field in a cell: that of `Read`.
const CELL: &CStr = cstr!("value");

/// Reads a whole document. An error comes with the path of what could not be read.
///
/// A field of an integer type also reads a whole double, as which JavaScript stores integers beyond
/// 32 bits.
pub(crate) fn decode_document<T: DeserializeOwned>(
    document: &RawDocument,
) -> Result<T, (bson::error::Error, Option<String>)> {
    bson::deserialize_from_slice(document.as_bytes()).or_else(|error| {
        if let Some(converted) = with_whole_doubles_as_integers(document)
            && let Ok(value) = bson::deserialize_from_slice(converted.as_bytes())
        {
            return Ok(value);
        }
        // Only now, since keeping track of the path costs.
        let deserializer = bson::RawDeserializer::new(document.as_bytes());
        let path = deserializer
            .ok()
            .and_then(|deserializer| serde_path_to_error::deserialize::<_, T>(deserializer).err())
            .map(|error| error.path().to_string())
            .filter(|path| path != ".");
        Err((error, path))
    })
}

/// What serde says it expected. Its own messages end with that; what was found, which may be a
/// value, comes before. A message of a type's own may hold anything, so it is not searched.
pub(crate) fn expected_by_serde(message: &str) -> Option<&str> {
    const KINDS: [&str; 5] = [
        "invalid type:",
        "invalid value:",
        "invalid length",
        "unknown variant",
        "unknown field",
    ];
    /// How messages end that name a value and expect nothing.
    const WITHOUT: [&str; 2] = ["there are no variants", "there are no fields"];
    let is_serdes = KINDS.iter().any(|kind| message.starts_with(kind));
    if !is_serdes || WITHOUT.iter().any(|end| message.ends_with(end)) {
        return None;
    }
    message
        .rsplit_once(", expected ")
        .map(|(_, expected)| expected)
}

/// The field that serde misses. Its name is one of the program's, not of the document's; what is
/// not a name is somebody else's message.
pub(crate) fn missing_for_serde(message: &str) -> Option<&str> {
    let name = message.strip_prefix("missing field `")?.strip_suffix('`')?;
    let is_name = name
        .chars()
        .all(|char| char.is_alphanumeric() || char == '_');
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_serde_expected_is_told_from_what_it_found() {
        for (message, expected) in [
            ("invalid type: string \"a\", expected i64", Some("i64")),
            (
                "invalid type: string \"a, expected b\", expected i64",
                Some("i64"),
            ),
            (
                "invalid value: string \"expected b\", expected a key",
                Some("a key"),
            ),
            ("invalid length 3, expected an array", Some("an array")),
            (
                "unknown variant `a, expected b`, expected one of `c`, `d`",
                Some("one of `c`, `d`"),
            ),
            (
                "unknown variant `a, expected b`, there are no variants",
                None,
            ),
            ("unknown field `a, expected b`, there are no fields", None),
            ("missing field `name`", None),
            ("the code a, expected b", None),
        ] {
            assert_eq!(expected_by_serde(message), expected, "{message}");
        }
        assert_eq!(missing_for_serde("missing field `a`"), Some("a"));
        assert_eq!(missing_for_serde("missing field `a: b`"), None);
    }
}
