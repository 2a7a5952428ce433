use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;

use super::step::MapKey;
use super::{Addressable, Field, KeyOf, Keyed, Step};
use crate::document::{UnknownFields, Versioned};
use crate::value::encode;

/// Why a name is refused.
const TAKEN: &str = "the model declares a field of that name, or monguard owns it";

/// The handle of a map that takes the fields which the model does not declare. It has no place of
/// its own in the document, so that it cannot be written or compared as a whole.
///
/// ```
/// use monguard::prelude::*;
/// use std::collections::BTreeMap;
///
/// #[derive(Serialize, Deserialize, Versioned)]
/// #[monguard(collection = "products")]
/// struct Product {
///     name: String,
///     #[serde(flatten)]
///     extra: BTreeMap<String, bson::Bson>,
/// }
/// # use mongodb::bson;
///
/// let red: Filter<Product> = Product::fields().extra.key("colour").eq(bson::Bson::from("red"));
/// ```
pub struct Unknown<R, V> {
    map: PhantomData<fn() -> (R, V)>,
}

impl<R, V> Unknown<R, V> {
    /// The handle.
    #[doc(hidden)]
    #[must_use]
    #[allow(clippy::new_without_default)] // handles are made by generated code alone
    pub const fn new() -> Self {
        Unknown { map: PhantomData }
    }
}

impl<R: Versioned, V: UnknownFields<Item: Serialize>> Unknown<R, V> {
    /// The field of this stored name.
    ///
    /// A name that the model declares, or that monguard owns, is refused where the handle is used;
    /// so is one that no path can hold: empty, beginning with `$`, or with `.` or NUL in it.
    pub fn key<X: KeyOf<String>>(&self, name: X) -> Field<R, V::Item, Keyed> {
        let name = name.into_key();
        let key = if R::META.is_taken(&name) {
            MapKey::refused(TAKEN)
        } else {
            MapKey::of(&name)
        };
        Field::new(Keyed::here().inside(Step::Key(key)), encode::<V::Item>)
    }
}

impl<R, V> Clone for Unknown<R, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, V> Copy for Unknown<R, V> {}

impl<R, V> fmt::Debug for Unknown<R, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unknown")
    }
}
