//! Version-checked, audited and typed writes for MongoDB.
#![deny(missing_docs)]

#[doc(hidden)]
pub mod __private;
mod action;
pub mod audit;
mod client;
mod document;
pub mod error;
pub mod field;
pub mod filter;
mod guard;
mod index;
pub mod prelude;
pub mod update;
mod value;

pub use action::{
    ActionFuture, Count, Create, Delete, EnsureIndexes, EnsuredIndexes, Exists, Find, FindOne,
    HardDelete, History, Modify, OnLatest, OnVersion, Replace, Restore, StoredStream,
};
pub use audit::{Audit, AuditEntry, Auditable, Change, Part, Sealed};
pub use client::{
    Actor, Capabilities, Collection, Monguard, MonguardBuilder, OnAuditFailure, Retry, Topology,
    Writer,
};
pub use document::{
    BasedOn, Counter, Created, DocumentId, Nested, Outcome, Revision, Stored, Version,
    VersionField, VersionKind, Versioned, WithMetadata,
};
pub use error::{Error, Result};
pub use field::{Field, FieldOf, Numeric, Ordered, ReadOnly};
pub use filter::{Filter, Sort};
pub use monguard_derive::{Auditable, Nested, Versioned};
pub use update::{Draft, IntoDraft, Update};
