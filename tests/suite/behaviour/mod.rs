//! What monguard does, seen through its public API.

mod decoding;
mod deletion;
mod entries;
mod idempotency;
mod ids;
mod indexes;
mod legacy;
mod limits;
mod meanwhile;
mod phases;
mod races;
mod reads;
mod refusals;
mod replay;
mod revisions;
mod server_errors;
mod sizes;
mod stage;
mod unchanged;
mod unwritten;
