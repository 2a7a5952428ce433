//! What the attributes mean: defaults resolved, names decided. Questions about a model are methods
//! on it (`ask`), so that no fact is computed twice.

mod ask;
mod encoder;
mod field;
mod index;
mod naming;
mod resolve;
mod role;

pub(crate) use encoder::Encoder;
pub(crate) use field::{Audit, Field, RESERVED, StoredName};
pub(crate) use index::{Index, IndexKey};
pub(crate) use resolve::{Header, Model, resolve_header, resolve_model};
pub(crate) use role::{MANAGED, Managed, OWNED, Role, VersionKind};

/// Which of the derives is running on the struct, as far as its meaning goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A document of its own.
    Model,
    /// A part of a document.
    Nested,
}
