//! What a model is: its fields as data, its id and version, and a document as it is stored.

mod containers;
mod created;
mod id;
mod meta;
pub(crate) mod names;
mod nested;
mod reading;
mod revision;
mod stored;
mod stored_builder;
mod version;
mod versioned;

pub use created::Created;
pub use id::DocumentId;
pub(crate) use meta::AuditPolicy;
pub use meta::{FieldMeta, ManagedField, Meta, Shape};
pub use nested::{Depth, Nested, NotNested, Probe, assert_depth, opaque};
pub(crate) use reading::{Missing, ReadWith, Reading};
pub use reading::{Read, read_through};
pub use revision::{BasedOn, Revision};
pub use stored::{Outcome, Stored, WithMetadata};
pub use stored_builder::StoredBuilder;
pub use version::{Counter, Version, VersionField, VersionKind, assert_version_field};
pub use versioned::Versioned;
