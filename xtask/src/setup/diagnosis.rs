//! What went wrong, from what programs print and the system says.

use std::io;
use std::path::Path;

use crate::Error;

/// What cargo and pip print when they cannot reach a registry.
const NETWORK: [&str; 10] = [
    "could not resolve host",
    "failed to resolve",
    "name resolution",
    "network failure",
    "spurious network error",
    "couldn't connect to server",
    "could not connect to server",
    "newconnectionerror",
    "download of config.json failed",
    "unable to update registry",
];

/// What the missing programs are called by what misses them, and the way out.
const TOOLS: [(&str, &str, &str); 4] = [
    (
        "is `cmake` not installed",
        "`cmake`",
        "install it, for example `apt-get install cmake`",
    ),
    ("linker `cc` not found", "a C compiler", COMPILER),
    ("failed to find tool", "a C and C++ compiler", COMPILER),
    (
        "no cmake_cxx_compiler could be found",
        "a C++ compiler",
        COMPILER,
    ),
];

/// How to get a compiler.
pub(crate) const COMPILER: &str = "install one, for example `apt-get install build-essential`";

/// A file of the cache that cannot be made or moved.
pub(crate) fn of_cache(path: &Path, source: io::Error) -> Error {
    let path = path.to_owned();
    if source.kind() == io::ErrorKind::StorageFull {
        Error::DiskFull { path }
    } else {
        Error::Cache { path, source }
    }
}

/// The cause that a program's output names, if it is one of those that are not the program's own.
pub(crate) fn of_output(text: &str, tail: String, log: &Path) -> Result<Error, String> {
    let text = text.to_ascii_lowercase();
    if text.contains("no space left on device") {
        return Ok(Error::DiskFull {
            path: log.parent().unwrap_or(log).to_owned(),
        });
    }
    if NETWORK.iter().any(|words| text.contains(words)) {
        return Ok(Error::Network {
            tail,
            log: log.to_owned(),
        });
    }
    match TOOLS.iter().find(|(words, ..)| text.contains(words)) {
        Some(&(_, tool, way_out)) => Ok(Error::ToolMissing { tool, way_out }),
        None => Err(tail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnose(text: &str) -> Option<String> {
        of_output(text, text.to_owned(), Path::new("/cache/setup.log"))
            .ok()
            .map(|error| error.to_string())
    }

    #[test]
    fn causes_outside_of_the_build_are_named() {
        let full =
            diagnose("error: failed to write: No space left on device (os error 28)").unwrap();
        assert!(
            full.starts_with("the disk is full") && full.contains("/cache:"),
            "{full}"
        );
        let network = diagnose("[6] Could not resolve host: index.crates.io").unwrap();
        assert!(
            network.starts_with("the package registry cannot be reached"),
            "{network}"
        );
        let compiler = diagnose("error: linker `cc` not found").unwrap();
        assert!(
            compiler.contains("apt-get install build-essential"),
            "{compiler}"
        );
    }

    #[test]
    fn a_failure_of_the_build_itself_is_left_to_cargo_to_tell() {
        assert_eq!(diagnose("error[E0308]: mismatched types"), None);
    }
}
