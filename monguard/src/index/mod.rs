//! Indexes: those that a model declares and those that the promises rest on, and how they stand to
//! what is on the server.

mod declare;
mod hazard;
mod indexable;
mod inside;
mod plan;
mod report;
mod validator;
mod wanted;

pub use declare::{Index, IndexKey};
pub use hazard::Hazard;
pub(crate) use hazard::{Looked, Storage};
pub use indexable::{IndexMap, IndexValue, Indexable, Indexing, StoredDate};
pub use inside::{IndexElements, IndexStruct};
pub(crate) use plan::{InTheWay, Standing, others, standing};
pub use report::{ConflictingIndex, EnsuredIndexes, IndexPlan};
pub(crate) use validator::WrittenField;
pub(crate) use wanted::{WantedIndex, history_index, key_fields, key_indexes, model_indexes};
