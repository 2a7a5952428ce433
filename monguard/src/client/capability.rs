use mongodb::Database;
use mongodb::bson::{Document, doc};

use super::Limits;
use crate::error::{DriverError, Result, Subject};

/// How the servers are arranged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Topology {
    /// One server, without replication.
    Standalone,
    /// A replica set, of one or more servers.
    ReplicaSet,
    /// A sharded cluster, through `mongos`.
    Sharded,
}

/// What the server can do, as found when the guard was built.
#[derive(Clone, Copy, Debug)]
pub struct Capabilities {
    topology: Topology,
    wire_version: i32,
    limits: Limits,
}

impl Capabilities {
    /// Asks the server.
    pub(crate) async fn probe(database: &Database) -> Result<Self> {
        let hello = database
            .run_command(doc! { "hello": 1 })
            .await
            .map_err(|error| {
                let subject = Subject::new("Monguard", database.name().into(), None);
                DriverError::new("build", subject, error, false)
            })?;
        Ok(Capabilities::read(&hello))
    }

    /// By what the server announces, not by trying: a server may accept what it does not keep.
    fn read(hello: &Document) -> Self {
        let topology = if hello.get_str("msg").is_ok_and(|msg| msg == "isdbgrid") {
            Topology::Sharded
        } else if hello.contains_key("setName") {
            Topology::ReplicaSet
        } else {
            Topology::Standalone
        };
        let default = Limits::default();
        let document_bytes = hello
            .get_i32("maxBsonObjectSize")
            .ok()
            .and_then(|bytes| usize::try_from(bytes).ok())
            .unwrap_or(default.document_bytes);
        Capabilities {
            topology,
            wire_version: hello.get_i32("maxWireVersion").unwrap_or_default(),
            limits: Limits {
                document_bytes,
                ..default
            },
        }
    }

    /// How the servers are arranged.
    #[must_use]
    pub fn topology(&self) -> Topology {
        self.topology
    }

    /// The newest wire protocol that the server speaks: 25 is MongoDB 8.0.
    #[must_use]
    pub fn wire_version(&self) -> i32 {
        self.wire_version
    }

    /// Whether a read can ask for the newest majority-committed state.
    pub(crate) fn has_linearizable_reads(&self) -> bool {
        !matches!(self.topology, Topology::Standalone)
    }

    /// Whether an update can be a pipeline.
    pub(crate) fn has_pipeline_updates(&self) -> bool {
        /// MongoDB 4.2.
        const FIRST: i32 = 8;
        self.wire_version >= FIRST
    }

    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topology_is_read_from_what_the_server_announces() {
        let of = |hello| Capabilities::read(&hello).topology();
        assert_eq!(of(doc! { "isWritablePrimary": true }), Topology::Standalone);
        assert_eq!(of(doc! { "setName": "rs0" }), Topology::ReplicaSet);
        assert_eq!(of(doc! { "msg": "isdbgrid" }), Topology::Sharded);
    }

    #[test]
    fn limits_default_to_those_of_every_server() {
        let capabilities = Capabilities::read(&doc! { "maxBsonObjectSize": 1000 });
        assert_eq!(capabilities.limits().document_bytes, 1000);
        assert_eq!(
            Capabilities::read(&doc! {}).limits().document_bytes,
            16 * 1024 * 1024
        );
    }
}
