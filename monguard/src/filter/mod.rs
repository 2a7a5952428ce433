//! Conditions on documents, as values: no I/O.

mod builder;
mod macros;
mod node;
mod render;
mod sort;

pub use builder::Filter;
pub(crate) use node::{Comparison, Node};
pub(crate) use render::{render, render_sort};
pub(crate) use sort::Order;
pub use sort::Sort;
