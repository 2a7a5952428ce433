use std::fmt;

use mongodb::bson::Bson;
use serde::{Serialize, Serializer};

use super::{ForeignKind, Version, VersionKind, sealed};
use crate::value::{kind_name, whole};

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
    const EXPECTED: &'static str = "an integer";
    const IS_ORDERED: bool = true;

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

    fn may_be_first(&self) -> bool {
        *self == Self::first()
    }

    fn version(&self) -> Version {
        self.0.map_or(Version::Absent, Version::Number)
    }
}

#[cfg(test)]
mod tests {
    use mongodb::bson::bson;

    use super::*;

    #[test]
    fn a_counter_grows_from_int32_to_int64() {
        let next = |stored: Bson| Counter::read(Some(&stored)).unwrap().next().unwrap();
        assert_eq!(next(bson!(i32::MAX - 1)).to_bson(), Some(bson!(i32::MAX)));
        let grown = next(bson!(i32::MAX));
        assert_eq!(grown.to_bson(), Some(Bson::Int64(1 << 31)));
        assert_eq!(next(Bson::Int64(1 << 31)), (1_i64 << 31) + 1);
        assert_eq!(next(bson!(2_147_483_647.0)), 1_i64 << 31);
        let last = Counter::read(Some(&Bson::Int64(i64::MAX))).unwrap();
        assert_eq!(last.next(), None);
    }

    #[test]
    fn a_missing_counter_goes_on_as_one() {
        assert_eq!(Counter::read(None).unwrap().next().unwrap(), 1);
        assert_eq!(Counter::read(Some(&bson!(0))).unwrap().next().unwrap(), 1);
    }
}
