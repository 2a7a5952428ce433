//! Every write is settled before it is reported: what the caller is told is true, whatever the
//! network does.

mod classified;
mod creation;
mod dropped;
mod hard_delete;
mod lost_answer;
mod lost_command;
mod overtaken;
mod process;
mod race;
mod round_trips;
mod sharded;
mod stage;
mod sweep;
mod together;
mod unwritten_entry;
