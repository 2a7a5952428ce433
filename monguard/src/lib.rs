//! Version-checked, audited and typed writes for MongoDB.

#[doc(hidden)]
pub mod __private;
pub mod audit;
mod document;
pub mod error;
pub mod field;
pub mod filter;
mod guard;
pub mod prelude;
pub mod update;
mod value;

pub use audit::{Auditable, Change, Part, Sealed};
pub use document::{
    BasedOn, Counter, Created, DocumentId, Nested, Outcome, Revision, Stored, Version,
    VersionField, VersionKind, Versioned, WithMetadata,
};
pub use error::{Error, Result};
pub use field::{Field, FieldOf, Numeric, Ordered, ReadOnly};
pub use filter::{Filter, Sort};
pub use monguard_derive::{Auditable, Nested, Versioned};
pub use update::{Draft, IntoDraft, Update};
