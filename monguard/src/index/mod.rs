//! The indexes that the promises rest on: which are wanted, and whether they are there.

mod plan;
mod wanted;

pub(crate) use plan::{Standing, standing};
pub(crate) use wanted::{WantedIndex, history_index, key_fields, key_indexes};
