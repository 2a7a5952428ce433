//! The compiler, on programs that use monguard. `cargo` builds what they depend on, once; `rustc`
//! then has the program alone before it, so that what it says and how long it takes is about that.

mod dependencies;
mod diagnostic;

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub use dependencies::{Dependencies, DependenciesError};
pub use diagnostic::Diagnostic;

/// A program in one file, to be checked.
#[derive(Debug)]
pub struct Program {
    directory: tempfile::TempDir,
}

impl Program {
    /// # Errors
    ///
    /// Returns the operating system's error if there is no temporary file to be had.
    pub fn new(source: &str) -> io::Result<Self> {
        let directory = tempfile::tempdir()?;
        std::fs::write(directory.path().join("main.rs"), source)?;
        Ok(Self { directory })
    }

    /// The file that holds the program.
    pub fn file(&self) -> PathBuf {
        self.directory.path().join("main.rs")
    }

    /// What the compiler says. An empty list is a program that compiles.
    ///
    /// # Errors
    ///
    /// Returns the operating system's error if the compiler cannot be run.
    pub fn check(&self, dependencies: &Dependencies) -> io::Result<Vec<Diagnostic>> {
        let output = self.command(dependencies).output()?;
        let diagnostics = diagnostic::read(&output.stderr);
        if diagnostics.is_empty() && !output.status.success() {
            return Err(io::Error::other(text(&output)));
        }
        Ok(diagnostics)
    }

    /// `rustc`, as `cargo check` calls it for a program whose dependencies are there.
    pub fn command(&self, dependencies: &Dependencies) -> Command {
        dependencies.rustc(&self.file(), self.directory.path())
    }
}

/// The root of the workspace.
pub(crate) fn workspace() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
