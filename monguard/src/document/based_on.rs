use super::{Created, Revision, Snapshot, Stored, Versioned};

/// What an update may be based on: a [`Stored`], a [`Revision`] or a [`Created`], by reference or
/// by value.
///
/// By value, a stale document cannot be used a second time by mistake.
#[diagnostic::on_unimplemented(
    message = "an update of `{T}` must say which version it is based on",
    label = "names no version of `{T}`",
    note = "pass a `&Stored<{T}>` or a `Revision<{T}>`",
    note = "to write to the latest version, whatever it is, use `modify(id, ..)` or `update_latest(id)`"
)]
pub trait BasedOn<T: Versioned> {
    #[doc(hidden)]
    fn revision(&self) -> Revision<T>;
    #[doc(hidden)]
    fn snapshot(&self) -> Option<Snapshot>;
}

#[diagnostic::do_not_recommend]
impl<T: Versioned> BasedOn<T> for Stored<T> {
    fn revision(&self) -> Revision<T> {
        Stored::revision(self).clone()
    }
    fn snapshot(&self) -> Option<Snapshot> {
        Some(Stored::snapshot(self).clone())
    }
}

#[diagnostic::do_not_recommend]
impl<T: Versioned> BasedOn<T> for Created<T> {
    fn revision(&self) -> Revision<T> {
        Stored::revision(self).clone()
    }
    fn snapshot(&self) -> Option<Snapshot> {
        Some(Stored::snapshot(self).clone())
    }
}

#[diagnostic::do_not_recommend]
impl<T: Versioned> BasedOn<T> for Revision<T> {
    fn revision(&self) -> Revision<T> {
        self.clone()
    }
    fn snapshot(&self) -> Option<Snapshot> {
        None
    }
}

#[diagnostic::do_not_recommend]
impl<T: Versioned, B: BasedOn<T>> BasedOn<T> for &B {
    fn revision(&self) -> Revision<T> {
        B::revision(self)
    }
    fn snapshot(&self) -> Option<Snapshot> {
        B::snapshot(self)
    }
}
