//! The project's own commands: `cargo xtask setup`, `demo`, `test`, `cost` and `bench`.

mod bench;
mod cargo;
mod cost;
mod demo;
mod error;
mod report;
mod setup;
mod test;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use error::Error;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "monguard's own commands")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Finds the server for tests and examples, or installs one into a cache (once).
    Setup,
    /// Runs the example `order_fulfilment` against a server that is started for it.
    Demo,
    /// Measures what the derives cost: the time to check models, beside serde's, and the generated lines.
    Cost {
        /// Only to see that the command works.
        #[arg(long)]
        smoke: bool,
    },
    /// Measures what accountability costs beside hand-written code, and writes docs/benchmarks.
    Bench {
        /// Only to see that the command works.
        #[arg(long)]
        smoke: bool,
        /// Arguments for the benchmarks: `--only PART,…`, `--report FOLDER`.
        #[arg(last = true)]
        arguments: Vec<OsString>,
    },
    /// Runs all tests, and the integration suite on a replica set and on a standalone server.
    Test {
        /// Arguments for the test programs, as after `cargo test --`.
        #[arg(last = true)]
        arguments: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Setup => setup::run(),
        Command::Demo => demo::run(),
        Command::Cost { smoke } => cost::run(smoke),
        Command::Bench { smoke, arguments } => bench::run(smoke, &arguments),
        Command::Test { arguments } => test::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::failure(&error);
            ExitCode::from(error.exit_code())
        }
    }
}
