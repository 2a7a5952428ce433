use super::Update;
use crate::error::{Error, Result};

/// What the closure of [`Writer::modify`](crate::Writer::modify) may return: the update, or a
/// `Result` of it.
#[diagnostic::on_unimplemented(
    message = "the closure of `modify` must return the update that it was given, not `{Self}`",
    label = "not an update of `{T}`",
    note = "return `update.set(..)`, or a `Result` of it; end with an error of your own by `Err(Error::abort(error))`"
)]
pub trait IntoDraft<T> {
    /// The update.
    ///
    /// # Errors
    /// The closure's own.
    fn into_draft(self) -> Result<Update<T>>;
}

#[diagnostic::do_not_recommend]
impl<T> IntoDraft<T> for Update<T> {
    fn into_draft(self) -> Result<Update<T>> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoDraft<T> for Result<Update<T>, Error> {
    fn into_draft(self) -> Result<Update<T>> {
        self
    }
}
