use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A field type that is stored as a map: a sub-document with names of the values' own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a map",
    label = "not a map field",
    note = "a field of a struct marked `nested` has a handle of its own; an element of a list is told by `.index(i)`"
)]
pub trait Map {
    /// The type of a key.
    type Key;
    /// The type of a value.
    type Item;
}

#[diagnostic::do_not_recommend]
impl<K, T, S> Map for HashMap<K, T, S> {
    type Key = K;
    type Item = T;
}

#[diagnostic::do_not_recommend]
impl<K, T> Map for BTreeMap<K, T> {
    type Key = K;
    type Item = T;
}

#[diagnostic::do_not_recommend]
impl<M: Map> Map for Option<M> {
    type Key = M::Key;
    type Item = M::Item;
}

#[diagnostic::do_not_recommend]
impl<M: Map> Map for Box<M> {
    type Key = M::Key;
    type Item = M::Item;
}

#[diagnostic::do_not_recommend]
impl<M: Map> Map for Arc<M> {
    type Key = M::Key;
    type Item = M::Item;
}

/// A value that can be a key of a map with keys of type `K`.
///
/// `Self` is the value, so that the compiler's words stand under it.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` is no key of a map whose keys are `{K}`",
    label = "expected `{K}`"
)]
pub trait KeyOf<K> {
    /// The key as the map would hold it.
    fn into_key(self) -> K;
}

#[diagnostic::do_not_recommend]
impl<K> KeyOf<K> for K {
    fn into_key(self) -> K {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<K: Clone> KeyOf<K> for &K {
    fn into_key(self) -> K {
        self.clone()
    }
}

#[diagnostic::do_not_recommend]
impl KeyOf<String> for &str {
    fn into_key(self) -> String {
        self.to_owned()
    }
}
