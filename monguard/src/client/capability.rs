use mongodb::Database;
use mongodb::bson::{Document, doc};
use mongodb::error::ErrorKind;

use super::{Limits, Product};
use crate::error::{DriverError, Error, Result, Subject};

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
///
/// It is read from what the server announces, and not tried: a server may accept what it does not
/// keep. Of a server that is not MongoDB itself, only what its vendor documents is taken for
/// granted.
#[derive(Clone, Copy, Debug)]
pub struct Capabilities {
    topology: Topology,
    product: Product,
    wire_version: i32,
    has_sessions: bool,
    limits: Limits,
}

impl Capabilities {
    /// Asks the server.
    pub(crate) async fn probe(database: &Database) -> Result<Self> {
        let failed = |error| {
            let subject = Subject::new("Monguard", database.name().into(), None);
            DriverError::new("build", subject, error, false)
        };
        let hello = hello(database).await.map_err(failed)?;
        let build_info = build_info(database).await.map_err(failed)?;
        Ok(Capabilities::read(&hello, &build_info))
    }

    /// By the answers to `hello` and `buildInfo`.
    pub(crate) fn read(hello: &Document, build_info: &Document) -> Self {
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
            product: Product::read(hello, build_info),
            wire_version: hello.get_i32("maxWireVersion").unwrap_or_default(),
            has_sessions: hello
                .get("logicalSessionTimeoutMinutes")
                .is_some_and(|minutes| minutes.as_null().is_none()),
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

    /// Whose server it is.
    #[must_use]
    pub fn product(&self) -> Product {
        self.product
    }

    /// The newest wire protocol that the server speaks: 25 is MongoDB 8.0.
    #[must_use]
    pub fn wire_version(&self) -> i32 {
        self.wire_version
    }

    /// The largest document that the server takes, in bytes: 16 MiB, unless it says otherwise.
    #[must_use]
    pub fn document_bytes(&self) -> usize {
        self.limits.document_bytes
    }

    /// Whether transactions over several collections work: in a replica set from MongoDB 4.0 on, in
    /// a sharded cluster from 4.2 on, and never on a standalone server.
    #[must_use]
    pub fn has_transactions(&self) -> bool {
        self.without_transactions().is_none()
    }

    /// Whether an update can be a pipeline, which computes from the stored document: from MongoDB
    /// 4.2 on. A write of many documents is one such command then; elsewhere it goes in batches.
    #[must_use]
    pub fn has_pipeline_updates(&self) -> bool {
        /// MongoDB 4.2.
        const SINCE: i32 = 8;
        self.product == Product::MongoDb && self.wire_version >= SINCE
    }

    /// Whether writes of several collections can be one command, `bulkWrite`: from MongoDB 8.0 on.
    #[must_use]
    pub fn has_bulk_write(&self) -> bool {
        /// MongoDB 8.0.
        const SINCE: i32 = 25;
        self.product == Product::MongoDb && self.wire_version >= SINCE
    }

    /// Whether a read can ask for the newest majority-committed state. Where it cannot, `majority`
    /// is asked for; on a standalone server, which has one state, nothing.
    #[must_use]
    pub fn has_linearizable_reads(&self) -> bool {
        self.product == Product::MongoDb && self.topology != Topology::Standalone
    }

    /// Whether a read can be made to see at least what another one has seen.
    #[must_use]
    pub fn has_causal_sessions(&self) -> bool {
        self.has_sessions && self.has_linearizable_reads()
    }

    /// Why there are no transactions, if there are none.
    pub(crate) fn without_transactions(&self) -> Option<String> {
        /// MongoDB 4.0.
        const IN_REPLICA_SETS: i32 = 7;
        /// MongoDB 4.2.
        const IN_CLUSTERS: i32 = 8;
        match self.product {
            Product::MongoDb | Product::AmazonDocumentDb => {}
            Product::CosmosDb => {
                return Some(format!(
                    "{} has them within one collection only, and the audit log is another one",
                    self.product.name()
                ));
            }
            Product::DocumentDb | Product::FerretDb => {
                return Some(format!(
                    "{} is not known to have them over several collections",
                    self.product.name()
                ));
            }
        }
        let since = match self.topology {
            Topology::Standalone => return Some("a standalone server has none".to_owned()),
            Topology::ReplicaSet => IN_REPLICA_SETS,
            Topology::Sharded => IN_CLUSTERS,
        };
        if self.wire_version < since {
            let own = self.wire_version;
            return Some(format!(
                "the server is too old: it speaks wire version {own}, and they need {since}"
            ));
        }
        (!self.has_sessions).then(|| "the server has no sessions".to_owned())
    }

    /// # Errors
    /// [`Error::Unsupported`] where there are no transactions, with the reason.
    pub(crate) fn require_transactions(&self) -> Result<()> {
        match self.without_transactions() {
            None => Ok(()),
            Some(reason) => Err(Error::Unsupported(format!(
                "a transaction cannot be had, for {reason}: make one write at a time, or use a replica set, which may be of one server"
            ))),
        }
    }

    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }
}

async fn hello(database: &Database) -> mongodb::error::Result<Document> {
    match database.run_command(doc! { "hello": 1 }).await {
        // The older name, which says the same.
        Err(error) if is_unknown(&error) => database.run_command(doc! { "isMaster": 1 }).await,
        answer => answer,
    }
}

/// An account may not be allowed to ask: then the server is what `hello` says.
async fn build_info(database: &Database) -> mongodb::error::Result<Document> {
    match database.run_command(doc! { "buildInfo": 1 }).await {
        Err(error) if matches!(*error.kind, ErrorKind::Command(_)) => Ok(Document::new()),
        answer => answer,
    }
}

fn is_unknown(error: &mongodb::error::Error) -> bool {
    /// `CommandNotFound` and `CommandNotSupported`.
    const UNKNOWN: [i32; 2] = [59, 115];
    matches!(&*error.kind, ErrorKind::Command(error) if UNKNOWN.contains(&error.code))
}

#[cfg(test)]
mod tests;
