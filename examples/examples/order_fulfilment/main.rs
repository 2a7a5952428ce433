//! One order in the hands of three departments: idempotent checkout, conditions, a race of two
//! warehouses, recovery from the conflict, the audit trail, and where
//! its entries are.
//!
//! `cargo xtask demo` runs it on a server that it starts. `scenario.rs` is the place to start
//! reading; each department has a file.

mod answer;
mod billing;
mod checkout;
mod desk;
mod entries;
mod model;
pub(crate) mod scenario;
mod story;
mod trail;
mod warehouse;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use mongodb::bson::oid::ObjectId;
use mongodb::options::ClientOptions;
use mongodb::{Client, Database};
use monguard::Monguard;

pub(crate) type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

const USAGE: &str = "usage: order_fulfilment [--keep]\n\n  --keep   leave the database on the server, to look at it";
const NO_SERVER: &str = "MONGODB_URI is not set: run `cargo xtask demo`, which starts a server for \
    it, or name one, as in `MONGODB_URI=mongodb://localhost:27017 cargo run -p monguard-examples \
    --example order_fulfilment`";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let keep = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => false,
        ["--keep"] => true,
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(keep).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&*error);
            ExitCode::FAILURE
        }
    }
}

async fn run(keep: bool) -> Result<()> {
    let uri = std::env::var("MONGODB_URI").unwrap_or_default();
    if uri.is_empty() {
        return Err(NO_SERVER.into());
    }
    let mut options = ClientOptions::parse(uri).await?;
    options
        .server_selection_timeout
        .get_or_insert(Duration::from_secs(5));
    let name = format!("order_fulfilment_{}", ObjectId::new());
    let database = Client::with_options(options)?.database(&name);
    let played = play(&database).await;
    if keep {
        println!("\nkept: database {name}, collections orders and audit_logs");
    } else if played.is_ok() {
        database.drop().await?;
    } else {
        // What went wrong in the story says more than what goes wrong in clearing up.
        let _ = database.drop().await;
    }
    played
}

async fn play(database: &Database) -> Result<()> {
    let monguard = Monguard::builder(database.clone()).build().await?;
    println!("One order, three departments, on {}", database.name());
    scenario::play(&monguard, &mut std::io::stdout()).await
}

/// An error and what caused it, a line each.
fn report(error: &(dyn Error + Send + Sync)) {
    eprintln!("order_fulfilment: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        eprintln!("  because: {cause}");
        source = cause.source();
    }
}
