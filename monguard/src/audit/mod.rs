//! The audit: what changed, what the log holds, how it is read back.

mod chain;
mod delta;
mod entry;
mod fingerprint;
mod mask;
mod replay;

#[cfg(test)]
pub(crate) mod models;

pub use delta::{Delta, PathChange, UnreadableDelta};
pub use entry::{Action, EntryChange, RawEntry, UnreadableEntry};
pub use replay::ReplayError;
