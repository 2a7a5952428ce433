//! A longer way to the server: bytes arrive later, and nothing else changes.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// A way to the server that takes some time in each direction, as a network does: any number of
/// messages are under way at a time. Dropping it closes its door; connections end with their sides.
///
/// It has threads of its own, since a timer of tokio is no finer than a millisecond, and it does not
/// look into what it carries: [`Proxy`](super::Proxy) does.
#[derive(Debug)]
pub struct Link {
    address: SocketAddr,
    open: Arc<AtomicBool>,
}

impl Link {
    /// Opens a way from a free port of 127.0.0.1 to the server at `upstream`. A request and its
    /// answer together take so much longer.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn open(upstream: SocketAddr, round_trip: Duration) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let open = Arc::new(AtomicBool::new(true));
        let is_open = Arc::clone(&open);
        thread::spawn(move || {
            for client in listener.incoming() {
                if !is_open.load(Ordering::SeqCst) {
                    return;
                }
                // The client sees its connection closed, as it does without a server.
                let _ = client.and_then(|client| connect(client, upstream, round_trip / 2));
            }
        });
        Ok(Link { address, open })
    }

    /// Where it begins.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A connection string that leads along it: `mongodb://…/?directConnection=true`.
    #[must_use]
    pub fn uri(&self) -> String {
        format!("mongodb://{}/?directConnection=true", self.address)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.open.store(false, Ordering::SeqCst);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
    }
}

fn connect(client: TcpStream, upstream: SocketAddr, delay: Duration) -> io::Result<()> {
    let server = TcpStream::connect(upstream)?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    carry(client.try_clone()?, server.try_clone()?, delay);
    carry(server, client, delay);
    Ok(())
}

/// Carries what comes in to the other side, each piece that much later than it came.
fn carry(mut from: TcpStream, mut to: TcpStream, delay: Duration) {
    let (under_way, arriving) = mpsc::channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        let mut bytes = vec![0; 64 * 1024];
        while let Ok(read @ 1..) = from.read(&mut bytes) {
            let piece = (Instant::now() + delay, bytes[..read].to_vec());
            if under_way.send(piece).is_err() {
                break;
            }
        }
    });
    thread::spawn(move || {
        for (due, piece) in arriving {
            wait_until(due);
            if to.write_all(&piece).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    });
}

/// The system wakes a thread some tens of microseconds late: it sleeps a little less.
fn wait_until(due: Instant) {
    const LATE: Duration = Duration::from_micros(60);
    if let Some(left) = due.checked_duration_since(Instant::now() + LATE) {
        thread::sleep(left);
    }
    while Instant::now() < due {
        thread::yield_now();
    }
}
