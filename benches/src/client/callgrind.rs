//! Callgrind, started by its command line: a crate for it would bring a harness of its own, which
//! neither starts the server nor writes this report.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::Outcome;

/// A program whose instructions are counted.
pub(super) struct Counted<'a> {
    pub(super) program: &'a Path,
    pub(super) arguments: &'a [String],
    /// Of the server of this run.
    pub(super) uri: &'a str,
}

impl Counted<'_> {
    /// The instructions of a run that does its case so many times.
    ///
    /// # Errors
    /// The program fails, or nothing was counted.
    pub(super) fn times(&self, count: u32) -> Outcome<u64> {
        let output = Command::new(VALGRIND)
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(self.program)
            .args(self.arguments)
            .arg(count.to_string())
            .env("MONGODB_URI", self.uri)
            .stdout(Stdio::null())
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            return Err(format!("callgrind: {said}").into());
        }
        collected(&said).ok_or_else(|| "callgrind has counted nothing".into())
    }
}

const VALGRIND: &str = "valgrind";

/// Whether it is installed.
pub(super) fn is_there() -> bool {
    let status = Command::new(VALGRIND)
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

/// The number behind `Collected :`.
fn collected(said: &str) -> Option<u64> {
    let (_, count) = said.split_once("Collected :")?;
    count.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_read_from_what_callgrind_says() {
        let said = "==7== Events    : Ir\n==7== Collected : 129618308\n==7==\n";
        assert_eq!(collected(said), Some(129_618_308));
        assert_eq!(collected("==7== Events : Ir"), None);
    }
}
