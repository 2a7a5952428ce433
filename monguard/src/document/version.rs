use std::fmt;
use std::marker::PhantomData;

use mongodb::bson::Bson;
use serde::{Serialize, Serializer};

use crate::value::{kind_name, whole};

mod sealed {
    pub trait Sealed {}
}

/// The kind of version that a model has. This release has one kind, [`Counter`].
pub trait VersionKind:
    sealed::Sealed + Clone + fmt::Debug + fmt::Display + PartialEq + Send + Sync + 'static
{
    #[doc(hidden)]
    fn read(stored: Option<&Bson>) -> Result<Self, ForeignKind>;
    #[doc(hidden)]
    fn next(&self) -> Option<Self>;
    /// As it is stored; `None` where the document has no version.
    #[doc(hidden)]
    fn to_bson(&self) -> Option<Bson>;
    /// The version of a document that was just created.
    #[doc(hidden)]
    fn first() -> Self;
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
}

impl Version {
    /// The number, where the version is one.
    #[must_use]
    pub const fn as_i64(self) -> Option<i64> {
        match self {
            Version::Number(number) => Some(number),
            Version::Absent => None,
        }
    }
}

impl PartialEq<i64> for Version {
    fn eq(&self, number: &i64) -> bool {
        self.as_i64() == Some(*number)
    }
}

/// As a number; null where there is none.
impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_i64().serialize(serializer)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Version::Number(number) => number.fmt(f),
            Version::Absent => f.write_str("none"),
        }
    }
}

/// A stored value that is no version of the expected kind: the name of its type.
#[derive(Clone, Copy, Debug)]
pub struct ForeignKind(pub(crate) &'static str);

/// A version that counts the writes of a document: 1 after its creation, one more with each write.
///
/// A document that was written by other means may have none ([`Counter::is_absent`]), or start at
/// 0 as Mongoose does; its first write through monguard makes a missing version 1.
///
/// ```
/// use monguard::Counter;
///
/// let version = Counter::from(3);
/// assert_eq!(version, 3);
/// assert_eq!(version.to_string(), "3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Counter(Option<i64>);

impl Counter {
    /// The version of a document that has none.
    pub const ABSENT: Counter = Counter(None);

    /// The number, or `None` where the document has no version.
    #[must_use]
    pub const fn get(self) -> Option<i64> {
        self.0
    }

    /// Whether the document has no version.
    #[must_use]
    pub const fn is_absent(self) -> bool {
        self.0.is_none()
    }
}

impl From<i64> for Counter {
    fn from(number: i64) -> Self {
        Counter(Some(number))
    }
}

impl PartialEq<i64> for Counter {
    fn eq(&self, number: &i64) -> bool {
        self.0 == Some(*number)
    }
}

/// As a number; null where there is none.
impl Serialize for Counter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl fmt::Display for Counter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(number) => number.fmt(f),
            None => f.write_str("none"),
        }
    }
}

impl sealed::Sealed for Counter {}

impl VersionKind for Counter {
    fn read(stored: Option<&Bson>) -> Result<Self, ForeignKind> {
        match stored {
            None => Ok(Counter::ABSENT),
            Some(Bson::Int32(number)) => Ok(Counter(Some(i64::from(*number)))),
            Some(Bson::Int64(number)) => Ok(Counter(Some(*number))),
            Some(Bson::Double(number)) => match whole(*number) {
                Some(number) => Ok(Counter(Some(number))),
                None => Err(ForeignKind("a fractional number")),
            },
            Some(other) => Err(ForeignKind(kind_name(other))),
        }
    }

    fn next(&self) -> Option<Self> {
        self.0.unwrap_or(0).checked_add(1).map(Counter::from)
    }

    fn to_bson(&self) -> Option<Bson> {
        // As the TypeScript library stores it, until it no longer fits.
        self.0.map(|number| match i32::try_from(number) {
            Ok(small) => Bson::Int32(small),
            Err(_) => Bson::Int64(number),
        })
    }

    fn first() -> Self {
        Counter(Some(1))
    }

    fn version(&self) -> Version {
        self.0.map_or(Version::Absent, Version::Number)
    }
}

/// What may stand in a field marked `#[monguard(version)]`.
#[diagnostic::on_unimplemented(
    message = "a version cannot be read into a `{Self}`",
    label = "not a version type",
    note = "use `i64`, or `Option<i64>` where documents without a version are read"
)]
pub trait VersionField<K> {}

#[diagnostic::do_not_recommend]
impl VersionField<Counter> for i32 {}
#[diagnostic::do_not_recommend]
impl VersionField<Counter> for i64 {}
#[diagnostic::do_not_recommend]
impl VersionField<Counter> for u32 {}
#[diagnostic::do_not_recommend]
impl VersionField<Counter> for u64 {}
#[diagnostic::do_not_recommend]
impl<K, V: VersionField<K>> VersionField<K> for Option<V> {}

/// Checks the type of a field marked `#[monguard(version)]`.
pub const fn assert_version_field<V: VersionField<K>, K>() {
    let _ = PhantomData::<(V, K)>;
}
