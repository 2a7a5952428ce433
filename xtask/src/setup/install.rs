use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::Path;
use std::time::Instant;

use monguard_test_server::{BINARY, Cache, PACKAGE, VERSION, check_version};

use crate::setup::guarded::Guarded;
use crate::setup::progress::{INTERVAL, Progress};
use crate::setup::{diagnosis, tools};
use crate::{Error, cargo, report};

/// Directories of unfinished installations begin with this.
const UNFINISHED: &str = "unfinished-";

/// Builds the server beside its place in the cache, and moves it there when it works.
pub(crate) fn run(cache: &Cache) -> Result<(), Error> {
    let directory = cache.directory();
    let started = Instant::now();
    report::line(&format!(
        "installing {BINARY} {VERSION} into {}: once; takes several minutes and, while it builds, 1 GB",
        directory.display()
    ));
    let path = env::var_os("PATH").unwrap_or_default();
    tools::check_compilers(&path)?;
    remove_unfinished(directory)?;

    let log = directory.join("setup.log");
    let in_cache = |source| diagnosis::of_cache(directory, source);
    File::create(&log).map_err(in_cache)?;
    let staging = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempdir_in(directory)
        .map_err(in_cache)?;
    let path = tools::path_with_cmake(&path, staging.path(), &log)?;
    build(staging.path(), path, &log)?;

    let built = staging.path().join("root");
    check_version(&built.join("bin").join(BINARY))?;
    let place = cache.server_folder();
    if place.exists() {
        fs::remove_dir_all(&place).map_err(in_cache)?;
    }
    fs::rename(&built, &place).map_err(in_cache)?;
    fs::remove_file(&log).map_err(in_cache)?;
    report::line(&format!("installed in {} s", started.elapsed().as_secs()));
    Ok(())
}

fn build(staging: &Path, path: OsString, log: &Path) -> Result<(), Error> {
    let mut command = vec![cargo::program()];
    // It declares a newer rustc than ours, and builds with ours and runs.
    let options = [
        "install",
        PACKAGE,
        "--locked",
        "--ignore-rust-version",
        "--version",
    ];
    command.extend(options.map(OsString::from));
    command.extend([
        format!("={VERSION}").into(),
        "--root".into(),
        staging.join("root").into(),
    ]);
    let set = |value: &str| Some(OsString::from(value));
    let variables = vec![
        ("PATH", Some(path)),
        ("CARGO_TARGET_DIR", Some(staging.join("target").into())),
        ("CARGO_TERM_COLOR", set("never")),
        ("CARGO_TERM_PROGRESS_WHEN", set("always")),
        ("CARGO_TERM_PROGRESS_WIDTH", set("100")),
        // Settings for our own code are not for the server's.
        ("RUSTFLAGS", None),
        ("CARGO_ENCODED_RUSTFLAGS", None),
        ("CARGO_BUILD_TARGET", None),
    ];
    let file = File::options()
        .append(true)
        .open(log)
        .map_err(|source| diagnosis::of_cache(log, source))?;
    let mut progress = Progress::new("building the server", file);
    let status = Guarded {
        directory: staging,
        command,
        variables,
    }
    .run(INTERVAL, |news| progress.note(&news))
    .map_err(|source| Error::Run {
        program: "cargo install".to_owned(),
        source,
    })?;
    if status.success() {
        return Ok(());
    }
    Err(
        diagnosis::of_output(progress.text(), progress.tail(), log).unwrap_or_else(|tail| {
            Error::Install {
                status: cargo::status_number(status),
                tail,
                log: log.to_owned(),
            }
        }),
    )
}

/// Removes what a run left that was ended with its guard (a power cut). We hold the lock, so
/// nobody is at work in there.
fn remove_unfinished(cache: &Path) -> Result<(), Error> {
    let failed = |source| diagnosis::of_cache(cache, source);
    for entry in fs::read_dir(cache).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            report::line(&format!(
                "removing an unfinished installation, {}",
                entry.path().display()
            ));
            fs::remove_dir_all(entry.path()).map_err(failed)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unfinished_installation_is_removed_and_a_finished_one_kept() {
        let cache = tempfile::tempdir().unwrap();
        let unfinished = cache.path().join("unfinished-abc/target");
        let finished = Cache::at(cache.path()).server_folder();
        fs::create_dir_all(&unfinished).unwrap();
        fs::create_dir_all(&finished).unwrap();
        remove_unfinished(cache.path()).unwrap();
        assert!(!unfinished.exists() && finished.exists());
    }
}
