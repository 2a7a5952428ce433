//! The integration suite: everything here runs against a real server.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "the helpers of tests are tests too: a failed expectation is a failed test"
)]

mod behaviour;
mod fixture;
mod order_flow;
mod proxy;
mod secrets;
mod settling;
