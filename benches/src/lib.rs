//! What accountability costs: monguard beside hand-written code and its neighbours, in one run on
//! one server. Only ratios to a baseline of the same run are quoted: machines differ, and the same
//! machine is another one an hour later.
//!
//! `cargo xtask bench` runs it all and writes `docs/benchmarks/`.

use std::pin::Pin;

pub mod client;
pub mod compile;
pub mod diff;
pub mod extent;
pub mod growth;
pub mod many;
pub mod measure;
pub mod models;
pub mod peers;
pub mod report;
pub mod single;
pub mod stage;

/// Whatever ends a benchmark before its figures are there.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What a part of the benchmarks comes to.
pub type Outcome<T> = Result<T, Failure>;

/// A part under way. Behind a pointer, because the code of a future with a type of its own is
/// compiled once more in every crate that awaits it.
pub type Running = Pin<Box<dyn Future<Output = Outcome<report::Chapter>>>>;
