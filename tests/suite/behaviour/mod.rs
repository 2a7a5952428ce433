//! What monguard does, seen through its public API.

mod deletion;
mod idempotency;
mod legacy;
mod phases;
mod races;
mod reads;
mod revisions;
mod stage;
mod unchanged;
