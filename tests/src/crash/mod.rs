//! Writers that die: a process that writes what chance says, reports what it was told, and is killed
//! at a moment that chance chooses.
//!
//! The process is the program `crash-writer` of this crate. [`Victim`] starts and kills it.
//! Everything follows from a seed, but for how the tasks of the process come in between each other.

mod chance;
mod moment;
mod report;
mod truth;
mod victim;
mod work;

pub use chance::Chance;
pub use moment::Moment;
pub use report::{Report, Told, UNSETTLED};
pub use truth::untrue;
pub use victim::{Orders, Victim};
pub use work::{Habits, LABELS, work};
