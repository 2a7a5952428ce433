//! The proxy's door: it accepts the driver's connections and connects each to the server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::command::Command;
use super::connection::Connection;
use super::counts::Counts;
use super::rule::Rules;
use super::rule_builder::RuleBuilder;
use super::traffic::Traffic;
use super::transactions::Transactions;

/// A proxy between driver and server. Dropping it ends its tasks and closes its sockets.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    rules: Arc<Rules>,
    counts: Arc<Counts>,
    traffic: Arc<Traffic>,
    accepting: Arc<AtomicBool>,
    severed: watch::Sender<usize>,
    listener: JoinHandle<()>,
}

impl Proxy {
    /// Starts a proxy on a free port of 127.0.0.1 that leads to the server at `upstream`.
    pub async fn start(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a free port on loopback");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let rules = Arc::default();
        let counts = Arc::default();
        let traffic = Arc::default();
        let accepting = Arc::new(AtomicBool::new(true));
        let severed = watch::Sender::new(0);
        let door = Door {
            upstream,
            rules: Arc::clone(&rules),
            counts: Arc::clone(&counts),
            traffic: Arc::clone(&traffic),
            accepting: Arc::clone(&accepting),
            severed: severed.subscribe(),
        };
        let listener = tokio::spawn(door.keep(listener));
        Self {
            address,
            rules,
            counts,
            traffic,
            accepting,
            severed,
            listener,
        }
    }

    /// Where the proxy listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A connection string that leads through the proxy: `mongodb://…/?directConnection=true`.
    #[must_use]
    pub fn uri(&self) -> String {
        format!("mongodb://{}/?directConnection=true", self.address)
    }

    /// [`uri`](Self::uri) with more options, as in `retryWrites=false&retryReads=false`.
    #[must_use]
    pub fn uri_with(&self, options: &str) -> String {
        format!("{}&{options}", self.uri())
    }

    /// Begins a rule about `command`. The rule is in force once it says what to do; it does not
    /// concern commands that were sent before.
    pub fn on(&self, command: Command) -> RuleBuilder {
        RuleBuilder::new(Arc::clone(&self.rules), command)
    }

    /// How many commands of this name the driver has sent, those that were cut included.
    #[must_use]
    pub fn seen(&self, name: &str) -> usize {
        self.counts.named(name, None)
    }

    /// How many commands of this name the driver has sent for this collection.
    #[must_use]
    pub fn seen_on(&self, name: &str, collection: &str) -> usize {
        self.counts.named(name, Some(collection))
    }

    /// The transactions that the driver has begun.
    #[must_use]
    pub fn transactions(&self) -> &Transactions {
        self.counts.transactions()
    }

    /// Counts from zero again.
    pub fn forget_seen(&self) {
        self.counts.clear();
    }

    /// Resolves when all clients are gone, and the server has answered everything that it was sent:
    /// nothing of a client that has died can take effect any more.
    ///
    /// # Panics
    /// After 30 s.
    pub async fn all_over(&self) {
        self.traffic.end().await;
    }

    /// Closes every new connection at once, before a byte is read. Those that are open stay.
    pub fn refuse_connections(&self) {
        self.accepting.store(false, Ordering::SeqCst);
    }

    /// Takes new connections again.
    pub fn accept_connections(&self) {
        self.accepting.store(true, Ordering::SeqCst);
    }

    /// Cuts every connection that is open. New ones are taken, unless they are refused.
    pub fn cut_connections(&self) {
        self.severed.send_modify(|times| *times += 1);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // The connections belong to this task and end with it.
        self.listener.abort();
    }
}

/// What the listening task has of the proxy.
struct Door {
    upstream: SocketAddr,
    rules: Arc<Rules>,
    counts: Arc<Counts>,
    traffic: Arc<Traffic>,
    accepting: Arc<AtomicBool>,
    severed: watch::Receiver<usize>,
}

impl Door {
    async fn keep(self, listener: TcpListener) {
        // Dropped with this task, and the connections with it.
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => {
                    // An error here is that of one connection, which was gone before it was taken.
                    let Ok((client, _)) = accepted else { continue };
                    if self.accepting.load(Ordering::SeqCst) {
                        connections.spawn(self.connect(client));
                    }
                }
                Some(_) = connections.join_next() => {}
            }
        }
    }

    fn connect(&self, client: TcpStream) -> impl Future<Output = ()> + use<> {
        let upstream = self.upstream;
        let (rules, counts) = (Arc::clone(&self.rules), Arc::clone(&self.counts));
        let connection = Connection::new(rules, counts, Arc::clone(&self.traffic));
        let mut severed = self.severed.clone();
        severed.mark_unchanged();
        async move {
            // Without a server there is nothing to carry: the driver's connection is closed.
            let Ok(server) = TcpStream::connect(upstream).await else {
                return;
            };
            for socket in [&client, &server] {
                let _ = socket.set_nodelay(true);
            }
            connection.run(client, server, severed).await;
        }
    }
}
