//! What a model is: its fields as data, its id and version, and a document as it is stored.

mod based_on;
mod containers;
mod created;
mod id;
mod meta;
pub(crate) mod names;
mod nested;
mod place;
mod revision;
mod stored;
mod version;
mod versioned;

pub use based_on::BasedOn;
pub use created::Created;
pub use id::DocumentId;
pub(crate) use meta::AuditPolicy;
pub use meta::{FieldMeta, ManagedField, Meta, Shape};
pub use nested::{Depth, Nested, NotNested, Probe, assert_depth, opaque};
pub use place::{Place, place};
pub use revision::Revision;
pub use stored::{Outcome, Stored, WithMetadata};
pub use version::{Counter, Token, Version, VersionField, VersionKind, assert_version_field};
pub use versioned::Versioned;
