//! Conditions on whether a field is there, and whether it is null.

use super::{Field, Path, ReadablePath};
use crate::filter::Filter;

/// A field type with a value that says that there is none.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` is never `None`",
    label = "not an `Option`",
    note = "documents that lack the field are found with `is_absent`, and those that have null in it with `is_null`"
)]
pub trait Optional {}

#[diagnostic::do_not_recommend]
impl<V> Optional for Option<V> {}

impl<R, V, P: Path> Field<R, V, P> {
    /// Matches documents that have the field, be it null.
    pub fn exists(&self) -> Filter<R>
    where
        P: ReadablePath,
    {
        self.at_path(|path| Filter::presence(path, true))
    }

    /// Matches documents that do not have the field.
    pub fn is_absent(&self) -> Filter<R>
    where
        P: ReadablePath,
    {
        self.at_path(|path| Filter::presence(path, false))
    }

    /// Matches documents in which the field is there and null. As with all conditions, a list with
    /// such an element matches too.
    pub fn is_null(&self) -> Filter<R>
    where
        P: ReadablePath,
    {
        self.at_path(Filter::null)
    }

    /// Matches documents in which the field reads as `None`: those that have null in it, and those
    /// that do not have it. The opposite is `!o.field.is_none()`.
    ///
    /// ```
    /// # use monguard::prelude::*;
    /// # #[derive(Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { tracking: Option<String> }
    /// let unsent: Filter<Order> = Order::fields().tracking.is_none();
    /// ```
    pub fn is_none(&self) -> Filter<R>
    where
        V: Optional,
        P: ReadablePath,
    {
        self.at_path(Filter::null_or_absent)
    }
}
