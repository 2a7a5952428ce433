//! The relay: what it brings to the log, when it waits, what it gives up, and how it ends.

mod backlog;
mod batches;
mod ending;
mod limit;
mod outage;
mod refused;
pub(super) mod stage;
