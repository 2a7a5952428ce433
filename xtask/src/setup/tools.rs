//! The programs that building the server takes.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Path, PathBuf};

use monguard_test_server::on_path;

use crate::setup::diagnosis::{self, COMPILER};
use crate::setup::guarded::Guarded;
use crate::setup::progress::{INTERVAL, Progress};
use crate::{Error, report};

/// What pip is asked for; the server's build files need 3.21 and were tried with 4.
const CMAKE: &str = "cmake>=3.21,<5";

/// Makes sure that the compilers and `make` are there.
pub(crate) fn check_compilers(path: &OsStr) -> Result<(), Error> {
    let missing = |variable: &str, names: &[&str]| {
        env::var_os(variable).is_none() && names.iter().all(|name| on_path(name, path).is_none())
    };
    let needed: [(&str, &[&str], &str); 3] = [
        ("CC", &["cc"], "a C compiler (`cc`)"),
        ("CXX", &["c++"], "a C++ compiler (`c++`)"),
        ("MAKE", &["make", "gmake"], "`make`"),
    ];
    match needed
        .into_iter()
        .find(|(variable, names, _)| missing(variable, names))
    {
        Some((_, _, tool)) => Err(Error::ToolMissing {
            tool,
            way_out: COMPILER,
        }),
        None => Ok(()),
    }
}

/// The `PATH` on which `cmake` is found: as it is, or with one that pip installs into `directory`.
pub(crate) fn path_with_cmake(
    path: &OsStr,
    directory: &Path,
    log: &Path,
) -> Result<OsString, Error> {
    if on_path("cmake", path).is_some() {
        return Ok(path.to_owned());
    }
    let Some(python) = on_path("python3", path) else {
        return Err(Error::ToolMissing {
            tool: "`cmake`, or `python3` to install it with",
            way_out: "install one, for example `apt-get install cmake`",
        });
    };
    report::line("no `cmake` on PATH: installing one with pip, for this build only");
    let venv = directory.join("cmake");
    let bin = venv.join("bin");
    step(
        directory,
        log,
        vec![python.into(), "-m".into(), "venv".into(), venv.into()],
    )?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--only-binary=:all:",
        CMAKE,
    ];
    let mut command = vec![OsString::from(bin.join("python3"))];
    command.extend(pip.map(OsString::from));
    step(directory, log, command)?;
    Ok(prepend(bin, path))
}

fn step(directory: &Path, log: &Path, command: Vec<OsString>) -> Result<(), Error> {
    let file = File::options()
        .append(true)
        .open(log)
        .map_err(|source| diagnosis::of_cache(log, source))?;
    let mut progress = Progress::new("installing cmake", file);
    let guarded = Guarded {
        directory,
        command,
        variables: Vec::new(),
    };
    let status = guarded
        .run(INTERVAL, |news| progress.note(&news))
        .map_err(|source| Error::Run {
            program: "python3".to_owned(),
            source,
        })?;
    if status.success() {
        return Ok(());
    }
    Err(
        diagnosis::of_output(progress.text(), progress.tail(), log).unwrap_or_else(|tail| {
            Error::NoCmake {
                tail,
                log: log.to_owned(),
            }
        }),
    )
}

fn prepend(directory: PathBuf, path: &OsStr) -> OsString {
    let mut joined = directory.into_os_string();
    joined.push(":");
    joined.push(path);
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_compilers_or_python_is_told_what_to_install() {
        let empty = tempfile::tempdir().unwrap();
        let path = empty.path().as_os_str();
        let error = check_compilers(path).unwrap_err().to_string();
        assert!(error.contains("apt-get install build-essential"), "{error}");
        let error = path_with_cmake(path, empty.path(), &empty.path().join("log"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("apt-get install cmake"), "{error}");
    }
}
