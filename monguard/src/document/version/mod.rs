//! Kinds of versions: what they read, how they go on, how they are shown.

mod counter;
mod field;
mod token;

use std::fmt;

use mongodb::bson::{Bson, Uuid};
use serde::{Serialize, Serializer};

pub use counter::Counter;
pub use field::{VersionField, assert_version_field};
pub use token::Token;

mod sealed {
    pub trait Sealed {}
}

/// The kind of version that a model has: a [`Counter`] or a [`Token`].
pub trait VersionKind:
    sealed::Sealed + Clone + fmt::Debug + fmt::Display + PartialEq + Send + Sync + 'static
{
    /// What is expected to be stored, in words.
    #[doc(hidden)]
    const EXPECTED: &'static str;
    /// Whether a later version compares as greater. Where it does not, the stamps of a document's
    /// writes tell their order, so each is later than the one before.
    #[doc(hidden)]
    const IS_ORDERED: bool;
    #[doc(hidden)]
    fn read(stored: Option<&Bson>) -> Result<Self, ForeignKind>;
    #[doc(hidden)]
    fn next(&self) -> Option<Self>;
    /// As it is stored; `None` where the document has no version.
    #[doc(hidden)]
    fn to_bson(&self) -> Option<Bson>;
    /// A version for a document that is being created.
    #[doc(hidden)]
    fn first() -> Self;
    /// Whether a document that was just created may have it.
    #[doc(hidden)]
    fn may_be_first(&self) -> bool;
    /// The version without its kind, as errors and audit entries show it.
    fn version(&self) -> Version;
}

/// A version of any kind, as errors and audit entries show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Version {
    /// The document has no version: no monguard has written it yet.
    Absent,
    /// A counter.
    Number(i64),
    /// A token.
    Token(Uuid),
}

impl Version {
    /// The number, where the version is one.
    #[must_use]
    pub const fn as_i64(self) -> Option<i64> {
        match self {
            Version::Number(number) => Some(number),
            Version::Absent | Version::Token(_) => None,
        }
    }

    /// The token, where the version is one.
    #[must_use]
    pub const fn as_token(self) -> Option<Uuid> {
        match self {
            Version::Token(token) => Some(token),
            Version::Absent | Version::Number(_) => None,
        }
    }

    /// Whether the document has no version.
    #[must_use]
    pub const fn is_absent(self) -> bool {
        matches!(self, Version::Absent)
    }

    /// As it is stored; `None` where there is none.
    pub(crate) fn to_bson(self) -> Option<Bson> {
        match self {
            Version::Absent => None,
            Version::Number(number) => Counter::from(number).to_bson(),
            Version::Token(token) => Token::from(token).to_bson(),
        }
    }

    /// Either kind, as it was stored; `None` where it is neither.
    pub(crate) fn read(stored: &Bson) -> Option<Self> {
        let counter = Counter::read(Some(stored)).map(|counter| counter.version());
        let version = counter.or_else(|_| Token::read(Some(stored)).map(|token| token.version()));
        version.ok()
    }
}

impl From<i64> for Version {
    fn from(number: i64) -> Self {
        Version::Number(number)
    }
}

impl PartialEq<i64> for Version {
    fn eq(&self, number: &i64) -> bool {
        self.as_i64() == Some(*number)
    }
}

impl PartialEq<Uuid> for Version {
    fn eq(&self, token: &Uuid) -> bool {
        self.as_token() == Some(*token)
    }
}

/// A counter as a number, a token as a UUID (in text formats: hyphenated); null where there is
/// none.
impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Version::Absent => serializer.serialize_none(),
            Version::Number(number) => Some(number).serialize(serializer),
            Version::Token(token) => Some(token).serialize(serializer),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Version::Number(number) => number.fmt(f),
            Version::Token(token) => token.fmt(f),
            Version::Absent => f.write_str("none"),
        }
    }
}

/// A stored value that is no version of the expected kind: the name of its type.
#[derive(Clone, Copy, Debug)]
pub struct ForeignKind(pub(crate) &'static str);

#[cfg(test)]
mod tests {
    use mongodb::bson::bson;

    use super::*;

    #[test]
    fn each_kind_is_read_back_from_what_it_stores() {
        for version in [
            Version::Number(0),
            Version::Number(1 << 40),
            Version::Token(Uuid::new()),
        ] {
            assert_eq!(Version::read(&version.to_bson().unwrap()), Some(version));
        }
        assert_eq!(Version::Absent.to_bson(), None);
        for foreign in [bson!("1"), bson!(1.5), Bson::Null] {
            assert_eq!(Version::read(&foreign), None);
        }
    }

    #[test]
    fn a_text_format_shows_numbers_and_hyphenated_tokens() {
        let token = Uuid::parse_str("936da01f-9abd-4d9d-80c7-02af85c822a8").unwrap();
        let shown = [Version::Number(3), Version::Token(token), Version::Absent];
        assert_eq!(
            serde_json::to_string(&shown).unwrap(),
            r#"[3,"936da01f-9abd-4d9d-80c7-02af85c822a8",null]"#
        );
    }
}
