//! The audit: what changed, what the log holds, how it is written and read back.

mod change;
mod delta;
mod differ;
mod mask;
mod policy;
mod replay;

#[cfg(test)]
pub(crate) mod models;

pub use change::{Change, Part, Sealed};
pub use delta::{Delta, PathChange, UnreadableDelta};
pub use differ::{Auditable, Diff, Differ, NestedChange, NestedDiff};
pub use policy::Audit;
pub use replay::ReplayError;
