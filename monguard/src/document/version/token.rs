use std::fmt;

use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, Bson, Uuid};
use serde::{Serialize, Serializer};

use super::{ForeignKind, Version, VersionKind, sealed};
use crate::value::kind_name;

/// A version that is a random UUID, another one after each write: for models with
/// `#[monguard(version = "uuid")]`.
///
/// It is stored as BSON's UUID (binary, subtype 4) and made by the client. Tokens have no order;
/// that of a document's writes is in `updatedAt`, which therefore is later with each write of such
/// a model, by a millisecond at least. A UUID stored as text, or in the old binary subtype 3, is
/// no token.
///
/// A document that was written by other means may have none ([`Token::is_absent`]); its first write
/// through monguard makes one.
///
/// ```
/// use monguard::Token;
/// use mongodb::bson::Uuid;
///
/// let uuid = Uuid::new();
/// assert_eq!(Token::from(uuid), uuid);
/// assert_eq!(Token::from(uuid).to_string(), uuid.to_string());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Token(Option<Uuid>);

impl Token {
    /// The version of a document that has none.
    pub const ABSENT: Token = Token(None);

    /// The UUID, or `None` where the document has no version.
    #[must_use]
    pub const fn get(self) -> Option<Uuid> {
        self.0
    }

    /// Whether the document has no version.
    #[must_use]
    pub const fn is_absent(self) -> bool {
        self.0.is_none()
    }
}

impl From<Uuid> for Token {
    fn from(uuid: Uuid) -> Self {
        Token(Some(uuid))
    }
}

impl PartialEq<Uuid> for Token {
    fn eq(&self, uuid: &Uuid) -> bool {
        self.0 == Some(*uuid)
    }
}

/// As a UUID (in text formats: hyphenated); null where there is none.
impl Serialize for Token {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.version().fmt(f)
    }
}

impl sealed::Sealed for Token {}

impl VersionKind for Token {
    const EXPECTED: &'static str = "a UUID (binary, subtype 4)";
    const IS_ORDERED: bool = false;

    fn read(stored: Option<&Bson>) -> Result<Self, ForeignKind> {
        match stored {
            None => Ok(Token::ABSENT),
            Some(Bson::Binary(binary)) => match binary.to_uuid() {
                Ok(uuid) => Ok(Token(Some(uuid))),
                Err(_) => Err(ForeignKind(kind_of(binary))),
            },
            Some(other) => Err(ForeignKind(kind_name(other))),
        }
    }

    fn next(&self) -> Option<Self> {
        Some(Self::first())
    }

    fn to_bson(&self) -> Option<Bson> {
        self.0.map(|uuid| Bson::Binary(Binary::from(uuid)))
    }

    fn first() -> Self {
        Token(Some(Uuid::new()))
    }

    fn may_be_first(&self) -> bool {
        !self.is_absent()
    }

    fn version(&self) -> Version {
        self.0.map_or(Version::Absent, Version::Token)
    }
}

fn kind_of(binary: &Binary) -> &'static str {
    match binary.subtype {
        BinarySubtype::UuidOld => "a UUID of the old binary subtype 3",
        BinarySubtype::Uuid => "a binary of the UUID subtype that is not 16 bytes long",
        _ => "a binary that is no UUID",
    }
}

#[cfg(test)]
mod tests {
    use mongodb::bson::UuidRepresentation;

    use super::*;

    #[test]
    fn a_token_is_read_back_and_never_goes_on_as_itself() {
        let token = Token::read(None).unwrap().next().unwrap();
        let stored = token.to_bson().unwrap();
        let Bson::Binary(binary) = &stored else {
            panic!("{stored}")
        };
        assert_eq!(binary.subtype, BinarySubtype::Uuid);
        // Version 4, variant 1: random.
        assert_eq!((binary.bytes[6] >> 4, binary.bytes[8] >> 6), (4, 0b10));
        assert_eq!(Token::read(Some(&stored)).unwrap(), token);
        assert_ne!(token.next(), Some(token));
    }

    #[test]
    fn what_is_no_token_is_named_by_its_type() {
        let uuid = Uuid::new();
        let old = Binary::from_uuid_with_representation(uuid, UuidRepresentation::JavaLegacy);
        let binary = |subtype, bytes: &[u8]| {
            let bytes = bytes.to_vec();
            Bson::Binary(Binary { subtype, bytes })
        };
        for (foreign, name) in [
            (Bson::String(uuid.to_string()), "a string"),
            (Bson::Int32(1), "a 32-bit integer"),
            (Bson::Null, "null"),
            (Bson::Binary(old), "a UUID of the old binary subtype 3"),
            (
                binary(BinarySubtype::Generic, &uuid.bytes()),
                "a binary that is no UUID",
            ),
            (
                binary(BinarySubtype::Uuid, &[1, 2]),
                "a binary of the UUID subtype that is not 16 bytes long",
            ),
        ] {
            assert_eq!(Token::read(Some(&foreign)).unwrap_err().0, name);
        }
    }
}
