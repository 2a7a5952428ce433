use std::fmt;
use std::marker::PhantomData;

/// The handle of a map that takes the fields which the model does not declare. It has no place of
/// its own in the document, so that it cannot be written or compared as a whole.
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
