//! The guarantees of the audit trail.

mod transaction;
