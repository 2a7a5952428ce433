use std::ffi::OsString;

use monguard_test_server::{Kind, PACKAGE, Server, Topology, VERSION};

use crate::{Error, cargo, report, setup};

const BENCHES: &str = "monguard-benches";

/// Runs the benchmarks on one server, which is started for them unless `MONGODB_URI` names one.
pub(crate) fn run(smoke: bool, arguments: &[OsString]) -> Result<(), Error> {
    setup::run()?;
    // What is not measured need not be fast, and the tests have compiled it already.
    let profile = (!smoke).then_some("--release");
    let cargo = |command: [&str; 3]| -> Vec<OsString> {
        command.into_iter().chain(profile).map(Into::into).collect()
    };
    // One of the programs starts the other one.
    let mut build = cargo(["build", "-p", BENCHES]);
    build.push("--bins".into());
    cargo::run(build, &[])?;
    let server = Server::start(Topology::ReplicaSet)?;
    let mut command = cargo(["run", "-p", BENCHES]);
    command.push("--".into());
    if smoke {
        report::line("only to see that everything runs: nothing that is printed is a figure");
        command.push("--smoke".into());
    }
    command.extend_from_slice(arguments);
    let named = named(&server);
    let variables = [("MONGODB_URI", server.uri()), (NAMED, &named)];
    cargo::run(command, &variables)
}

/// Where the benchmarks read what the server is.
const NAMED: &str = "MONGUARD_BENCH_SERVER";

fn named(server: &Server) -> String {
    match server.kind() {
        Kind::Mongod => "a `mongod`".to_owned(),
        Kind::Embedded => format!("the embedded one, {PACKAGE} {VERSION}"),
        _ => "that of `MONGODB_URI`".to_owned(),
    }
}
