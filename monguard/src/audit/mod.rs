//! The audit: what changed, what the log holds, how it is read back.

mod delta;
mod mask;
mod replay;

#[cfg(test)]
pub(crate) mod models;

pub use delta::{Delta, PathChange, UnreadableDelta};
pub use replay::ReplayError;
