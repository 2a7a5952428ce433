use std::ffi::OsString;

use monguard_test_server::{Server, Topology};

use crate::{Error, cargo, report, setup};

/// Runs the benchmarks on one server, which is started for them unless `MONGODB_URI` names one.
pub(crate) fn run(smoke: bool, arguments: &[OsString]) -> Result<(), Error> {
    setup::run()?;
    let server = Server::start(Topology::ReplicaSet)?;
    let mut command: Vec<OsString> = vec!["run".into(), "-p".into(), "monguard-benches".into()];
    // What is not measured need not be fast, and the tests have compiled it already.
    if !smoke {
        command.push("--release".into());
    }
    command.push("--".into());
    if smoke {
        report::line("only to see that everything runs: nothing that is printed is a figure");
        command.push("--smoke".into());
    }
    command.extend_from_slice(arguments);
    cargo::run(command, &[("MONGODB_URI", server.uri())])
}
