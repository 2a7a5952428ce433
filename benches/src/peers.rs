//! Updates of one document beside what the neighbours in other languages do.

mod install;
mod program;
mod report;

pub use report::run;
