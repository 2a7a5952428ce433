//! The audit trail: an entry for each version, in every guarantee, whatever happens in between.

mod appended;
mod capabilities;
mod carried;
mod changes;
mod hazards;
mod history;
mod limits;
mod many;
mod recover;
mod relay;
mod round_trips;
mod sharded;
mod side_by_side;
mod stage;
mod transaction;
