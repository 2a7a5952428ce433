use serde::{Serialize, de::DeserializeOwned};

use super::{DocumentId, Meta, Place, VersionKind};
use crate::index::Index;
use crate::value::{EncodeError, encode_value};

/// A model: a struct whose documents have a version. Derived with `#[derive(Versioned)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a monguard model",
    label = "not a model",
    note = "add `#[derive(Versioned)]` to `{Self}`"
)]
pub trait Versioned: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The handles of the fields, one for each.
    type Fields;
    /// The type of `_id`.
    type Id: DocumentId;
    /// What a document is found by: its id; in a model with fields marked
    /// `#[monguard(shard_key)]` the tuple of its id and their values.
    type Locator: DocumentId;
    /// The kind of version.
    type Version: VersionKind;
    /// The collection that the documents are in.
    const COLLECTION: &'static str;
    #[doc(hidden)]
    const META: Meta;
    /// The names in the map of fields that the model does not declare, where it has one.
    #[doc(hidden)]
    fn unknown_keys(&self) -> Vec<&str> {
        Vec::new()
    }
    /// The indexes that the model declares.
    #[doc(hidden)]
    #[must_use]
    fn indexes() -> Vec<Index<Self>>
    where
        Self: Sized,
    {
        Vec::new()
    }
    /// Makes the handles. Filters and updates hand them to their closures.
    fn fields() -> Self::Fields;
    /// Where the document is that is found by this. Without a shard key, the id says it.
    #[doc(hidden)]
    fn place(locator: &Self::Locator) -> Result<Place, EncodeError> {
        encode_value(locator).map(Place::by_id)
    }
    /// What the document `model` of this id is found by.
    #[doc(hidden)]
    fn locator(model: &Self, id: Self::Id) -> Self::Locator;
}
