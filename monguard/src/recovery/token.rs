use std::fmt;
use std::str::FromStr;

use mongodb::bson::{Bson, doc};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{InvalidRecoveryToken, InvalidRecoveryTokenReason};
use crate::value::{EncodeError, OpaqueKind, read_opaque, write_opaque};

/// How far a recovery has come, to be kept and handed back.
///
/// It prints and parses as one word, and serialises as that. It holds the collection and the id of
/// the last document that was seen to.
///
/// ```
/// use monguard::RecoveryToken;
///
/// assert!("what somebody made up".parse::<RecoveryToken>().is_err());
/// ```
#[derive(Clone, PartialEq)]
pub struct RecoveryToken {
    collection: String,
    last: Bson,
    text: String,
}

const COLLECTION: &str = "c";
const LAST: &str = "i";

impl RecoveryToken {
    pub(super) fn new(collection: &str, last: Bson) -> Result<Self, EncodeError> {
        let document = doc! { COLLECTION: collection, LAST: last.clone() };
        Ok(RecoveryToken {
            collection: collection.to_owned(),
            last,
            text: write_opaque(OpaqueKind::Recovery, &document)?,
        })
    }

    /// The id of the last document, if the token is of this collection.
    pub(super) fn last_in(&self, collection: &str) -> Option<&Bson> {
        (self.collection == collection).then_some(&self.last)
    }
}

impl FromStr for RecoveryToken {
    type Err = InvalidRecoveryToken;

    fn from_str(text: &str) -> Result<Self, InvalidRecoveryToken> {
        let unreadable = || InvalidRecoveryToken::new(InvalidRecoveryTokenReason::Unreadable);
        let mut document = read_opaque(OpaqueKind::Recovery, text).ok_or_else(unreadable)?;
        match (document.remove(COLLECTION), document.remove(LAST)) {
            (Some(Bson::String(collection)), Some(last)) => Ok(RecoveryToken {
                collection,
                last,
                text: text.to_owned(),
            }),
            _ => Err(unreadable()),
        }
    }
}

impl fmt::Display for RecoveryToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for RecoveryToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecoveryToken")
            .field("collection", &self.collection)
            .finish_non_exhaustive()
    }
}

impl Serialize for RecoveryToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for RecoveryToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_written_and_belongs_to_its_collection() {
        for last in [
            Bson::Int32(7),
            Bson::Null,
            "x".into(),
            doc! { "a": 1 }.into(),
        ] {
            let token = RecoveryToken::new("orders", last.clone()).unwrap();
            let read: RecoveryToken = token.to_string().parse().unwrap();
            assert_eq!(read, token);
            assert_eq!(read.last_in("orders"), Some(&last));
            assert_eq!(read.last_in("invoices"), None);
        }
    }

    #[test]
    fn what_was_cut_or_changed_is_no_token() {
        let token = RecoveryToken::new("orders", Bson::Int32(7)).unwrap();
        let text = token.to_string();
        assert!(text[1..].parse::<RecoveryToken>().is_err());
        assert!("".parse::<RecoveryToken>().is_err());
        let cursor = doc! { COLLECTION: "orders", LAST: 7 };
        let cursor = write_opaque(OpaqueKind::Cursor, &cursor).unwrap();
        assert!(cursor.parse::<RecoveryToken>().is_err());
    }
}
