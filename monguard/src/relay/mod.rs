//! The copying of carried entries to the audit log.

mod bring;
mod courier;
mod entry;
mod known;
mod line;
mod options;
mod queue;
mod refusals;
mod relay;
mod status;
mod worker;

pub(crate) use bring::Brought;
pub(crate) use entry::LogEntry;
pub(crate) use line::Permit;
pub use options::RelayOptions;
pub(crate) use relay::Relay;
pub use status::{Flushed, RelayStatus};
