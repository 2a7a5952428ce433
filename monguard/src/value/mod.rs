//! What BSON values are worth: equality, canonical form, size.

mod canonical;
mod equality;
mod number;
mod pairs;
mod size;

#[cfg(test)]
pub(crate) mod arbitrary;

pub(crate) use canonical::write_canonical;
pub(crate) use equality::{equal, equal_documents};
pub(crate) use pairs::{Pair, Pairs};
pub(crate) use size::Measure;
