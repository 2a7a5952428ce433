use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::{BINARY, LogTail, VERSION};

/// Why there is no server, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no server on this machine.
    #[error(
        "no MongoDB server found: no `mongod` is on PATH, and {BINARY} {VERSION} is not at {path}; \
         run `cargo xtask setup` once (`cargo xtask test` and `cargo xtask demo` do it too), or set \
         MONGODB_URI for tests that need no server of their own",
        path = .looked_at.display()
    )]
    NotInstalled {
        /// Where the embedded server would be.
        looked_at: PathBuf,
    },
    /// No directory is known in which the embedded server could be.
    #[error(
        "no directory for the embedded server is known; set MONGUARD_CACHE to an absolute path"
    )]
    NoCacheDirectory,
    /// `MONGODB_URI` is not a connection string.
    #[error("MONGODB_URI is not usable: {problem}; expected `mongodb://host:port/?...`")]
    InvalidUri {
        /// What is wrong with it.
        problem: &'static str,
    },
    /// No host of `MONGODB_URI` takes a connection.
    #[error(
        "MONGODB_URI names {hosts}, where no server can be reached; start it, correct the \
         variable, or unset it to use a server started for the purpose"
    )]
    UriUnreachable {
        /// The hosts that were tried, without user name and password.
        hosts: String,
        /// What the last attempt came to.
        source: io::Error,
    },
    /// `MONGUARD_TOPOLOGY` names no topology.
    #[error("MONGUARD_TOPOLOGY is `{name}`; expected `replica-set` or `standalone`")]
    UnknownTopology {
        /// What it holds.
        name: String,
    },
    /// The server's program cannot be run.
    #[error(
        "{path} cannot be run; make it executable, or remove it and run `cargo xtask setup`",
        path = .path.display()
    )]
    NotExecutable {
        /// The program.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The embedded server in the cache is not the one that the tests are written for.
    #[error(
        "{path} calls itself `{found}`, expected `{BINARY} {VERSION}`; remove it and run \
         `cargo xtask setup`",
        path = .path.display()
    )]
    WrongVersion {
        /// The program.
        path: PathBuf,
        /// The first line that it printed when asked for its version.
        found: String,
    },
    /// The directory for the server's data cannot be made.
    #[error("no directory for the server's data can be made in {path}", path = .path.display())]
    Directory {
        /// Where it was to be made.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file system of the server's data is full.
    #[error(
        "the disk is full where the server keeps its data, {path}; free some space, or set TMPDIR to \
         another file system\n{log}",
        path = .path.display()
    )]
    DiskFull {
        /// The directory of the data.
        path: PathBuf,
        /// The last lines of the server, if it got that far.
        log: LogTail,
    },
    /// Another process listens on the server's port.
    #[error(
        "port {port} is taken by another process; end it, or start a new server on a free port\n{log}"
    )]
    PortTaken {
        /// The port.
        port: u16,
        /// The last lines of the server.
        log: LogTail,
    },
    /// The server ended before it took connections.
    #[error("the server {program} ended at its start with status {status}\n{log}", program = .program.display())]
    ExitedAtStart {
        /// The program.
        program: PathBuf,
        /// Its exit status; 128 + n after signal n.
        status: i32,
        /// Its last lines.
        log: LogTail,
    },
    /// The server did not take connections in time.
    #[error(
        "the server {program} was not ready after {seconds} s\n{log}",
        program = .program.display(), seconds = .after.as_secs_f32()
    )]
    StartTimeout {
        /// The program.
        program: PathBuf,
        /// How long it was waited for.
        after: Duration,
        /// Its last lines.
        log: LogTail,
    },
    /// `mongod` runs, and does not become the primary of a replica set.
    #[error("`mongod` could not be made a one-node replica set\n{log}")]
    ReplicaSet {
        /// What was said.
        source: io::Error,
        /// Its last lines.
        log: LogTail,
    },
    /// The shell process that looks after the server does not do its work.
    #[error("the watchdog of the server (a `/bin/sh` process) cannot be used")]
    Watchdog {
        /// What the system says.
        source: io::Error,
    },
    /// The server of `MONGODB_URI` was asked to stop or restart.
    #[error(
        "the server of MONGODB_URI cannot be stopped or restarted here; start one with `Server::builder`"
    )]
    NotStartedHere,
}
