use std::fmt;
use std::sync::Arc;

use mongodb::bson::{Bson, RawDocumentBuf};

use super::{Created, Stored, VersionKind, Versioned};
use crate::guard::{Base, State};
use crate::value::{EncodeError, encode_value};

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
        Revision { id, version, state: Some(state) }
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
        Revision { id, version: version.into(), state: None }
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

    pub(crate) fn base(&self) -> Result<Base, EncodeError> {
        Ok(Base {
            id: encode_value(&self.id)?,
            version_field: T::META.version_field,
            version: self.version.to_bson(),
            shown: self.version.version(),
            state: self.state.clone(),
        })
    }
}

impl<T: Versioned> Clone for Revision<T> {
    fn clone(&self) -> Self {
        Revision { id: self.id.clone(), version: self.version.clone(), state: self.state.clone() }
    }
}

impl<T: Versioned> fmt::Debug for Revision<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revision")
            .field("model", &T::META.name)
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

impl State {
    /// The last operation and the stamp of a stored document.
    pub(crate) fn of(operation: Option<Bson>, updated_at: Option<Bson>) -> Self {
        State { operation, updated_at }
    }
}
