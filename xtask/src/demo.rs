use monguard_test_server::{Environment, Server, Topology};

use crate::{Error, cargo, report, setup};

/// Runs the first example that the README shows.
pub(crate) fn run() -> Result<(), Error> {
    if Environment::of_process().mongodb_uri.is_some() {
        report::line("using the server of MONGODB_URI");
    } else {
        setup::run()?;
    }
    let server = Server::start(Topology::ReplicaSet)?;
    let example = [
        "run",
        "-p",
        "monguard-examples",
        "--example",
        "order_fulfilment",
    ];
    cargo::run(example, &[("MONGODB_URI", server.uri())])
}
