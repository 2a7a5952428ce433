use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::{Environment, Error, Kind};

/// A server that is on this machine and can be started.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Program {
    /// What it is: [`Kind::Mongod`] or [`Kind::Embedded`].
    pub kind: Kind,
    /// Where it is.
    pub path: PathBuf,
}

/// The server that would be started here: a `mongod` on `PATH`, else the embedded one.
///
/// # Errors
/// [`Error::NotInstalled`] and [`Error::NoCacheDirectory`].
pub fn find_program(environment: &Environment) -> Result<Program, Error> {
    if let Some(path) = environment
        .path
        .as_deref()
        .and_then(|path| on_path("mongod", path))
    {
        return Ok(Program {
            kind: Kind::Mongod,
            path,
        });
    }
    let path = environment
        .cache
        .as_ref()
        .ok_or(Error::NoCacheDirectory)?
        .server_binary();
    if path.exists() {
        return Ok(Program {
            kind: Kind::Embedded,
            path,
        });
    }
    Err(Error::NotInstalled { looked_at: path })
}

/// The first executable file of this name in the directories of `path`.
#[must_use]
pub fn on_path(name: &str, path: &OsStr) -> Option<PathBuf> {
    std::env::split_paths(path)
        .map(|directory| directory.join(name))
        .find(|file| is_executable(file))
}

fn is_executable(file: &Path) -> bool {
    // Any of the three execute bits: whose they are shows when it is run.
    file.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}
