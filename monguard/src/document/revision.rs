#[cfg(test)]
mod tests;
mod text;

use std::fmt;

use mongodb::bson::{self, Bson, Document, RawBsonRef, RawDocument};

use super::stored::{field, fields};
use super::{Place, VersionKind, Versioned, names};
use crate::audit::{is_shown, shown_path};
use crate::error::{Decode, Error, ForeignVersion, InvalidUpdate, Result, Subject};
use crate::guard::{Base, State};
use crate::value::{EncodeError, decode, encode_value, expected_by_serde, missing_for_serde};

/// The state of a document that a write is based on: its id, version, last operation (`__w`) and
/// `updatedAt`, as read, and the shard key where the model has one.
///
/// It carries no other field of the model. A write that needs the old values (to audit them, to
/// tell whether it changes anything) reads the document first: one round trip more than with a
/// [`Stored`](crate::Stored).
///
/// It can leave the process and come back: as an HTTP `ETag` ([`Revision::to_etag`],
/// [`Revision::from_etag`]), as one opaque word (`Display`, `FromStr`, and serde in text formats),
/// or as a document (serde in BSON). What comes back is as strong as what left, and is accepted for
/// the same collection alone. The word is not encrypted, and not signed: it shows the id and the
/// shard key to whoever takes it apart, and it is no permission to write.
///
/// ```
/// use monguard::prelude::*;
///
/// #[derive(Serialize, Deserialize, Versioned)]
/// #[monguard(collection = "orders")]
/// struct Order {
///     amount: i64,
/// }
///
/// #[derive(Serialize, Deserialize, Versioned)]
/// #[monguard(collection = "invoices")]
/// struct Invoice {
///     total: i64,
/// }
///
/// # fn main() -> monguard::Result<()> {
/// let stored = Stored::from_parts(mongodb::bson::oid::ObjectId::new(), 3, Order { amount: 5 })?;
/// let etag = stored.revision().to_etag(); // "AXcY…", with the quotes
///
/// let revision = Revision::<Order>::from_etag(&etag)?;
/// assert_eq!(*revision.version(), 3);
/// assert!(Revision::<Invoice>::from_etag(&etag).is_err());
/// # Ok(())
/// # }
/// ```
pub struct Revision<T: Versioned> {
    id: T::Id,
    /// As it was read, where it was: it need not be encoded again.
    stored_id: Option<Bson>,
    /// Without the id, as in [`Place`].
    shard_key: Document,
    version: T::Version,
    /// `None`: made from a version number alone.
    state: Option<State>,
}

impl<T: Versioned> Revision<T> {
    /// A revision from a bare version number, for interfaces that hand out nothing else.
    ///
    /// It is weaker than the revision of a [`Stored`](crate::Stored): a version number alone does not identify a
    /// state. An `_id` that was removed and created again is at version 1 again, and after a
    /// failover another write may carry the same number. (A token does identify a state, as long as
    /// every writer makes a new one.)
    ///
    /// For a model with a shard key there is [`Revision::from_version_at`].
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
    pub fn from_version(id: T::Id, version: impl Into<T::Version>) -> Self
    where
        T: Versioned<Locator = <T as Versioned>::Id>,
    {
        Revision {
            id,
            stored_id: None,
            shard_key: Document::new(),
            version: version.into(),
            state: None,
        }
    }

    /// A revision from a bare version, likewise, of a document that is found by its id and shard
    /// key.
    ///
    /// # Errors
    /// [`Error::InvalidUpdate`] where a part of the locator has no BSON form.
    pub fn from_version_at(locator: &T::Locator, version: impl Into<T::Version>) -> Result<Self> {
        let refuse = |error| {
            let subject = Subject::new(T::META.name(), T::COLLECTION.into(), None);
            InvalidUpdate::encode("", error)
                .of(subject)
                .hiding(&T::META)
        };
        let place = T::place(locator).map_err(refuse)?;
        let id = decode(&place.id).map_err(|error| refuse(error.into()))?;
        Ok(Revision {
            id,
            stored_id: Some(place.id),
            shard_key: place.shard_key,
            version: version.into(),
            state: None,
        })
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
        let of_every_write = [
            names::ID,
            T::META.version_name(),
            names::OPERATION,
            names::UPDATED_AT,
        ];
        let [id, version, operation, updated_at] = fields(document, of_every_write);
        let parsed = |value: Option<RawBsonRef<'_>>| value.and_then(|v| Bson::try_from(v).ok());
        let version = T::Version::read(parsed(version).as_ref()).map_err(|found| {
            ForeignVersion::new(
                subject::<T>(document, collection),
                T::META.version_name(),
                found.0,
                T::Version::EXPECTED,
            )
        })?;
        let place = Place::from_fields(&T::META, |name| match name {
            names::ID => parsed(id),
            name => field(document, name),
        });
        let id = decode(&place.id).map_err(|error| {
            Self::undecodable(document, collection, error, Some(names::ID.to_owned()))
        })?;
        Ok(Revision {
            id,
            stored_id: Some(place.id),
            shard_key: place.shard_key,
            version,
            state: Some(State {
                operation: parsed(operation),
                updated_at: parsed(updated_at),
            }),
        })
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

    fn place(&self) -> Result<Place, EncodeError> {
        Ok(Place {
            id: match &self.stored_id {
                Some(id) => id.clone(),
                None => encode_value(&self.id)?,
            },
            shard_key: self.shard_key.clone(),
        })
    }

    pub(crate) fn base(&self) -> Result<Base, EncodeError> {
        Ok(Base {
            place: self.place()?,
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
            stored_id: self.stored_id.clone(),
            shard_key: self.shard_key.clone(),
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
            .field("shard_key", &self.shard_key)
            .field("version", &self.version)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
