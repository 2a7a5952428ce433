//! Indexes: those that a model declares and those that the promises rest on, and how they stand to
//! what is on the server.

mod declare;
mod indexable;
mod plan;
mod wanted;

pub use declare::{Index, IndexKey};
pub use indexable::{IndexMap, IndexValue, Indexable, Indexed, StoredDate};
pub(crate) use plan::{Standing, standing};
pub(crate) use wanted::{WantedIndex, history_index, key_fields, key_indexes};
