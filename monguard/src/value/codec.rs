use std::fmt;

use mongodb::bson::{self, Bson, Document, RawDocument};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Why a value cannot be stored.
#[derive(Clone, Debug)]
pub struct EncodeError {
    cause: bson::error::Error,
}

impl EncodeError {
    /// The reason in words of our own: the cause's may quote the value.
    pub(crate) fn reason(&self) -> &'static str {
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

impl std::error::Error for EncodeError {}

impl From<bson::error::Error> for EncodeError {
    fn from(cause: bson::error::Error) -> Self {
        EncodeError { cause }
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
    Ok(Document::try_from(raw.as_ref())?)
}

/// Reads one value as serde reads it inside a document.
pub(crate) fn decode<V: DeserializeOwned>(value: &Bson) -> Result<V, bson::error::Error> {
    #[derive(Serialize)]
    struct Cell<'a> {
        value: &'a Bson,
    }
    #[derive(Deserialize)]
    struct Read<V> {
        value: V,
    }
    let bytes = bson::serialize_to_vec(&Cell { value })?;
    Ok(bson::deserialize_from_slice::<Read<V>>(&bytes)?.value)
}

/// Reads a whole document. An error comes with the path of what could not be read.
pub(crate) fn decode_document<T: DeserializeOwned>(
    document: &RawDocument,
) -> Result<T, (bson::error::Error, Option<String>)> {
    bson::deserialize_from_slice(document.as_bytes()).map_err(|error| {
        // Only now, since keeping track of the path costs.
        let deserializer = bson::RawDeserializer::new(document.as_bytes());
        let path = deserializer
            .ok()
            .and_then(|deserializer| serde_path_to_error::deserialize::<_, T>(deserializer).err())
            .map(|error| error.path().to_string())
            .filter(|path| path != ".");
        (error, path)
    })
}

/// What an error of serde may show: where, what was expected, and the cause unless its text may
/// quote a value that must stay hidden.
pub(crate) fn locate_decode_error(
    error: bson::error::Error,
    path: Option<String>,
    hides_values: bool,
) -> (Option<String>, Option<String>, Option<bson::error::Error>) {
    let expected = error
        .message
        .as_deref()
        .and_then(expected_by_serde)
        .map(str::to_owned);
    (path, expected, (!hides_values).then_some(error))
}

/// What serde says it expected. Its own messages end with that; what was found, which may be a
/// value, comes before. A message of a type's own may hold anything, so it is not searched.
fn expected_by_serde(message: &str) -> Option<&str> {
    const KINDS: [&str; 5] = [
        "invalid type:",
        "invalid value:",
        "invalid length",
        "unknown variant",
        "unknown field",
    ];
    KINDS
        .iter()
        .any(|kind| message.starts_with(kind))
        .then_some(())?;
    message
        .rsplit_once("expected ")
        .map(|(_, expected)| expected)
}
