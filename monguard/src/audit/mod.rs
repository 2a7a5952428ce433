//! The audit: what changed, what the log holds, how it is written and read back.

mod after_write;
mod carried;
mod chain;
mod change;
mod compose;
mod delta;
mod differ;
mod entry;
mod environment;
mod fingerprint;
mod gather;
mod history;
mod mask;
mod policy;
mod replay;
mod reread;
mod shown;

#[cfg(test)]
pub(crate) mod models;

pub(crate) use after_write::{Recorded, complete_creation, complete_removal, record};
pub(crate) use carried::{Carrier, Trail, lighten, owed_by, stamps_of};
pub use change::{Change, Part, Sealed};
pub(crate) use compose::{created_entry, log_form, written_entry};
pub use delta::{Delta, PathChange};
#[doc(hidden)]
pub use differ::Differ;
pub use differ::{Auditable, Diff};
pub(crate) use entry::EntryDraft;
pub use entry::{Action, EntryChange, RawEntry, UnreadableEntry};
pub use environment::{Consistency, Deployment, Environment, Integrity, Throughput};
pub(crate) use fingerprint::{Comparison, compare, fingerprint};
pub(crate) use gather::Gathered;
pub use history::AuditEntry;
pub(crate) use history::in_order;
pub use policy::Audit;
pub(crate) use policy::Guarantee;
pub use replay::ReplayError;
pub(crate) use shown::{Lead, is_shown, lead, shown_path};
