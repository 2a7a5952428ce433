//! What the attributes mean: defaults resolved, names decided. Questions about a model are methods
//! on it (`ask`), so that no fact is computed twice.

mod ask;
mod encoder;
mod field;
mod index;
mod naming;
mod projection;
mod reader;
mod resolve;
mod role;

pub(crate) use crate::attr::Kind;
pub(crate) use encoder::Encoder;
pub(crate) use field::{Audit, Field, Flat, RESERVED, StoredName};
pub(crate) use index::{Index, IndexKey};
pub(crate) use projection::{ProjectedField, Projection, resolve_projection};
pub(crate) use reader::{MissingValue, Reader};
pub(crate) use resolve::{Header, Model, resolve_header, resolve_model};
pub(crate) use role::{MANAGED, Managed, OWNED, Role, VersionKind};
