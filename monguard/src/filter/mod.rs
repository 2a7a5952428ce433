//! Conditions on documents, as values: no I/O.

mod aliases;
mod builder;
mod conditions;
mod document;
mod element;
mod expression;
mod macros;
mod matches;
mod node;
mod parse;
mod pattern;
mod places;
mod render;
mod sort;

pub(crate) use aliases::{old_places, with_aliases, with_aliases_inside};
pub use builder::Filter;
pub(crate) use document::check_element_document;
pub(crate) use matches::matches;
pub(crate) use node::{Comparison, Node, TextPlace};
pub(crate) use parse::parse_element;
pub use pattern::{IntoPattern, Pattern};
pub(crate) use render::{render, render_sort};
pub(crate) use sort::Order;
pub use sort::Sort;
