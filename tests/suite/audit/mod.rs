//! The audit trail: an entry for each version, in every guarantee, whatever happens in between.

mod capabilities;
mod carried;
mod hazards;
mod history;
mod recover;
mod relay;
mod stage;
