//! The server of the run, and the ways that lead to it.

use std::net::SocketAddr;
use std::time::Duration;

use mongodb::bson::oid::ObjectId;
use mongodb::options::{Acknowledgment, ClientOptions, CollectionOptions, WriteConcern};
use mongodb::{Client, Collection, Database};
use monguard_tests::fixture::server_uri;
use monguard_tests::proxy::Link;

use crate::Outcome;

/// How far away the server is.
#[derive(Debug)]
pub enum Way {
    /// As near as it is: over loopback.
    Loopback,
    /// Along a link that takes its time.
    Longer(Link, Duration),
}

impl Way {
    /// A way on which a round trip takes so much longer than on loopback.
    ///
    /// # Errors
    /// What the operating system says.
    pub async fn of(round_trip: Duration) -> Outcome<Self> {
        if round_trip.is_zero() {
            return Ok(Way::Loopback);
        }
        let options = ClientOptions::parse(server_uri()).await?;
        let host = options.hosts.first().ok_or("a server has an address")?;
        let mut addresses = tokio::net::lookup_host(host.to_string()).await?;
        let upstream: SocketAddr = addresses.next().ok_or("the address is not resolved")?;
        Ok(Way::Longer(Link::open(upstream, round_trip)?, round_trip))
    }

    /// What the tables call it.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Way::Loopback => "loopback".to_owned(),
            Way::Longer(_, round_trip) => format!("+{} ms", round_trip.as_secs_f64() * 1e3),
        }
    }

    /// The connection string.
    #[must_use]
    pub fn uri(&self) -> String {
        match self {
            Way::Loopback => server_uri(),
            Way::Longer(link, _) => link.uri(),
        }
    }

    /// A client of its own, as its subject's program would have one.
    ///
    /// # Errors
    /// What the driver says.
    pub async fn client(&self) -> Outcome<Client> {
        let mut options = ClientOptions::parse(self.uri()).await?;
        options.max_pool_size = Some(128);
        Ok(Client::with_options(options)?)
    }
}

/// A name that no other database has.
#[must_use]
pub fn database_name() -> String {
    format!("monguard_bench_{}", ObjectId::new().to_hex())
}

/// What every subject of these benchmarks writes with, monguard's default among them: the majority,
/// in its journals.
#[must_use]
pub fn write_concern() -> WriteConcern {
    WriteConcern::builder()
        .w(Acknowledgment::Majority)
        .journal(true)
        .build()
}

/// A collection of a hand-written program.
#[must_use]
pub fn collection<T: Send + Sync>(database: &Database, name: &str) -> Collection<T> {
    let options = CollectionOptions::builder()
        .write_concern(write_concern())
        .build();
    database.collection_with_options(name, options)
}
