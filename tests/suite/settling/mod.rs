//! Every write is settled before it is reported: what the caller is told is true, whatever the
//! network does.

mod creation;
mod hard_delete;
mod lost_answer;
mod lost_command;
mod overtaken;
mod process;
mod stage;
mod sweep;
