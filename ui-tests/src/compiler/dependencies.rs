use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::{text, workspace};

/// The flags of trybuild, so that what it has built for the cases is not built again.
const FLAGS: &str = r#"["--cfg", "trybuild", "--verbose", "-A", "dead_code"]"#;

/// monguard and serde, built, and where they are.
#[derive(Debug)]
pub struct Dependencies {
    rustc: OsString,
    /// Each crate with its file.
    crates: BTreeMap<String, PathBuf>,
    /// The folders of what they depend on themselves.
    folders: Vec<PathBuf>,
}

/// Why there is nothing to compile against.
#[derive(Debug, thiserror::Error)]
pub enum DependenciesError {
    #[error("the project that holds the dependencies cannot be written or built")]
    Io(#[from] std::io::Error),
    #[error("the dependencies do not build:\n{0}")]
    Build(String),
    #[error("`rustc -vV` does not name its host")]
    NoHost,
}

#[derive(Deserialize)]
struct Artifact {
    target: Target,
    filenames: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

impl Dependencies {
    /// Builds what is not built yet: in the folder, with the lock file and for the target of
    /// trybuild, which has most of it.
    ///
    /// # Errors
    ///
    /// See [`DependenciesError`].
    pub fn build() -> Result<Self, DependenciesError> {
        let target = target_directory().join("tests/trybuild");
        let project = target.join("monguard-ui-tests-compiler");
        write_project(&project)?;
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let host = host(&rustc)?;
        let output = cargo(&project, &target, &host).output()?;
        if !output.status.success() {
            return Err(DependenciesError::Build(text(&output)));
        }
        let deps = |folder: PathBuf| folder.join("debug/deps");
        Ok(Self {
            rustc,
            crates: crates(&output.stdout),
            folders: vec![deps(target.join(host)), deps(target)],
        })
    }

    pub(super) fn rustc(&self, file: &Path, directory: &Path) -> Command {
        let mut command = Command::new(&self.rustc);
        command
            .args(["--edition", "2024", "--crate-name", "program"])
            .args(["--emit", "metadata", "--error-format", "json"])
            // What is no part of a library's interface is used by nothing in these programs.
            .args(["-A", "dead_code"])
            .arg(file)
            .arg("--out-dir")
            .arg(directory)
            .env("CARGO_MANIFEST_DIR", directory)
            .stdin(Stdio::null());
        for folder in &self.folders {
            let mut path = OsString::from("dependency=");
            path.push(folder);
            command.arg("-L").arg(path);
        }
        for (name, file) in &self.crates {
            let mut path = OsString::from(format!("{name}="));
            path.push(file);
            command.arg("--extern").arg(path);
        }
        command
    }
}

/// The folder that this program was built into, by its own place in it.
fn target_directory() -> PathBuf {
    let built = std::env::current_exe().unwrap_or_default();
    let target = built
        .ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").is_file());
    target.map_or_else(|| workspace().join("target"), Path::to_path_buf)
}

fn write_project(project: &Path) -> std::io::Result<()> {
    fs::create_dir_all(project)?;
    let here = workspace();
    let manifest = format!(
        "[package]\nname = \"monguard-ui-tests-compiler\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\nmonguard = {{ path = '{}' }}\nmonguard-ui-tests = {{ path = '{}' }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\n\n\
         [[bin]]\nname = \"program\"\npath = \"main.rs\"\n\n[workspace]\n",
        here.join("monguard").display(),
        here.join("ui-tests").display(),
    );
    fs::write(project.join("Cargo.toml"), manifest)?;
    fs::write(project.join("main.rs"), "fn main() {}\n")?;
    fs::copy(here.join("Cargo.lock"), project.join("Cargo.lock")).map(|_| ())
}

fn host(rustc: &OsString) -> Result<String, DependenciesError> {
    let output = Command::new(rustc).arg("-vV").output()?;
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_owned)
        .ok_or(DependenciesError::NoHost)
}

fn cargo(project: &Path, target: &Path, host: &str) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(project)
        .env("CARGO_TARGET_DIR", target)
        .env_remove("RUSTFLAGS")
        .env("CARGO_INCREMENTAL", "0")
        .args(["--offline", "--config"])
        .arg(format!("build.rustflags={FLAGS}"))
        .arg("--config")
        .arg(format!("target.{host}.rustflags={FLAGS}"))
        .args([
            "build",
            "--target",
            host,
            "--message-format",
            "json",
            "--quiet",
        ])
        .stdin(Stdio::null());
    command
}

/// Each crate that the project names, with its file.
fn crates(artifacts: &[u8]) -> BTreeMap<String, PathBuf> {
    String::from_utf8_lossy(artifacts)
        .lines()
        .filter_map(|line| serde_json::from_str::<Artifact>(line).ok())
        .filter(|artifact| ["monguard", "serde"].contains(&artifact.target.name.as_str()))
        .filter_map(|artifact| {
            let library = |file: &&PathBuf| file.extension().is_some_and(|end| end == "rlib");
            let file = artifact.filenames.iter().find(library)?.clone();
            Some((artifact.target.name, file))
        })
        .collect()
}
