use serde::{Serialize, de::DeserializeOwned};

use super::{DocumentId, Meta, VersionKind};
use crate::index::Index;

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
}
