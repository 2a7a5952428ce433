//! The entries that a document carries: the entry of a write is a part of that write.

mod image;
mod lighten;
mod names;
mod read;
mod trail;
mod write;

#[cfg(test)]
mod tests;

pub(crate) use image::{Owed, document_before, stamps_of};
pub(crate) use lighten::lighten;
pub(crate) use trail::{Carrier, Trail, owed_by};
