use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::Serialize;

use super::step::MapKey;
use super::{Addressable, Encode, Field, FieldOf, Fixed, KeyOf, Map, Path, Settable, Step};
use crate::document::Nested;
use crate::value::encode;

/// The handle of a map of nested structs: that of the map as a whole, by which the handles of its
/// values are reached. `T` is the type of a value; the other parameters are those of [`Field`].
///
/// ```
/// use monguard::prelude::*;
/// use std::collections::HashMap;
///
/// #[derive(Clone, Serialize, Deserialize, Nested)]
/// struct Total {
///     amount: i64,
/// }
///
/// #[derive(Serialize, Deserialize, Versioned)]
/// #[monguard(collection = "reports")]
/// struct Report {
///     #[monguard(nested)]
///     by_region: HashMap<String, Total>,
/// }
///
/// let filter: Filter<Report> = Report::fields().by_region.key("eu").amount.gt(100);
/// ```
pub struct NestedMap<R, V, T, P = Fixed> {
    whole: Field<R, V, P>,
    item: PhantomData<fn() -> T>,
}

impl<R, V, T, P> NestedMap<R, V, T, P> {
    pub(crate) fn new(path: P, encode: Encode<V>) -> Self {
        NestedMap {
            whole: Field::new(path, encode),
            item: PhantomData,
        }
    }
}

impl<R, V, T: Nested + Serialize, P: Path> NestedMap<R, V, T, P> {
    /// The handles of the value under a key.
    ///
    /// A key must not be empty, begin with `$`, or contain `.` or NUL: no path can hold it. An
    /// operation with such a key is refused.
    pub fn key<K, X, N: Path>(&self, key: X) -> T::Fields<R, T, N>
    where
        V: Map<Key = K>,
        X: KeyOf<K>,
        K: Serialize,
        P: Addressable<Inside = N>,
    {
        let step = Step::Key(MapKey::of(&key.into_key()));
        T::fields(self.whole.whole_path().inside(step), encode::<T>)
    }
}

impl<R, V, T, P: Path> fmt::Debug for NestedMap<R, V, T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NestedMap").field(&self.whole).finish()
    }
}

impl<R, V, T, P> Deref for NestedMap<R, V, T, P> {
    type Target = Field<R, V, P>;
    fn deref(&self) -> &Field<R, V, P> {
        &self.whole
    }
}

#[diagnostic::do_not_recommend]
impl<R, V, T, P: Path> FieldOf<R> for NestedMap<R, V, T, P> {
    type Value = V;
    type Path = P;
    fn whole(&self) -> &Field<R, V, P> {
        &self.whole
    }
}

#[diagnostic::do_not_recommend]
impl<R, V, T, P> Settable for NestedMap<R, V, T, P> {}
