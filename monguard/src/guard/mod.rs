//! What is promised of every write: what it is based on, its version, its stamps, and that its
//! outcome is known.

mod base;
mod settle;

pub(crate) use base::{Base, State};
pub(crate) use settle::Settle;
