//! What a model is: its fields as data, its id and version, and a document as it is stored.

mod based_on;
mod containers;
mod created;
mod excerpt;
mod flatten;
mod id;
mod managed;
mod meta;
pub(crate) mod names;
mod nearest;
mod nested;
mod place;
mod reading;
mod revision;
mod scope;
mod shape;
mod snapshot;
mod stored;
mod stored_builder;
mod unknown;
mod version;
mod versioned;

pub use based_on::BasedOn;
pub use created::Created;
pub(crate) use excerpt::Excerpt;
pub use flatten::{
    Around, Inline, Whole, assert_flat, assert_free, count_flattened, encode_inline, flatten,
};
pub use id::DocumentId;
pub use managed::ManagedField;
pub(crate) use meta::AuditPolicy;
pub use meta::{FieldMeta, Meta};
pub use nested::{Depth, Nested, NotNested, Probe, assert_depth, opaque};
pub(crate) use place::equal_to;
pub use place::{Place, place};
pub(crate) use reading::{Missing, ReadWith, Reading};
pub use reading::{Read, read_through};
pub use revision::Revision;
pub(crate) use scope::{Scope, UnknownName};
pub use shape::Shape;
pub(crate) use snapshot::Snapshot;
pub(crate) use stored::field as stored_field;
pub use stored::{Outcome, Stored, WithMetadata};
pub use stored_builder::StoredBuilder;
pub use unknown::UnknownFields;
pub(crate) use unknown::written;
pub use version::{Counter, Token, Version, VersionField, VersionKind, assert_version_field};
pub use versioned::Versioned;
