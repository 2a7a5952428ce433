//! One document is updated, audited or not.

mod contest;
mod counted;
mod hand;
mod ours;
mod report;
mod subject;

pub use contest::Load;
pub use counted::{COUNTED, counted};
pub use report::run;
pub use subject::Subject;
