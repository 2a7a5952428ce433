//! Many documents are written, audited or not.

mod contest;
mod hand;
mod ours;
mod report;

pub use report::run;
