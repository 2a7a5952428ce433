use std::fmt;
use std::sync::Arc;

use mongodb::bson::{self, Bson, RawDocument, RawDocumentBuf};

use super::stored::field;
use super::{Created, Stored, VersionKind, Versioned, names};
use crate::audit::{is_shown, shown_path};
use crate::error::{Decode, Error, ForeignVersion, Result, Subject};
use crate::guard::{Base, State};
use crate::value::{EncodeError, decode, encode_value, expected_by_serde, missing_for_serde};

/// The state of a document that a write is based on: its id, version, last operation (`__w`) and
/// `updatedAt`, as read.
///
/// It carries no field of the model. A write that needs the old values (to audit them, to tell
/// whether it changes anything) reads the document first: one round trip more than with a
/// [`Stored`].
pub struct Revision<T: Versioned> {
    id: T::Id,
    version: T::Version,
    /// `None`: made from a version number alone.
    state: Option<State>,
}

impl<T: Versioned> Revision<T> {
    pub(crate) fn new(id: T::Id, version: T::Version, state: State) -> Self {
        Revision {
            id,
            version,
            state: Some(state),
        }
    }

    /// A revision from a bare version number, for interfaces that hand out nothing else.
    ///
    /// It is weaker than the revision of a [`Stored`]: a version number alone does not identify a
    /// state. An `_id` that was removed and created again is at version 1 again, and after a
    /// failover another write may carry the same number.
    ///
    /// ```
    /// use monguard::prelude::*;
    /// use mongodb::bson::oid::ObjectId;
    ///
    /// #[derive(Serialize, Deserialize, Versioned)]
    /// #[monguard(collection = "orders")]
    /// struct Order {
    ///     amount: i64,
    /// }
    ///
    /// let revision = Revision::<Order>::from_version(ObjectId::new(), 3);
    /// assert_eq!(*revision.version(), 3);
    /// ```
    pub fn from_version(id: T::Id, version: impl Into<T::Version>) -> Self {
        Revision {
            id,
            version: version.into(),
            state: None,
        }
    }

    /// The id of the document.
    pub fn id(&self) -> &T::Id {
        &self.id
    }

    /// The version of the document.
    pub fn version(&self) -> &T::Version {
        &self.version
    }

    /// Whether this is the whole state, and not only a version number.
    pub fn is_whole(&self) -> bool {
        self.state.is_some()
    }

    /// Reads the revision of a document.
    pub(crate) fn read(document: &RawDocument, collection: &str) -> Result<Self> {
        let version = field(document, T::META.version_name());
        let version = T::Version::read(version.as_ref()).map_err(|found| {
            ForeignVersion::new(
                subject::<T>(document, collection),
                T::META.version_name(),
                found.0,
            )
        })?;
        let id = field(document, names::ID).unwrap_or(Bson::Null);
        let id = decode::<T::Id>(&id).map_err(|error| {
            Self::undecodable(document, collection, error, Some(names::ID.to_owned()))
        })?;
        let state = State {
            operation: field(document, names::OPERATION),
            updated_at: field(document, names::UPDATED_AT),
        };
        Ok(Revision::new(id, version, state))
    }

    /// That a document is not as the model says, without what the model hides.
    pub(crate) fn undecodable(
        document: &RawDocument,
        collection: &str,
        error: bson::error::Error,
        path: Option<String>,
    ) -> Error {
        let meta = T::META;
        let place = path.as_deref().unwrap_or_default();
        let shown = shown_path(&meta, place).to_owned();
        let message = error.message.as_deref().unwrap_or_default();
        let missing = missing_for_serde(message).filter(|_| is_shown(&meta, place));
        let expected = match (expected_by_serde(message), missing) {
            (Some(expected), _) => Some(expected.to_owned()),
            (None, Some(field)) => Some(format!("a field `{field}`")),
            (None, None) => None,
        };
        let path = path.map(|_| shown);
        let cause = (!meta.redacts()).then_some(error);
        Decode::new(subject::<T>(document, collection), path, expected, cause).into()
    }

    pub(crate) fn base(&self) -> Result<Base, EncodeError> {
        Ok(Base {
            id: encode_value(&self.id)?,
            version_field: T::META.version_name(),
            version: self.version.to_bson(),
            shown: self.version.version(),
            state: self.state.clone(),
        })
    }
}

fn subject<T: Versioned>(document: &RawDocument, collection: &str) -> Subject {
    Subject::new(
        T::META.name(),
        collection.into(),
        field(document, names::ID),
    )
}

impl<T: Versioned> Clone for Revision<T> {
    fn clone(&self) -> Self {
        Revision {
            id: self.id.clone(),
            version: self.version.clone(),
            state: self.state.clone(),
        }
    }
}

impl<T: Versioned> fmt::Debug for Revision<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revision")
            .field("model", &T::META.name())
            .field("id", &self.id)
            .field("version", &self.version)
            .field("state", &self.state)
            .finish()
    }
}

/// What an update may be based on: a [`Stored`], a [`Revision`] or a [`Created`], by reference or
/// by value.
///
/// By value, a stale document cannot be used a second time by mistake.
#[diagnostic::on_unimplemented(
    message = "an update of `{T}` must say which version it is based on",
    label = "names no version of `{T}`",
    note = "pass a `&Stored<{T}>` or a `Revision<{T}>`",
    note = "to write to the latest version, whatever it is, use `modify(id, ..)` or `update_latest(id)`"
)]
pub trait BasedOn<T: Versioned> {
    #[doc(hidden)]
    fn revision(&self) -> Revision<T>;
    #[doc(hidden)]
    fn snapshot(&self) -> Option<Arc<RawDocumentBuf>>;
}

#[diagnostic::do_not_recommend]
impl<T: Versioned> BasedOn<T> for Stored<T> {
    fn revision(&self) -> Revision<T> {
        Stored::revision(self).clone()
    }
    fn snapshot(&self) -> Option<Arc<RawDocumentBuf>> {
        Some(self.raw().clone())
    }
}

#[diagnostic::do_not_recommend]
impl<T: Versioned> BasedOn<T> for Created<T> {
    fn revision(&self) -> Revision<T> {
        Stored::revision(self).clone()
    }
    fn snapshot(&self) -> Option<Arc<RawDocumentBuf>> {
        Some(self.raw().clone())
    }
}

#[diagnostic::do_not_recommend]
impl<T: Versioned> BasedOn<T> for Revision<T> {
    fn revision(&self) -> Revision<T> {
        self.clone()
    }
    fn snapshot(&self) -> Option<Arc<RawDocumentBuf>> {
        None
    }
}

#[diagnostic::do_not_recommend]
impl<T: Versioned, B: BasedOn<T>> BasedOn<T> for &B {
    fn revision(&self) -> Revision<T> {
        B::revision(self)
    }
    fn snapshot(&self) -> Option<Arc<RawDocumentBuf>> {
        B::snapshot(self)
    }
}
