//! Errors: how they are worded, and how they are collected so that one compile shows them all.

mod collector;
mod message;
mod suggest;

pub(crate) use collector::Diagnostics;
pub(crate) use message::Message;
pub(crate) use suggest::nearest;
