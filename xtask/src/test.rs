use std::env;
use std::ffi::OsString;
use std::num::NonZero;
use std::thread::available_parallelism;

use monguard_test_server::{Kind, Server, Topology};

use crate::{Error, cargo, report, setup};

const WORKSPACE: &[&str] = &["test", "--workspace"];
// Of the whole workspace, and with the tests of its libraries, which take seconds: without them cargo
// leaves features out that they ask for, and compiles the driver again.
const SUITE: &[&str] = &["test", "--workspace", "--lib", "--test", "suite"];

/// How many tests run at a time for each processor: most of them wait, for the server or for a driver
/// that connects again.
const TESTS_PER_PROCESSOR: usize = 2;

/// Runs every test of the workspace, then the integration suite once more on a standalone server.
pub(crate) fn run(arguments: &[OsString]) -> Result<(), Error> {
    // With MONGODB_URI too: some tests kill and restart a server of their own.
    setup::run()?;
    let mut ran = Vec::new();
    let done = run_all(arguments, &mut ran);
    report::line(&format!(
        "ran: {}",
        if ran.is_empty() {
            "nothing".to_owned()
        } else {
            ran.join("; ")
        }
    ));
    done
}

fn run_all(arguments: &[OsString], ran: &mut Vec<String>) -> Result<(), Error> {
    let server = Server::start(Topology::ReplicaSet)?;
    if server.kind() == Kind::External {
        report::line(
            "using the server of MONGODB_URI, once: the run on a standalone server is left out",
        );
        return step("the workspace on the server of MONGODB_URI", ran, || {
            cargo::run(
                command(WORKSPACE, arguments),
                &[("MONGODB_URI", server.uri())],
            )
        });
    }
    step("the workspace on a replica set", ran, || {
        on(&server, WORKSPACE, arguments)
    })?;
    drop(server);

    let server = Server::start(Topology::Standalone)?;
    step("the integration suite on a standalone server", ran, || {
        on(&server, SUITE, arguments)
    })
}

fn step(
    name: &str,
    ran: &mut Vec<String>,
    run: impl FnOnce() -> Result<(), Error>,
) -> Result<(), Error> {
    let done = run();
    ran.push(format!(
        "{name} ({})",
        if done.is_ok() { "ok" } else { "failed" }
    ));
    done
}

fn on(server: &Server, tests: &[&str], arguments: &[OsString]) -> Result<(), Error> {
    let topology = server.topology().as_str();
    let threads = threads();
    let variables = [
        ("MONGODB_URI", server.uri()),
        ("MONGUARD_TOPOLOGY", topology),
        (THREADS, &threads),
    ];
    cargo::run(command(tests, arguments), &variables)
}

const THREADS: &str = "RUST_TEST_THREADS";

/// What the caller says, or else as many as keep the processors busy.
fn threads() -> String {
    let processors = available_parallelism().map_or(1, NonZero::get);
    env::var(THREADS).unwrap_or_else(|_| (processors * TESTS_PER_PROCESSOR).to_string())
}

fn command(tests: &[&str], arguments: &[OsString]) -> Vec<OsString> {
    let mut command: Vec<OsString> = tests.iter().map(OsString::from).collect();
    if !arguments.is_empty() {
        command.push("--".into());
        command.extend_from_slice(arguments);
    }
    command
}
