//! The integration suite: everything here runs against a real server.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "the helpers of tests are tests too: a failed expectation is a failed test"
)]
#![allow(
    clippy::similar_names,
    reason = "a test of a create creates; a stale write stands on a stage"
)]

mod audit;
mod behaviour;
mod crash;
mod fixture;
mod proxy;
mod secrets;
mod settling;
mod surface;
