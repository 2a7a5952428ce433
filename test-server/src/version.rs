use std::fs::File;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::{BINARY, Error, VERSION};

/// How long a program may take to print its version; it takes milliseconds.
const DEADLINE: Duration = Duration::from_secs(20);

/// Makes sure that the program is the embedded server in the version that the tests expect.
///
/// # Errors
/// [`Error::NotExecutable`] and [`Error::WrongVersion`].
pub fn check_version(program: &Path) -> Result<(), Error> {
    let not_executable = |source| Error::NotExecutable {
        path: program.to_owned(),
        source,
    };
    let output = run(program).map_err(not_executable)?;
    let found = output.lines().next().unwrap_or_default();
    if found == format!("{BINARY} {VERSION}") {
        return Ok(());
    }
    Err(Error::WrongVersion {
        path: program.to_owned(),
        found: found.to_owned(),
    })
}

fn run(program: &Path) -> io::Result<String> {
    // A file rather than a pipe: it can be read after a program that had to be killed.
    let output = tempfile::NamedTempFile::new()?;
    let mut child = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(File::create(output.path())?)
        .stderr(Stdio::null())
        .spawn()?;
    let started = Instant::now();
    while child.try_wait()?.is_none() {
        if started.elapsed() > DEADLINE {
            child.kill()?;
            child.wait()?;
            return Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "it prints no version",
            ));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(String::from_utf8_lossy(&std::fs::read(output.path())?).into_owned())
}
