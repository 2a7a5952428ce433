use std::env;
use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus};

use crate::{Error, report};

/// The cargo that runs us, by its path.
pub(crate) fn program() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Runs cargo in the workspace, with our own standard streams, until it ends.
pub(crate) fn run<A: Into<OsString>>(
    arguments: impl IntoIterator<Item = A>,
    variables: &[(&str, &str)],
) -> Result<(), Error> {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let line = arguments.iter().map(|argument| argument.to_string_lossy());
    let line = format!("cargo {}", line.collect::<Vec<_>>().join(" "));
    report::line(&format!("running {line}"));
    let status = without_own_variables(&mut Command::new(program()))
        .args(&arguments)
        .envs(variables.iter().copied())
        .status()
        .map_err(|source| Error::Run {
            program: "cargo".to_owned(),
            source,
        })?;
    if status.success() {
        return Ok(());
    }
    Err(Error::Step {
        step: format!("`{line}`"),
        status: status_number(status),
    })
}

/// Leaves out what the outer cargo told us about ourselves: build scripts that read such variables
/// would be run again, and what depends on them built anew, for every command.
fn without_own_variables(command: &mut Command) -> &mut Command {
    const OWN: [&str; 3] = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_"];
    for (name, _) in env::vars_os() {
        if OWN
            .iter()
            .any(|own| name.to_string_lossy().starts_with(own))
        {
            command.env_remove(name);
        }
    }
    command
}

/// The status as a shell gives it: 128 + n after signal n.
pub(crate) fn status_number(status: ExitStatus) -> i32 {
    status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal))
        .unwrap_or(1)
}
