use std::fmt;

use crate::document::Nested;

/// The old and the new value of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<V> {
    /// The value before.
    pub old: V,
    /// The value after.
    pub new: V,
}

/// The old and the new value of a redacted field: kept, but neither printed nor shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed<V> {
    change: Change<V>,
}

impl<V> Sealed<V> {
    pub(crate) fn new(change: Change<V>) -> Self {
        Sealed { change }
    }

    /// The values, for code that shows them to nobody.
    pub(crate) fn hidden(&self) -> &Change<V> {
        &self.change
    }

    /// The values, for code that must have them. Do not log them.
    pub fn reveal(self) -> Change<V> {
        self.change
    }
}

impl<V> fmt::Debug for Sealed<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(..)")
    }
}

/// How one part of an `Option`, a list or a map of nested structs changed. `K` says where: `()`,
/// an index or a key.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part<K, T: Nested> {
    /// It was not there before.
    Appeared(K, T),
    /// It is no longer there.
    Vanished(K, T),
    /// Something inside it changed.
    Inside(K, T::Change),
}

/// Shows no struct that redacts inside.
impl<K: fmt::Debug, T> fmt::Debug for Part<K, T>
where
    T: Nested<Change: fmt::Debug> + fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, place, whole) = match self {
            Part::Appeared(place, whole) => ("Appeared", place, whole),
            Part::Vanished(place, whole) => ("Vanished", place, whole),
            Part::Inside(place, change) => {
                return f.debug_tuple("Inside").field(place).field(change).finish();
            }
        };
        let mut tuple = f.debug_tuple(name);
        tuple.field(place);
        if T::REDACTS {
            tuple.finish_non_exhaustive()
        } else {
            tuple.field(whole).finish()
        }
    }
}
