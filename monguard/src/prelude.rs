//! Everything that a program which defines and writes models needs.

pub use crate::audit::{Action, Audit, AuditEntry, Auditable, Change, EntryChange, Part};
pub use crate::client::{Collection, Monguard, Retry, Writer};
pub use crate::document::{Created, Nested, Outcome, Revision, Stored, Versioned};
pub use crate::error::Error;
pub use crate::filter;
pub use crate::filter::Filter;
pub use crate::select::Projection;
pub use crate::update::Update;
pub use monguard_derive::{Auditable, Nested, Projection, Versioned};
pub use serde::{Deserialize, Serialize};
