//! Runs a server until Ctrl-C, or until standard input ends: `cargo run -p monguard-test-server`.
//!
//! Prints the connection string, the process id and the directory, a line each.

use std::error::Error;
use std::io::{Read, Write};

use monguard_test_server::{Environment, Server};

fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::start(Environment::of_process().topology()?)?;
    let mut output = std::io::stdout().lock();
    writeln!(output, "{}", server.uri())?;
    if let (Some(id), Some(directory)) = (server.process_id(), server.directory()) {
        writeln!(output, "process {id}\ndirectory {}", directory.display())?;
    }
    output.flush()?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
