use crate::{Error, cargo};

/// Measures what the derives cost. It needs the compiler and no server.
pub(crate) fn run(smoke: bool) -> Result<(), Error> {
    let mut example = vec!["run", "-p", "monguard-ui-tests", "--example", "cost"];
    if smoke {
        example.extend(["--", "--smoke"]);
    }
    cargo::run(example, &[])
}
