use std::env;
use std::path::{Path, PathBuf};

/// The crate that the embedded server is installed from.
pub const PACKAGE: &str = "secantus-mdb";
/// The version of [`PACKAGE`] that the tests are written for. Pinned: it is a beta.
pub const VERSION: &str = "0.5.3-beta.196";
/// The program that [`PACKAGE`] installs.
pub const BINARY: &str = "secantusd-rs";

/// The directory in which `cargo xtask setup` keeps the embedded server, a folder per version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache(PathBuf);

impl Cache {
    /// A cache in this directory, which need not exist.
    #[must_use]
    pub fn at(directory: impl Into<PathBuf>) -> Self {
        Self(directory.into())
    }

    /// `$MONGUARD_CACHE`, else `$XDG_CACHE_HOME/monguard`, else `~/.cache/monguard`. None when
    /// none of the variables (`HOME` among them) holds an absolute path.
    #[must_use]
    pub fn of_process() -> Option<Self> {
        let directory = |name| {
            env::var_os(name)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        directory("MONGUARD_CACHE")
            .or_else(|| directory("XDG_CACHE_HOME").map(|path| path.join("monguard")))
            .or_else(|| directory("HOME").map(|path| path.join(".cache/monguard")))
            .map(Self)
    }

    /// The directory itself.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.0
    }

    /// The folder of the pinned version. It is renamed into place as a whole, so it is complete
    /// where it exists.
    #[must_use]
    pub fn server_folder(&self) -> PathBuf {
        self.0.join(format!("{PACKAGE}-{VERSION}"))
    }

    /// The program of the pinned version.
    #[must_use]
    pub fn server_binary(&self) -> PathBuf {
        self.server_folder().join("bin").join(BINARY)
    }
}
