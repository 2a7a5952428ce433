//! How each program is started, and when it is ready.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::log::Log;
use crate::watchdog::Watchdog;
use crate::{BINARY, Error, Kind, Program, Topology, replica_set};

/// How often it is looked whether a server is ready.
const POLL: Duration = Duration::from_millis(5);

/// What a server is started with.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) topology: Topology,
    pub(crate) sync_on_commit: bool,
    pub(crate) test_commands: bool,
    pub(crate) start_timeout: Duration,
}

/// The files of one server, all in its temporary directory.
#[derive(Debug)]
pub(crate) struct Files {
    pub(crate) directory: PathBuf,
}

impl Files {
    pub(crate) fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.directory.join("server.log")
    }

    fn configuration(&self) -> PathBuf {
        self.directory.join("empty.toml")
    }

    /// Makes what the server expects to find, and opens its log.
    pub(crate) fn create(&self) -> io::Result<File> {
        std::fs::create_dir(self.data())?;
        File::create(self.configuration())?;
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log())
    }
}

/// The command line, up to the port.
pub(crate) fn command_line(program: &Program, files: &Files, settings: &Settings) -> Vec<OsString> {
    let mut line: Vec<OsString> = vec![program.path.clone().into()];
    let mut add = |arguments: &[&str]| line.extend(arguments.iter().map(OsString::from));
    let data = files.data();
    let data = data.to_string_lossy();
    match program.kind {
        Kind::Mongod => {
            add(&["--bind_ip", "127.0.0.1", "--dbpath", &data]);
            if settings.topology == Topology::ReplicaSet {
                add(&["--replSet", replica_set::NAME]);
            }
            if settings.test_commands {
                add(&["--setParameter", "enableTestCommands=1"]);
            }
        }
        Kind::Embedded | Kind::External => {
            // An empty file of settings: the one in the user's home must not decide.
            let configuration = files.configuration();
            add(&[
                "--config",
                &configuration.to_string_lossy(),
                "--host",
                "127.0.0.1",
            ]);
            // The default, 128 MB, is allocated in full for every store.
            add(&["--storage-path", &data, "--log-file-max", "8MB"]);
            if settings.topology == Topology::Standalone {
                add(&["--standalone"]);
            }
            if settings.sync_on_commit {
                add(&["--sync-on-commit"]);
            }
            if settings.test_commands {
                add(&["--enable-test-commands"]);
            }
        }
    }
    add(&["--port"]);
    line
}

/// Starts the server on `port`, or on a free one, and waits until it takes commands.
pub(crate) fn start(
    program: &Program,
    files: &Files,
    settings: &Settings,
    watchdog: &mut Watchdog,
    port: Option<u16>,
) -> Result<u16, Error> {
    let asked = match (port, program.kind) {
        (Some(port), _) => port,
        (None, Kind::Mongod) => free_port().map_err(|source| Error::Watchdog { source })?,
        (None, Kind::Embedded | Kind::External) => 0,
    };
    let log = Log::from_here(&files.log());
    let started = Instant::now();
    watchdog
        .start(asked)
        .map_err(|source| Error::Watchdog { source })?;
    let mut initiated = false;
    loop {
        if let Some(status) = watchdog
            .exited()
            .map_err(|source| Error::Watchdog { source })?
        {
            return Err(explain_exit(program, files, asked, status, &log));
        }
        let ready = match (program.kind, settings.topology) {
            (Kind::Mongod, Topology::Standalone) => replica_set::answers(asked).then_some(asked),
            (Kind::Mongod, Topology::ReplicaSet) => {
                if !initiated && replica_set::answers(asked) {
                    replica_set::initiate(asked).map_err(|source| Error::ReplicaSet {
                        source,
                        log: log.tail(),
                    })?;
                    initiated = true;
                }
                (initiated && replica_set::is_writable(asked)).then_some(asked)
            }
            (Kind::Embedded | Kind::External, _) => announced_port(&log.text()),
        };
        if let Some(port) = ready {
            return Ok(port);
        }
        if started.elapsed() > settings.start_timeout {
            let (program, after) = (program.path.clone(), settings.start_timeout);
            return Err(Error::StartTimeout {
                program,
                after,
                log: log.tail(),
            });
        }
        std::thread::sleep(POLL);
    }
}

/// The port in `secantusd-rs listening on 127.0.0.1:PORT`, once its line is complete.
fn announced_port(log: &str) -> Option<u16> {
    let announcement = format!("{BINARY} listening on 127.0.0.1:");
    let complete = &log[..log.rfind('\n')?];
    complete
        .lines()
        .find_map(|line| line.strip_prefix(&announcement)?.trim().parse().ok())
}

/// A port that nobody listens on at the moment: `mongod` cannot choose one itself.
fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

/// Why a server ended at its start, by what it printed and the status that a shell gives.
fn explain_exit(program: &Program, files: &Files, port: u16, status: i32, log: &Log) -> Error {
    let text = log.text();
    let tail = log.tail();
    let says = |words: &str| text.to_ascii_lowercase().contains(words);
    if says("no space left on device") {
        return Error::DiskFull {
            path: parent(&files.directory),
            log: tail,
        };
    }
    if says("address already in use") {
        return Error::PortTaken { port, log: tail };
    }
    if status == 126 {
        let source = io::Error::from(io::ErrorKind::PermissionDenied);
        return Error::NotExecutable {
            path: program.path.clone(),
            source,
        };
    }
    Error::ExitedAtStart {
        program: program.path.clone(),
        status,
        log: tail,
    }
}

fn parent(directory: &Path) -> PathBuf {
    directory.parent().unwrap_or(directory).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_from_a_complete_line_only() {
        assert_eq!(
            announced_port("secantusd-rs listening on 127.0.0.1:4025"),
            None
        );
        let log = "[INFO] loaded config\nsecantusd-rs listening on 127.0.0.1:40251\n";
        assert_eq!(announced_port(log), Some(40251));
    }
}
