//! What to change, as a value: no I/O.

mod builder;
mod document;
mod evaluate;
mod merge;
mod names;
mod operation;
mod plain;
mod replay;
#[cfg(test)]
mod replay_properties;
mod touched;
mod write;

pub(crate) use builder::Changes;
pub use builder::{Draft, IntoDraft, Placement, Update};
pub(crate) use document::operations_of;
pub(crate) use evaluate::evaluate;
pub(crate) use merge::merge;
pub(crate) use names::{check_all_names, check_names};
pub(crate) use operation::{Amount, Clock, End, Keep, Operation, Operator, Push};
pub(crate) use plain::{Becomes, PlainChange, Sum, is_identifier, plain_changes};
pub use replay::{Replay, WholeAt};
pub(crate) use touched::Touched;
pub(crate) use write::{FieldWrites, field_writes};
