//! What changed between two states of a document, path by path.

mod change;
mod changed_names;
mod options;
mod place;
mod stored;
mod typescript;
mod walk;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;

pub use change::{Delta, PathChange};
pub(crate) use changed_names::changed_names;
pub(crate) use options::DeltaOptions;
