use std::fmt;
use std::ops::Deref;

use super::{Encode, Field, FieldOf, Fixed, Undivided};

/// The handle of a field that can be filtered and sorted by, and never set: the id, a declared
/// version or stamp, an idempotency key.
pub struct ReadOnly<R, V> {
    // Undivided: what is inside is not to be set either.
    field: Field<R, V, Undivided>,
}

impl<R, V> ReadOnly<R, V> {
    /// The top-level field `name`, which `encode` writes.
    #[doc(hidden)]
    pub const fn new(name: &'static str, encode: Encode<V>) -> Self {
        ReadOnly {
            field: Field::new(Undivided(Fixed::root(name)), encode),
        }
    }
}

impl<R, V> Clone for ReadOnly<R, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, V> Copy for ReadOnly<R, V> {}

impl<R, V> fmt::Debug for ReadOnly<R, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReadOnly").field(&self.field.path()).finish()
    }
}

impl<R, V> Deref for ReadOnly<R, V> {
    type Target = Field<R, V, Undivided>;
    fn deref(&self) -> &Field<R, V, Undivided> {
        &self.field
    }
}

#[diagnostic::do_not_recommend]
impl<R, V> FieldOf<R> for ReadOnly<R, V> {
    type Value = V;
    type Path = Undivided;
    fn whole(&self) -> &Field<R, V, Undivided> {
        &self.field
    }
}
