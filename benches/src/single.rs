//! One document is updated, audited or not.

mod contest;
mod counted;
mod hand;
mod ours;
mod report;
mod same;
mod subject;
mod turns;

pub use contest::Load;
pub(crate) use contest::{
    AFTER_WRITE, CARRIED, Entrant, FLOOR, HAND, SAME_CARRIED, contest, entrants,
};
pub use counted::{COUNTED, counted};
pub(crate) use report::named;
pub use report::run;
pub use subject::Subject;
