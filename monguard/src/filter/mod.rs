//! Conditions on documents, as values: no I/O.

mod builder;
mod element;
mod macros;
mod matches;
mod node;
mod places;
mod render;
mod sort;

pub use builder::Filter;
pub(crate) use matches::matches;
pub(crate) use node::{Comparison, Node, TextPlace};
pub(crate) use render::{render, render_sort};
pub(crate) use sort::Order;
pub use sort::Sort;
