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

pub(crate) use after_write::{
    Recorded, Unrecorded, complete_creation, complete_removal, record, record_all,
};
pub(crate) use carried::{
    CARRIED_OPERATION, Carrier, Held, ManyChange, ManyHeader, NoTrail, Trail, field, has_room,
    is_of, kind, lighten, literal, moment, owed_by, stamps_of, trail,
};
pub use change::{Change, Part, Sealed};
pub(crate) use compose::{created_entry, entry_of_write, log_form, written_entry};
pub(crate) use delta::DeltaOptions;
pub use delta::{Delta, PathChange};
#[doc(hidden)]
pub use differ::Differ;
pub use differ::{Auditable, Diff};
pub(crate) use entry::entry_of_many;
pub use entry::{Action, EntryChange, RawEntry, UnreadableEntry};
pub(crate) use entry::{EntryDraft, EntryLimits};
pub use environment::{Consistency, Deployment, Environment, Integrity, Throughput};
pub(crate) use fingerprint::{Comparison, compare, fingerprint};
pub(crate) use gather::{Gathered, UpTo};
pub use history::AuditEntry;
pub(crate) use history::in_order;
pub(crate) use mask::hiding;
pub use policy::Audit;
pub(crate) use policy::{Form, Guarantee};
pub use replay::ReplayError;
pub(crate) use shown::{Lead, is_shown, lead, shown_path};
