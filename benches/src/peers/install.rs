//! Programs on other libraries, installed when they are asked for.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use crate::Outcome;
use crate::extent::Extent;

/// A library in another language, and the program on it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Neighbour {
    /// Mongoose, on Node.
    Mongoose,
    /// Beanie, on Python.
    Beanie,
}

impl Neighbour {
    /// All of them.
    pub(super) const ALL: [Neighbour; 2] = [Neighbour::Mongoose, Neighbour::Beanie];

    /// What the tables call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Neighbour::Mongoose => "Mongoose",
            Neighbour::Beanie => "Beanie",
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Neighbour::Mongoose => "mongoose",
            Neighbour::Beanie => "beanie",
        }
    }

    /// What it is written in, and what it consists of: the first of these says what is installed.
    fn files(self) -> &'static [&'static str] {
        match self {
            Neighbour::Mongoose => &["package-lock.json", "package.json", "index.mjs"],
            Neighbour::Beanie => &["requirements.txt", "main.py"],
        }
    }

    /// Makes it ready to run: installs it, unless that has been done. A smoke run asks the network
    /// for nothing.
    ///
    /// # Errors
    /// Why it cannot be run here.
    pub(super) async fn install(self, extent: Extent) -> Outcome<Installed> {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("peers")
            .join(self.folder());
        let folder = target_directory().join("peers").join(self.folder());
        std::fs::create_dir_all(&folder)?;
        for file in self.files() {
            std::fs::copy(sources.join(file), folder.join(file))?;
        }
        let lock = std::fs::read(sources.join(self.files()[0]))?;
        let done = folder.join("installed");
        let is_done = std::fs::read(&done).is_ok_and(|installed| installed == lock);
        if !is_done {
            if extent == Extent::Smoke {
                return Err("it is not installed, and a smoke run installs nothing".into());
            }
            self.download(&folder).await?;
            std::fs::write(done, lock)?;
        }
        Ok(Installed {
            neighbour: self,
            folder,
        })
    }

    async fn download(self, folder: &Path) -> Outcome<()> {
        match self {
            Neighbour::Mongoose => {
                let mut npm = Command::new("npm");
                succeed(npm.args(["ci", "--no-audit", "--no-fund"]), folder).await
            }
            Neighbour::Beanie => {
                let mut venv = Command::new("python3");
                succeed(venv.args(["-m", "venv", "venv"]), folder).await?;
                let mut pip = Command::new(folder.join("venv/bin/python"));
                pip.args(["-m", "pip", "install", "--quiet", "-r", "requirements.txt"]);
                succeed(&mut pip, folder).await
            }
        }
    }
}

/// A neighbour that can be run.
#[derive(Clone, Debug)]
pub(super) struct Installed {
    pub(super) neighbour: Neighbour,
    folder: PathBuf,
}

impl Installed {
    /// Its program, without arguments.
    pub(super) fn command(&self) -> Command {
        let mut command = match self.neighbour {
            Neighbour::Mongoose => {
                let mut node = Command::new("node");
                node.arg("index.mjs");
                node
            }
            Neighbour::Beanie => {
                let mut python = Command::new(self.folder.join("venv/bin/python"));
                python.arg("main.py");
                python
            }
        };
        command
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }
}

/// The folder that this program was built into, by its own place in it.
fn target_directory() -> PathBuf {
    let built = std::env::current_exe().unwrap_or_default();
    let target = built
        .ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").is_file());
    target.map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"),
        Path::to_path_buf,
    )
}

async fn succeed(command: &mut Command, folder: &Path) -> Outcome<()> {
    let command = command.current_dir(folder).stdin(Stdio::null());
    let program = command.as_std().get_program().to_owned();
    let output = command
        .output()
        .await
        .map_err(|error| format!("`{}`: {error}", program.display()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.trim().lines().next_back().unwrap_or_default();
    Err(format!("`{}`: {last}", program.display()).into())
}
