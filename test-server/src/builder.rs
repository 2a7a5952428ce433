use std::io;
use std::path::Path;
use std::time::Duration;

use crate::launch::{self, Files, Settings};
use crate::server::{Kind, Process, Server};
use crate::watchdog::Watchdog;
use crate::{Environment, Error, LogTail, Topology, check_version, find_program};

/// Starts a server with options of its own.
///
/// The options are those of a process, so this always starts one: `MONGODB_URI` is not looked at.
/// For tests that stop, kill or restart a server, or need its fail points.
///
/// ```no_run
/// use monguard_test_server::Server;
///
/// let server = Server::builder().sync_on_commit().start()?;
/// server.kill()?;
/// server.restart()?;
/// # Ok::<(), monguard_test_server::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a builder starts nothing until `start` is called"]
pub struct ServerBuilder {
    environment: Environment,
    settings: Settings,
}

impl ServerBuilder {
    pub(crate) fn new(environment: Environment) -> Self {
        let settings = Settings {
            topology: Topology::default(),
            sync_on_commit: false,
            test_commands: false,
            start_timeout: Duration::from_secs(60),
        };
        Self {
            environment,
            settings,
        }
    }

    /// What the server is to be. Default: a replica set of one node.
    pub fn topology(mut self, topology: Topology) -> Self {
        self.settings.topology = topology;
        self
    }

    /// No acknowledged write is lost when the server is killed. Without it the embedded server
    /// loses those of the last few milliseconds; `mongod` keeps those that wait for the journal.
    pub fn sync_on_commit(mut self) -> Self {
        self.settings.sync_on_commit = true;
        self
    }

    /// Turns on the commands for tests, `configureFailPoint` among them.
    pub fn test_commands(mut self) -> Self {
        self.settings.test_commands = true;
        self
    }

    /// How long the server may take to be ready. Default: 60 s.
    pub fn start_timeout(mut self, timeout: Duration) -> Self {
        self.settings.start_timeout = timeout;
        self
    }

    /// Looks for the server in this environment. Default: that of the process.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Starts the server and waits until it takes commands.
    ///
    /// # Errors
    /// [`Error::NotInstalled`] where there is no server to start, and every error of a start.
    pub fn start(self) -> Result<Server, Error> {
        let Self {
            environment,
            settings,
        } = self;
        let program = find_program(&environment)?;
        if program.kind == Kind::Embedded {
            check_version(&program.path)?;
        }
        let temporary = std::env::temp_dir();
        let directory = tempfile::Builder::new()
            .prefix("monguard-server-")
            .tempdir_in(&temporary)
            .map_err(|source| explain_directory(&temporary, source))?;
        let files = Files {
            directory: directory.path().to_owned(),
        };
        let log = files
            .create()
            .map_err(|source| explain_directory(&temporary, source))?;
        let command = launch::command_line(&program, &files, &settings);
        let mut watchdog = Watchdog::spawn(&files.directory, log, &command)
            .map_err(|source| Error::Watchdog { source })?;
        // From here on the watchdog removes it: it is there when this process is not.
        let _ = directory.keep();
        let port = launch::start(&program, &files, &settings, &mut watchdog, None)?;
        Ok(Server::started(
            settings.topology,
            Process::new(program, files, settings, port, watchdog),
        ))
    }
}

fn explain_directory(path: &Path, source: io::Error) -> Error {
    let path = path.to_owned();
    if source.kind() == io::ErrorKind::StorageFull {
        return Error::DiskFull {
            path,
            log: LogTail::default(),
        };
    }
    Error::Directory { path, source }
}
