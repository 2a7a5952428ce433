//! Finds the server for tests and examples, or installs one.

mod diagnosis;
mod guarded;
mod install;
mod lock;
mod progress;
mod tools;

use monguard_test_server::{
    BINARY, Cache, Environment, Kind, VERSION, check_version, find_program,
};

use crate::{Error, report};

/// Makes sure that there is a server to start, and says which.
pub(crate) fn run() -> Result<(), Error> {
    let environment = Environment::of_process();
    match find_program(&environment) {
        Ok(program) if program.kind == Kind::Mongod => {
            report::line(&format!("the server is {}", program.path.display()));
            return Ok(());
        }
        Ok(_) | Err(monguard_test_server::Error::NotInstalled { .. }) => {}
        Err(monguard_test_server::Error::NoCacheDirectory) => return Err(Error::NoCacheDirectory),
        Err(error) => return Err(error.into()),
    }
    let cache = environment.cache.ok_or(Error::NoCacheDirectory)?;
    if !is_installed(&cache) {
        install_once(&cache)?;
    }
    report::line(&format!(
        "the server is {}",
        cache.server_binary().display()
    ));
    Ok(())
}

/// Whether the server is there and runs; a damaged one counts as missing.
fn is_installed(cache: &Cache) -> bool {
    let binary = cache.server_binary();
    if !binary.exists() {
        return false;
    }
    check_version(&binary)
        .inspect_err(|error| report::line(&format!("installing {BINARY} {VERSION} again: {error}")))
        .is_ok()
}

/// Installs, unless another run has done it while this one waited for it.
fn install_once(cache: &Cache) -> Result<(), Error> {
    let directory = cache.directory();
    std::fs::create_dir_all(directory).map_err(|source| diagnosis::of_cache(directory, source))?;
    let _lock = lock::acquire(directory)?;
    if cache.server_binary().exists() && is_installed(cache) {
        return Ok(());
    }
    install::run(cache)
}
