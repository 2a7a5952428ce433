//! What the benchmarks measure without a server, in a program of its own: it counts allocations,
//! and it is run under valgrind, which counts instructions.
//!
//! `bench-offline diff [smoke]` prints the diffs as JSON, `bench-offline cases` the names of what is
//! counted, `bench-offline case NAME COUNT` does one of them so many times.

mod client;
mod diff;
mod order;

use std::process::ExitCode;

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("bench-offline: error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<(), Failure> {
    match arguments {
        ["diff"] => diff::print(false),
        ["diff", "smoke"] => diff::print(true),
        ["cases"] => {
            client::cases().iter().for_each(|case| println!("{case}"));
            Ok(())
        }
        ["case", name, count] => client::run(name, count.parse()?),
        _ => Err("usage: bench-offline diff [smoke] | cases | case NAME COUNT".into()),
    }
}
