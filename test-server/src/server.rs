use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use crate::launch::{self, Files, Settings};
use crate::watchdog::Watchdog;
use crate::{Environment, Error, Program, ServerBuilder, Topology, uri};

/// How long a server may take to end when it is asked to, before it is killed.
const STOP_TIMEOUT: Duration = Duration::from_secs(30);
/// How long the kernel may take to end a server that is killed.
const KILL_TIMEOUT: Duration = Duration::from_secs(10);

/// Where a server comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// `MONGODB_URI` names it; it is nothing to us whether it runs on.
    External,
    /// A `mongod` on `PATH`, started here.
    Mongod,
    /// The embedded `secantusd-rs`, started here.
    Embedded,
}

/// A server that takes connections.
///
/// One that was started here is killed, and its directory removed, when this is dropped and
/// whichever way the process ends.
#[derive(Debug)]
pub struct Server {
    uri: String,
    topology: Topology,
    process: Option<Process>,
}

/// A server that was started here.
#[derive(Debug)]
pub(crate) struct Process {
    program: Program,
    files: Files,
    settings: Settings,
    port: u16,
    watchdog: Mutex<Watchdog>,
}

impl Server {
    /// The server of `MONGODB_URI` if that is set, else one that is started.
    ///
    /// # Errors
    /// [`Error::UriUnreachable`] and [`Error::InvalidUri`] for an unusable `MONGODB_URI`;
    /// [`Error::NotInstalled`] where there is no server to start; every error of a start.
    pub fn start(topology: Topology) -> Result<Self, Error> {
        Self::start_in(Environment::of_process(), topology)
    }

    /// [`Server::start`] in another environment than that of the process.
    ///
    /// # Errors
    /// Those of [`Server::start`].
    pub fn start_in(environment: Environment, topology: Topology) -> Result<Self, Error> {
        if let Some(uri) = environment.mongodb_uri {
            uri::check_reachable(&uri)?;
            return Ok(Self {
                uri,
                topology,
                process: None,
            });
        }
        ServerBuilder::new(environment).topology(topology).start()
    }

    /// One server for the whole process, started by the first call, in the topology that
    /// `MONGUARD_TOPOLOGY` names (default: `replica-set`).
    ///
    /// # Errors
    /// Those of [`Server::start`]; every call gives the one of the first.
    pub fn shared() -> Result<&'static Self, &'static Error> {
        static SHARED: OnceLock<Result<Server, Error>> = OnceLock::new();
        SHARED
            .get_or_init(|| {
                let environment = Environment::of_process();
                let topology = environment.topology()?;
                Self::start_in(environment, topology)
            })
            .as_ref()
    }

    /// A server with options of its own; always a new process.
    pub fn builder() -> ServerBuilder {
        ServerBuilder::new(Environment::of_process())
    }

    pub(crate) fn started(topology: Topology, process: Process) -> Self {
        let uri = format!(
            "mongodb://127.0.0.1:{}/?directConnection=true",
            process.port
        );
        Self {
            uri,
            topology,
            process: Some(process),
        }
    }

    /// The connection string. It stays the same over a restart.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Where the server comes from.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.process
            .as_ref()
            .map_or(Kind::External, |process| process.program.kind)
    }

    /// What the server was asked to be. One that `MONGODB_URI` names is what it is.
    #[must_use]
    pub fn topology(&self) -> Topology {
        self.topology
    }

    /// The process id of a server that was started here, while it runs.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        self.process.as_ref()?.watchdog().running()
    }

    /// The directory with data and log of a server that was started here.
    #[must_use]
    pub fn directory(&self) -> Option<&Path> {
        self.process
            .as_ref()
            .map(|process| process.files.directory.as_path())
    }

    /// Kills the server as a power cut would, and waits until it is gone. Its data stays for
    /// [`Server::restart`]. Does nothing to a server that does not run.
    ///
    /// # Errors
    /// [`Error::NotStartedHere`], [`Error::Watchdog`].
    pub fn kill(&self) -> Result<(), Error> {
        self.own_process()?.end("KILL", KILL_TIMEOUT)
    }

    /// Asks the server to end, and waits until it is gone; kills it after 30 s. Its data stays
    /// for [`Server::restart`]. Does nothing to a server that does not run.
    ///
    /// # Errors
    /// [`Error::NotStartedHere`], [`Error::Watchdog`].
    pub fn stop(&self) -> Result<(), Error> {
        self.own_process()?.end("TERM", STOP_TIMEOUT)
    }

    /// Starts the server again on the same port and data, after stopping it if it runs.
    ///
    /// # Errors
    /// [`Error::NotStartedHere`]; [`Error::PortTaken`] when another process took the port since;
    /// every other error of a start.
    pub fn restart(&self) -> Result<(), Error> {
        let process = self.own_process()?;
        process.end("TERM", STOP_TIMEOUT)?;
        let Process {
            program,
            files,
            settings,
            port,
            ..
        } = process;
        launch::start(
            program,
            files,
            settings,
            &mut process.watchdog(),
            Some(*port),
        )
        .map(|_| ())
    }

    fn own_process(&self) -> Result<&Process, Error> {
        self.process.as_ref().ok_or(Error::NotStartedHere)
    }
}

impl Process {
    pub(crate) fn new(
        program: Program,
        files: Files,
        settings: Settings,
        port: u16,
        watchdog: Watchdog,
    ) -> Self {
        Self {
            program,
            files,
            settings,
            port,
            watchdog: Mutex::new(watchdog),
        }
    }

    fn watchdog(&self) -> MutexGuard<'_, Watchdog> {
        // A panic elsewhere leaves the watchdog as able as before.
        self.watchdog.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self, signal: &str, timeout: Duration) -> Result<(), Error> {
        let mut watchdog = self.watchdog();
        let ended = watchdog.end_server(signal, timeout).and_then(|ended| {
            if ended {
                Ok(true)
            } else {
                watchdog.end_server("KILL", KILL_TIMEOUT)
            }
        });
        match ended {
            Ok(true) => Ok(()),
            Ok(false) => Err(Error::Watchdog {
                source: std::io::ErrorKind::TimedOut.into(),
            }),
            Err(source) => Err(Error::Watchdog { source }),
        }
    }
}
