//! Real `MongoDB` servers for tests, examples and `cargo xtask`.
//!
//! [`Server::start`] takes the first of these that there is:
//!
//! 1. the server that the variable `MONGODB_URI` names, as it is;
//! 2. a `mongod` on `PATH`, started on a free port in a temporary directory;
//! 3. the embedded default, `secantusd-rs`, which `cargo xtask setup` installs once.
//!
//! A server that was started here ends, and its directory is removed, when the [`Server`] is
//! dropped and however else the process ends: see `watchdog.sh`. Nothing is ever installed by
//! starting a server. Unix only.
//!
//! ```no_run
//! use monguard_test_server::{Server, Topology};
//!
//! let server = Server::start(Topology::ReplicaSet)?;
//! println!("{}", server.uri());
//! # Ok::<(), monguard_test_server::Error>(())
//! ```
#![deny(missing_docs)]

mod builder;
mod cache;
mod environment;
mod error;
mod launch;
mod locate;
mod log;
mod replica_set;
mod server;
mod topology;
mod uri;
mod version;
mod watchdog;
mod wire;

pub use builder::ServerBuilder;
pub use cache::{BINARY, Cache, PACKAGE, VERSION};
pub use environment::Environment;
pub use error::Error;
pub use locate::{Program, find_program, on_path};
pub use log::LogTail;
pub use server::{Kind, Server};
pub use topology::Topology;
pub use version::check_version;
