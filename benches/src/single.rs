//! One document is updated, audited or not.

mod contest;
mod hand;
mod ours;
mod report;
mod subject;

pub use contest::Load;
pub use report::run;
pub use subject::Subject;
