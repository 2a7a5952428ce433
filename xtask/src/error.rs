use std::io;
use std::path::PathBuf;

/// Why a command failed, and the way out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Server(#[from] monguard_test_server::Error),
    #[error(
        "no directory to install the server into is known; set MONGUARD_CACHE to an absolute path"
    )]
    NoCacheDirectory,
    #[error(
        "{path} cannot be used; make it writable, or set MONGUARD_CACHE to another directory",
        path = .path.display()
    )]
    Cache { path: PathBuf, source: io::Error },
    #[error(
        "the disk is full; building the server takes 1 GB in {path}: free some space, or set \
         MONGUARD_CACHE to a directory on another file system",
        path = .path.display()
    )]
    DiskFull { path: PathBuf },
    #[error("building the server needs {tool}; {way_out}")]
    ToolMissing {
        tool: &'static str,
        way_out: &'static str,
    },
    #[error(
        "building the server needs `cmake`, and none could be installed with python3's venv and pip; \
         install it yourself, for example `apt-get install cmake`, or `apt-get install python3-venv` \
         and try again; log: {log}\n{tail}",
        log = .log.display()
    )]
    NoCmake { tail: String, log: PathBuf },
    #[error(
        "the package registry cannot be reached; check the network connection and the proxy \
         settings and try again, or put a `mongod` on PATH; log: {log}\n{tail}",
        log = .log.display()
    )]
    Network { tail: String, log: PathBuf },
    #[error(
        "the server could not be built: `cargo install` ended with status {status}; log: {log}\n{tail}",
        log = .log.display()
    )]
    Install {
        status: i32,
        tail: String,
        log: PathBuf,
    },
    #[error("`{program}` cannot be run")]
    Run { program: String, source: io::Error },
    #[error("{step} failed with status {status}")]
    Step { step: String, status: i32 },
}

impl Error {
    /// The status of the step that failed, so that `cargo xtask test` ends as `cargo test` did.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Step { status, .. } => u8::try_from(*status).unwrap_or(1).max(1),
            Self::Server(_)
            | Self::NoCacheDirectory
            | Self::Cache { .. }
            | Self::DiskFull { .. }
            | Self::ToolMissing { .. }
            | Self::NoCmake { .. }
            | Self::Network { .. }
            | Self::Install { .. }
            | Self::Run { .. } => 1,
        }
    }
}
