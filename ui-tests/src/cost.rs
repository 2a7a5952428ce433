//! What the derives cost: the time that `rustc` takes to check models, beside the same structs with
//! serde's derives and with none.

mod measure;
mod models;

pub use measure::{Times, measure};
pub use models::{Crate, DERIVES, Derives, Shape};
