//! The way from a field into what it holds, as an index goes it: into a list as into a struct.

use serde::Serialize;

use crate::document::Nested;
use crate::field::{NestedList, Path};

/// A list of nested structs: an index on a field of its elements has a key for each of them.
pub trait IndexElements {
    /// The handles of an element, at the path of the list.
    type Handles;
    /// Those handles.
    fn inside(&self) -> Self::Handles;
}

impl<R, V, T: Nested + Serialize, P: Path> IndexElements for NestedList<R, V, T, P> {
    type Handles = T::Fields<R, T, P>;
    fn inside(&self) -> Self::Handles {
        self.elements()
    }
}

/// Anything else: found where [`IndexElements`] is not.
pub trait IndexStruct<'a, H> {
    /// The same handles.
    fn inside(&self) -> &'a H;
}

impl<'a, H> IndexStruct<'a, H> for &'a H {
    fn inside(&self) -> &'a H {
        self
    }
}
