//! Rules that need more than one attribute at a time. Each file is one subject; each `check_*` is
//! one rule, in words above it.

mod conflicts;
mod container;
mod flatten;
mod generated;
mod indexes;
mod names;
mod projection;
mod roles;
mod serde;
mod shape;
mod shard_key;
mod version;

pub(crate) use generated::is_second_of_variant;
pub(crate) use projection::check_projection;
pub(crate) use shape::check_shape;

use crate::diag::Diagnostics;
use crate::model::Model;

pub(crate) fn check_model(model: &Model, diagnostics: &Diagnostics) {
    container::check_collection(model, diagnostics);
    serde::check_container(model, diagnostics);
    for field in &model.fields {
        serde::check_field(field, diagnostics);
        conflicts::check_conflicts(field, diagnostics);
    }
    flatten::check_flatten(model, diagnostics);
    roles::check_roles(model, diagnostics);
    roles::check_idempotency_keys(model, diagnostics);
    version::check_version(model, diagnostics);
    shard_key::check_shard_key(model, diagnostics);
    names::check_names(model, diagnostics);
    generated::check_generated_names(model, diagnostics);
    indexes::check_indexes(model, diagnostics);
}
