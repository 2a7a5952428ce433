use mongodb::bson::Bson;

use crate::document::{Version, VersionKind, Versioned};
use crate::error::{ForeignVersion, Subject};

/// The rules of a model's kind of version, for code that is not generic over the model.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Versions {
    field: &'static str,
    read: fn(Option<&Bson>) -> Result<StoredVersion, &'static str>,
    next: fn(Option<&Bson>) -> Option<StoredVersion>,
    first: fn() -> StoredVersion,
    may_be_first: fn(Option<&Bson>) -> bool,
    expected: &'static str,
    is_ordered: bool,
}

/// A version as it is stored, and as it is shown.
#[derive(Clone, Debug)]
pub(crate) struct StoredVersion {
    /// `None` where the document has no version.
    pub(crate) stored: Option<Bson>,
    pub(crate) shown: Version,
}

impl StoredVersion {
    fn of<K: VersionKind>(version: &K) -> Self {
        StoredVersion {
            stored: version.to_bson(),
            shown: version.version(),
        }
    }
}

impl Versions {
    pub(crate) const fn of<T: Versioned>() -> Self {
        Versions {
            field: T::META.version_name(),
            read: |stored| {
                let version = T::Version::read(stored).map_err(|found| found.0)?;
                Ok(StoredVersion::of(&version))
            },
            next: |stored| {
                let version = T::Version::read(stored).ok()?.next()?;
                Some(StoredVersion::of(&version))
            },
            first: || StoredVersion::of(&T::Version::first()),
            may_be_first: |stored| {
                T::Version::read(stored).is_ok_and(|version| version.may_be_first())
            },
            expected: T::Version::EXPECTED,
            is_ordered: T::Version::IS_ORDERED,
        }
    }

    pub(crate) fn field(&self) -> &'static str {
        self.field
    }

    pub(crate) fn read(
        &self,
        stored: Option<&Bson>,
        subject: impl FnOnce() -> Subject,
    ) -> Result<StoredVersion, ForeignVersion> {
        (self.read)(stored)
            .map_err(|found| ForeignVersion::new(subject(), self.field, found, self.expected))
    }

    /// The version after this one; `None` where there is none.
    pub(crate) fn next(&self, stored: Option<&Bson>) -> Option<StoredVersion> {
        (self.next)(stored)
    }

    /// A version for a document that is being created: where versions are tokens, another one each
    /// time.
    pub(crate) fn first(&self) -> StoredVersion {
        (self.first)()
    }

    /// Whether a document that was just created may have this version.
    pub(crate) fn may_be_first(&self, stored: Option<&Bson>) -> bool {
        (self.may_be_first)(stored)
    }

    /// Whether a later version compares as greater.
    pub(crate) fn is_ordered(&self) -> bool {
        self.is_ordered
    }
}
