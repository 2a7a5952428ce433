//! What a model is.

mod meta;
pub(crate) mod names;

pub use meta::{AuditPolicy, FieldMeta, ManagedField, Meta, Shape};
