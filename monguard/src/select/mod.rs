//! Parts of documents, as values: which fields are asked for, and how each is read. No I/O.

mod column;
mod missing;
mod paths;
mod projection;
mod row;
mod selected;
mod selection;
#[cfg(test)]
mod tests;

pub(crate) use column::Column;
pub(crate) use paths::projection_of;
pub use projection::{Asked, Columns, Projection, SameAs};
pub(crate) use row::read_value;
pub use row::{Readable, Unreadable, Values};
pub use selected::{Selected, Selector, Whole, WithRevision};
pub use selection::{Many, One, Selection};
