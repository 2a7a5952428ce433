//! Tokens, and nothing else: every question is the model's to answer, every mistake is `check`'s
//! to find. One file for each generated part.

mod changes;
mod docs;
mod encoders;
mod fallback;
mod flatten;
mod handles;
mod header;
mod indexes;
mod locator;
mod meta;
mod nested;
mod projection;
mod readers;
mod type_checks;
mod versioned;

pub(crate) use changes::expand_auditable;
pub(crate) use fallback::{
    expand_auditable_fallback, expand_nested_fallback, expand_versioned_fallback,
};
pub(crate) use nested::expand_nested;
pub(crate) use projection::{expand_projection, expand_projection_fallback};
pub(crate) use versioned::expand_versioned;
