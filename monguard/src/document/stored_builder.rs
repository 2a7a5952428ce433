use std::fmt;
use std::sync::Arc;

use mongodb::bson::oid::ObjectId;
use mongodb::bson::{Bson, DateTime, Document, RawDocumentBuf, doc};

use super::unknown::written;
use super::{Outcome, Stored, VersionKind, Versioned, names};
use crate::error::{InvalidUpdate, Result, Subject};
use crate::value::encode_value;

/// Puts a [`Stored`] together by hand, for unit tests without a server: made with
/// [`Stored::builder`].
#[must_use = "a builder does nothing unless built"]
pub struct StoredBuilder<T: Versioned> {
    id: T::Id,
    version: T::Version,
    value: T,
    fields: Document,
    outcome: Outcome,
}

impl<T: Versioned> Stored<T> {
    /// Puts a stored document together by hand: for unit tests of code that takes a `Stored`,
    /// without a server. [`Stored::builder`] says more of it: stamps, deletion, outcome.
    ///
    /// ```
    /// use monguard::prelude::*;
    ///
    /// #[derive(Serialize, Deserialize, Versioned)]
    /// #[monguard(collection = "orders")]
    /// struct Order {
    ///     #[serde(rename = "_id")]
    ///     #[monguard(id)]
    ///     number: String,
    ///     amount: i64,
    /// }
    ///
    /// # fn main() -> monguard::Result<()> {
    /// let order = Order { number: "A-1".into(), amount: 5 };
    /// let stored = Stored::from_parts("A-1".to_owned(), 3, order)?;
    /// assert_eq!(stored.amount, 5);
    /// assert_eq!(stored.version(), 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidUpdate`](crate::Error::InvalidUpdate) where the value or the id has no BSON
    /// form; [`Error::Decode`](crate::Error::Decode) where the document does not read back as the
    /// model.
    pub fn from_parts(id: T::Id, version: impl Into<T::Version>, value: T) -> Result<Self> {
        Stored::builder(id, version, value).build()
    }

    /// Begins a stored document that is put together by hand: for unit tests of code that takes a
    /// `Stored`, without a server.
    ///
    /// ```
    /// use monguard::prelude::*;
    /// use mongodb::bson::{DateTime, oid::ObjectId};
    ///
    /// #[derive(Serialize, Deserialize, Versioned)]
    /// #[monguard(collection = "orders")]
    /// struct Order {
    ///     amount: i64,
    /// }
    ///
    /// fn may_be_restored(order: &Stored<Order>) -> bool {
    ///     order.is_deleted() && order.amount > 0
    /// }
    ///
    /// # fn main() -> monguard::Result<()> {
    /// let deleted = Stored::builder(ObjectId::new(), 4, Order { amount: 5 })
    ///     .created(DateTime::from_millis(0), "desk")
    ///     .deleted(DateTime::from_millis(1), "desk")
    ///     .build()?;
    /// assert!(may_be_restored(&deleted));
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(id: T::Id, version: impl Into<T::Version>, value: T) -> StoredBuilder<T> {
        StoredBuilder {
            id,
            version: version.into(),
            value,
            fields: Document::new(),
            outcome: Outcome::Read,
        }
    }
}

impl<T: Versioned> StoredBuilder<T> {
    /// When the document was created, and by whom. Default: neither is stored.
    pub fn created(self, at: DateTime, by: impl Into<Bson>) -> Self {
        self.field(names::CREATED_AT, at)
            .field(names::CREATED_BY, by)
    }

    /// When the document was last written, and by whom. Default: neither is stored.
    pub fn updated(self, at: DateTime, by: impl Into<Bson>) -> Self {
        self.field(names::UPDATED_AT, at)
            .field(names::UPDATED_BY, by)
    }

    /// When the document was soft-deleted, and by whom. Default: it is not.
    pub fn deleted(self, at: DateTime, by: impl Into<Bson>) -> Self {
        self.field(names::DELETED_AT, at)
            .field(names::DELETED_BY, by)
    }

    /// The operation that wrote the document last, which is a part of its
    /// [`revision`](Stored::revision). Default: none of monguard's.
    pub fn operation(self, operation: ObjectId) -> Self {
        self.field(names::OPERATION, operation)
    }

    /// A field of the stored document, by its stored name: one that the model does not know, or in
    /// the place of the one that the value has.
    pub fn field(mut self, name: &str, value: impl Into<Bson>) -> Self {
        self.fields.insert(name, value);
        self
    }

