use std::fmt;
use std::str::FromStr;

use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, Bson, doc};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{InvalidCursor, InvalidCursorReason};
use crate::value::{EncodeError, OpaqueKind, read_opaque, write_opaque};

/// A place between two documents of a query, for a client to hold and hand back.
///
/// It prints and parses as one word, which may stand in a URL, and serialises as that. It belongs to
/// its query: collection, filter and sort. It holds the values that the sort has at that place, in
/// a form that hides nothing and that anybody can make up: it is no secret, and grants nothing.
///
/// ```
/// use monguard::Cursor;
///
/// assert!("what a client made up".parse::<Cursor>().is_err());
/// ```
#[derive(Clone, PartialEq)]
pub struct Cursor {
    digest: Vec<u8>,
    values: Vec<Bson>,
    text: String,
}

/// The digest of the query.
const QUERY: &str = "q";
/// The values of the sort's keys.
const VALUES: &str = "k";

impl Cursor {
    pub(crate) fn new(digest: &[u8], values: Vec<Bson>) -> Result<Self, EncodeError> {
        let query = Binary {
            subtype: BinarySubtype::Generic,
            bytes: digest.to_vec(),
        };
        let document = doc! { QUERY: query, VALUES: values.clone() };
        Ok(Cursor {
            digest: digest.to_vec(),
            values,
            text: write_opaque(OpaqueKind::Cursor, &document)?,
        })
    }

    /// The values at this place, if it is one of the query that has this digest.
    pub(crate) fn values_in(&self, digest: &[u8], keys: usize) -> Option<&[Bson]> {
        let is_of_query = self.digest == digest && self.values.len() == keys;
        is_of_query.then_some(&self.values)
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let unreadable = || InvalidCursor::new(InvalidCursorReason::Unreadable);
        let mut document = read_opaque(OpaqueKind::Cursor, text).ok_or_else(unreadable)?;
        match (document.remove(QUERY), document.remove(VALUES)) {
            (Some(Bson::Binary(digest)), Some(Bson::Array(values))) => Ok(Cursor {
                digest: digest.bytes,
                values,
                text: text.to_owned(),
            }),
            _ => Err(unreadable()),
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Shows no values.
impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cursor(..)")
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}
