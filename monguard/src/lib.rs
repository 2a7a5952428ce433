//! Version-checked, audited and typed writes for `MongoDB`.
#![deny(missing_docs)]
#![allow(
    dead_code,
    unused_imports,
    reason = "the parts of the audit, before the actions that use them"
)]

pub mod audit;
pub mod document;
mod value;
