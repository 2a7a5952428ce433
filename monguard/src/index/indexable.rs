//! Whether a field can be indexed: asked of its handle, whose type the compiler knows.
//!
//! A nested struct as a whole and a map cannot be: MongoDB would compare them byte by byte, the
//! order of their fields included, and serve no filter on what is inside. Any other type can, so
//! that the question is which of these two a type is, and not whether it implements something:
//! [`Indexed::key`] is found for nested structs first, [`IndexMap::key`] for maps next, and
//! [`IndexValue::key`] for what is left. The first two then ask for what no type has.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use mongodb::bson::{DateTime, Document};

use super::IndexKey;
use crate::document::Nested;
use crate::field::Field;

/// A field type that an index can be on. No nested struct and no map is one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be indexed",
    label = "not an indexable field type",
    note = "index one of its fields instead, as in `index(fields(contact.email))`"
)]
pub trait Indexable {}

/// A field type that is stored as a date, by which documents can expire.
///
/// Implement it for a type of your own that is stored as a date.
#[diagnostic::on_unimplemented(
    message = "documents cannot expire by a `{Self}`",
    label = "not stored as a date",
    note = "`expire_after` needs a field of type `bson::DateTime`, or `monguard::StoredDate` implemented for a type that is stored as a date"
)]
pub trait StoredDate {}

#[diagnostic::do_not_recommend]
impl StoredDate for DateTime {}
#[diagnostic::do_not_recommend]
impl<D: StoredDate> StoredDate for Option<D> {}
#[diagnostic::do_not_recommend]
impl<D: StoredDate> StoredDate for Vec<D> {}

/// The handle of a field that is to be indexed.
pub struct Indexed<R, V> {
    field: Field<R, V>,
}

impl<R, V> fmt::Debug for Indexed<R, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Indexed").field(&self.field).finish()
    }
}

impl<R, V> Indexed<R, V> {
    /// Of this field.
    #[must_use]
    pub fn of(field: &Field<R, V>) -> Self {
        Indexed { field: *field }
    }

    /// The key of an index by whose date documents expire.
    #[must_use]
    pub fn date(self) -> IndexKey<R>
    where
        V: StoredDate,
    {
        IndexKey::ascending(self.field.path())
    }
}

impl<R, V: Nested> Indexed<R, V> {
    /// Refused, in the compiler's words of [`Indexable`].
    #[must_use]
    pub fn key(self) -> IndexKey<R>
    where
        V: Indexable,
    {
        IndexKey::ascending(self.field.path())
    }
}

/// The key of a field that is a map: refused, in the compiler's words of [`Indexable`].
pub trait IndexMap<R, V> {
    /// The key, ascending.
    fn key(self) -> IndexKey<R>
    where
        V: Indexable;
}

impl<R, V: AnyMap> IndexMap<R, V> for Indexed<R, V> {
    fn key(self) -> IndexKey<R>
    where
        V: Indexable,
    {
        IndexKey::ascending(self.field.path())
    }
}

/// The key of a field that is any other value.
pub trait IndexValue<R> {
    /// The key, ascending.
    fn key(self) -> IndexKey<R>;
}

impl<R, V> IndexValue<R> for &Indexed<R, V> {
    fn key(self) -> IndexKey<R> {
        IndexKey::ascending(self.field.path())
    }
}

/// A map, whatever its keys and values are.
pub trait AnyMap {}

impl<K, T, S> AnyMap for HashMap<K, T, S> {}
impl<K, T> AnyMap for BTreeMap<K, T> {}
impl AnyMap for Document {}
impl<M: AnyMap> AnyMap for Option<M> {}
