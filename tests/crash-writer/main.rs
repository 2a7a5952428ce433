//! A writer that is there to be killed: see `monguard_tests::crash`.
//!
//! It takes the connection string, the database, the guarantee, a number that tells it from other
//! writers, and a seed. It reports each operation on a line of its own.

#![allow(
    clippy::expect_used,
    reason = "test support: a failed expectation is a failed test"
)]

use std::env;
use std::io::Write as _;
use std::ops::ControlFlow;

use mongodb::Client;
use monguard_tests::crash::{Habits, Orders, work};

#[tokio::main(worker_threads = 2)]
async fn main() {
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().expect("an argument more");
    let uri = next();
    let orders = Orders {
        program: "",
        database: next(),
        guarantee: next().leak(),
        habits: Habits {
            life: next().parse().expect("a number"),
            seed: next().parse().expect("a seed"),
            removes: true,
        },
    };
    let client = Client::with_uri_str(uri).await.expect("a client");
    let guard = orders.guard(client.database(&orders.database)).await;
    work(guard, orders.habits, |report| {
        // One write for each line: what was told is never half said, unless it dies in between.
        let line = format!("{report}\n");
        let mut output = std::io::stdout().lock();
        let said = output.write_all(line.as_bytes());
        said.and_then(|()| output.flush()).expect("somebody reads");
        ControlFlow::Continue(())
    })
    .await;
}
