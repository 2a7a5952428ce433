//! What a crash left: entries that are not in the log, and unfinished removals.

mod carried;
mod page;
mod report;
mod sweep;
mod token;

pub use report::{Recovered, UnfinishedTombstone, UnreadableTrail};
pub(crate) use sweep::{Progress, Sweep};
pub use token::RecoveryToken;
