//! Parts of the surface that meet in one model.

mod flat;
mod flat_reads;
mod hidden;
mod old_names;
mod sharded;
mod tokens;

use super::setup::{collection, entries, only, raw};
