use std::env;
use std::ffi::OsString;

use crate::{Cache, Error, Topology};

/// What of the process's environment decides which server is used.
///
/// A value of its own, so that tests can ask what happens in another environment than theirs.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Environment {
    /// `MONGODB_URI`: a server that is there already.
    pub mongodb_uri: Option<String>,
    /// `PATH`: where `mongod` is looked for.
    pub path: Option<OsString>,
    /// Where `cargo xtask setup` keeps the embedded server.
    pub cache: Option<Cache>,
    /// `MONGUARD_TOPOLOGY`: what [`Server::shared`](crate::Server::shared) starts.
    pub topology: Option<String>,
}

impl Environment {
    /// The environment of this process. A variable that is empty counts as not set.
    #[must_use]
    pub fn of_process() -> Self {
        let text = |name| env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            mongodb_uri: text("MONGODB_URI"),
            path: env::var_os("PATH"),
            cache: Cache::of_process(),
            topology: text("MONGUARD_TOPOLOGY"),
        }
    }

    /// The topology that `MONGUARD_TOPOLOGY` asks for; a replica set when it asks for none.
    ///
    /// # Errors
    /// [`Error::UnknownTopology`].
    pub fn topology(&self) -> Result<Topology, Error> {
        self.topology
            .as_deref()
            .map_or(Ok(Topology::default()), str::parse)
    }
}
