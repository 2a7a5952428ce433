//! Parts of the surface that meet in one model.

mod dates;
mod flat;
mod flat_reads;
mod forms;
mod hidden;
mod old_names;
mod sharded;
mod tokens;

use super::setup::{collection, entries, only, raw};
