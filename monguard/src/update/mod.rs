//! What to change, as a value: no I/O.

mod builder;
mod evaluate;
mod merge;
mod operation;
mod write;

pub use builder::{Draft, IntoDraft, Update};
pub(crate) use builder::{Changes, Plan};
pub(crate) use operation::{Amount, Operation, Operator};
