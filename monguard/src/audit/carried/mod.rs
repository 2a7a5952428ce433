//! The entries that a document carries: the entry of a write is a part of that write.

mod image;
mod lighten;
mod names;
mod read;
mod server;
mod trail;
mod write;

#[cfg(test)]
mod tests;

pub(crate) use image::{Owed, document_before, stamps_of};
pub(crate) use lighten::lighten;
pub(crate) use names::OPERATION as CARRIED_OPERATION;
pub(crate) use server::{
    ManyChange, ManyHeader, field, has_room, is_of, kind, literal, moment, trail,
};
pub(crate) use trail::{Carrier, Held, NoTrail, Trail, owed_by};
