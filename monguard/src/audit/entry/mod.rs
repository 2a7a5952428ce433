//! One document of the audit log.

mod draft;
mod fit;
mod names;
mod operation;
mod raw;
mod read;

#[cfg(test)]
mod tests;

pub(crate) use draft::{DraftChange, EntryDraft, NoEntry};
#[allow(
    unused_imports,
    reason = "the error of a public function of this crate"
)]
pub(crate) use fit::{EntryLimits, EntryTooLarge};
pub(crate) use fit::{is_omitted, omitted};
pub(crate) use operation::entry_of_many;
pub use raw::{Action, EntryChange, RawEntry};
pub use read::UnreadableEntry;