    /// What the operation did that returned the document. Default: [`Outcome::Read`].
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    /// Builds it: a document of these parts, read as one that a server returned. Fields that serde
    /// does not write are therefore what serde makes of a document without them.
    ///
    /// # Errors
    /// As [`Stored::from_parts`].
    pub fn build(self) -> Result<Stored<T>> {
        let document = self.document().map_err(|error| {
            let subject = Subject::new(T::META.name(), T::COLLECTION.into(), None);
            error.of(subject).hiding(&T::META)
        })?;
        let stored = Stored::<T>::read(Arc::new(document), T::COLLECTION)?;
        Ok(stored.with_outcome(self.outcome))
    }

    fn document(&self) -> Result<RawDocumentBuf, InvalidUpdate> {
        let unencodable = |error| InvalidUpdate::encode("", error);
        let id = encode_value(&self.id).map_err(unencodable)?;
        let mut document = doc! { names::ID: id.clone() };
        document.extend(written(&self.value)?);
        // The id that was given, also where the model declares one.
        document.insert(names::ID, id);
        let version = T::META.version_name();
        match self.version.to_bson() {
            Some(stored) => drop(document.insert(version, stored)),
            None => drop(document.remove(version)),
        }
        document.extend(self.fields.clone());
        RawDocumentBuf::try_from(&document).map_err(|error| unencodable(error.into()))
    }
}

/// Shows no values: some may be hidden.
impl<T: Versioned> fmt::Debug for StoredBuilder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredBuilder")
            .field("model", &T::META.name())
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::document::{FieldMeta, ManagedField, Meta};
    use crate::{Counter, Error};

    #[derive(Debug, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Order {
        amount: i64,
        #[serde(default, skip_serializing)]
        updated_by: Option<String>,
    }

    impl Versioned for Order {
        type Fields = ();
        type Id = ObjectId;
        type Locator = ObjectId;
        type Version = Counter;
        const COLLECTION: &'static str = "orders";
        const META: Meta = Meta::new(
            "Order",
            &[
                FieldMeta::new("amount", "amount"),
                FieldMeta::new("updated_by", "updatedBy").managed(ManagedField::UpdatedBy),
            ],
        );
        fn fields() {}
        fn locator(_: &Self, id: ObjectId) -> ObjectId {
            id
        }
    }

    fn order(amount: i64) -> Order {
        Order {
            amount,
            updated_by: None,
        }
    }

    #[test]
    fn every_part_is_where_a_read_would_find_it() {
        let (id, operation) = (ObjectId::new(), ObjectId::new());
        let [created, updated, deleted] = [1, 2, 3].map(DateTime::from_millis);
        let stored = Stored::builder(id, 7, order(5))
            .created(created, "a")
            .updated(updated, "b")
            .deleted(deleted, "c")
            .operation(operation)
            .field("unknown", true)
            .outcome(Outcome::Unchanged)
            .build()
            .unwrap();
        let document = Document::try_from(stored.document()).unwrap();
        let expected = doc! {
            "_id": id, "amount": 5_i64, "__v": 7, "createdAt": created, "createdBy": "a",
            "updatedAt": updated, "updatedBy": "b", "deletedAt": deleted, "deletedBy": "c",
            "__w": operation, "unknown": true,
        };
        assert_eq!(document, expected);
        assert_eq!((stored.id(), stored.version()), (id, 7.into()));
        // A managed field that the model declares is what is stored.
        assert_eq!(stored.updated_by.as_deref(), Some("b"));
        assert!(stored.is_deleted() && stored.revision().is_whole());
        assert!(matches!(stored.outcome(), Outcome::Unchanged));
    }

    #[test]
    fn a_document_without_a_version_can_be_built() {
        let stored = Stored::builder(ObjectId::new(), Counter::ABSENT, order(5));
        assert!(stored.build().unwrap().version().is_absent());
    }

    #[test]
    fn what_does_not_read_back_is_refused() {
        let built = Stored::builder(ObjectId::new(), 1, order(5)).field("amount", "five");
        assert!(matches!(built.build(), Err(Error::Decode(_))));
        let built = Stored::builder(ObjectId::new(), 1, order(5)).field("__v", "x");
        assert!(matches!(built.build(), Err(Error::ForeignVersion(_))));
    }
}
