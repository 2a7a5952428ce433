//! Test support: a database of its own for each test, clients whose commands are recorded, a TCP
//! proxy that injects faults between driver and server, and a record of what `tracing` was told.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "test support: a failed expectation is a failed test"
)]

pub mod commands;
pub mod contents;
pub mod crash;
pub mod fixture;
pub mod models;
pub mod models_secret;
pub mod proxy;
pub mod replay;
pub mod targeting;
pub mod traces;
pub mod trail;
