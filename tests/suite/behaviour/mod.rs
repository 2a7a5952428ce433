//! What monguard does, seen through its public API.

mod idempotency;
mod phases;
mod races;
mod stage;
mod unchanged;
