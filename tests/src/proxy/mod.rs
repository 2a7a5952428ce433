//! A TCP proxy between driver and server that injects faults into chosen commands.
//!
//! It reads whole wire messages, so a rule can say exactly which command is to be lost, delayed,
//! held or cut short. A test orders concurrent writers with a [`Gate`], never by sleeping.
//!
//! ```no_run
//! # use std::net::SocketAddr;
//! # use monguard_tests::proxy::{Command, Proxy};
//! # async fn example(upstream: SocketAddr) {
//! let proxy = Proxy::start(upstream).await;
//! // The second write of an order is applied, and its answer is lost.
//! proxy.on(Command::named("findAndModify").on_collection("orders")).nth(2).cut_after();
//! # }
//! ```

mod command;
mod connection;
mod counts;
mod frame;
mod gate;
mod link;
mod listener;
mod loss;
mod rule;
mod rule_builder;
mod traffic;
mod transactions;
mod wire_command;

pub use command::Command;
pub use gate::Gate;
pub use link::Link;
pub use listener::Proxy;
pub use loss::Loss;
pub use rule::Rule;
pub use rule_builder::RuleBuilder;
pub use transactions::Transactions;
pub use wire_command::WireCommand;
