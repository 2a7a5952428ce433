use std::io::Write;

use crate::Error;

/// Prints a line about what is being done. To standard error: standard output belongs to the
/// programs that are run.
pub(crate) fn line(text: &str) {
    // Nobody is left to tell when this fails.
    let _ = writeln!(std::io::stderr(), "xtask: {text}");
}

/// Prints an error and what caused it.
pub(crate) fn failure(error: &Error) {
    line(&format!("error: {error}"));
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        line(&format!("  caused by: {error}"));
        cause = error.source();
    }
}
