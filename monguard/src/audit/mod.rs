//! What the audit trail is: the typed changes of a model, entries, and how they are written.

mod change;
mod differ;

pub use change::{Change, Part, Sealed};
pub use differ::{Auditable, Diff, Differ};
