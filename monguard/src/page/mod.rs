//! Places in sorted results: cursors, and the conditions that find what comes after them. No I/O.

mod cursor;
mod digest;
mod keys;
mod keyset;
#[cfg(test)]
mod tests;

pub use cursor::Cursor;
pub(crate) use digest::digest;
pub(crate) use keys::{Keys, is_hidden};
pub(crate) use keyset::{Way, beyond};

/// Some of the documents that a query finds, in their order, and the ways to those around them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<I> {
    /// What was read of the documents of this page.
    pub items: Vec<I>,
    /// For [`after`](crate::FindPage::after): the page that comes next; `None` on the last one.
    pub next: Option<Cursor>,
    /// For [`before`](crate::FindPage::before): the page that comes before. `None` on the first one,
    /// where it is known to be that: a page that was reached by `after` has one, which may have
    /// become empty since.
    pub previous: Option<Cursor>,
}
