//! The copying of carried entries to the audit log.

mod bring;
mod courier;
mod entry;
mod handle;
mod known;
mod line;
mod options;
mod queue;
mod refusals;
mod status;
mod worker;

pub(crate) use bring::Brought;
pub(crate) use entry::LogEntry;
pub(crate) use handle::Relay;
pub(crate) use line::{Health, Permit};
pub use options::RelayOptions;
pub use status::{Flushed, RelayStatus};
