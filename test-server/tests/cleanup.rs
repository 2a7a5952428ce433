//! Nothing is left behind, however the process that started a server ends.

mod support;

use std::io::Write;
use std::process::{Command, Stdio};

use monguard_test_server::{Server, Topology};
use support::{Holder, deadly, eventually, process_runs, takes_connections};

#[test]
fn a_dropped_server_is_gone_with_its_directory() {
    let server = Server::builder().start().unwrap();
    let (id, directory) = (
        server.process_id().unwrap(),
        server.directory().unwrap().to_owned(),
    );
    assert!(process_runs(id) && directory.exists() && takes_connections(server.uri()));
    drop(server);
    assert!(!process_runs(id));
    assert!(!directory.exists());
}

#[test]
fn a_server_of_a_process_that_returns_is_gone() {
    let mut holder = Holder::start();
    drop(holder.child.stdin.take());
    assert!(holder.child.wait().unwrap().success());
    holder.assert_nothing_left();
}

#[test]
fn a_server_of_a_process_that_is_killed_is_gone() {
    let mut holder = Holder::start();
    holder.signal("KILL");
    assert!(!holder.child.wait().unwrap().success());
    holder.assert_nothing_left();
}

#[test]
fn a_server_of_a_process_that_is_interrupted_is_gone() {
    for signal in deadly(&["INT", "TERM", "HUP"]) {
        let mut holder = Holder::start();
        holder.signal(signal);
        assert!(!holder.child.wait().unwrap().success());
        holder.assert_nothing_left();
    }
}

#[test]
fn a_signal_to_the_whole_process_group_leaves_nothing_either() {
    // What Ctrl-C in a terminal does: everything that the command started in its group gets it.
    for signal in deadly(&["INT", "TERM"]) {
        let mut holder = Holder::start_in_own_group();
        holder.signal_group(signal);
        assert!(!holder.child.wait().unwrap().success());
        holder.assert_nothing_left();
    }
}

#[test]
fn a_server_in_a_static_of_a_test_process_is_gone() {
    // This very test program, running the ignored test below: its static is never dropped.
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program)
        .args([
            "--ignored",
            "--exact",
            "holds_the_shared_server",
            "--nocapture",
        ])
        .env_remove("MONGODB_URI")
        .env_remove("MONGUARD_TOPOLOGY")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let value = |name: &str| {
        text.lines()
            .find_map(|line| line.split_once(name))
            .map(|(_, value)| value.to_owned())
            .unwrap()
    };
    let id = value("held process ").parse().unwrap();
    let directory = value("held directory ");
    eventually("the server is gone", || !process_runs(id));
    eventually("its directory is gone", || {
        !std::path::Path::new(&directory).exists()
    });
}

#[test]
#[ignore = "run by a_server_in_a_static_of_a_test_process_is_gone"]
fn holds_the_shared_server() {
    let server = Server::shared().unwrap();
    let (id, directory) = (
        server.process_id().unwrap(),
        server.directory().unwrap().display(),
    );
    let mut output = std::io::stdout().lock();
    write!(output, "\nheld process {id}\nheld directory {directory}\n").unwrap();
}

#[test]
fn the_output_of_a_killed_process_ends_with_it() {
    // `cargo test | tee`: nobody may hold the pipe open longer than the process itself. `output`
    // returns when all of them have closed it.
    let mut holder = Holder::start();
    holder.signal("KILL");
    let reader = std::thread::spawn(move || {
        let remaining = std::io::read_to_string(&mut holder.output).unwrap();
        (holder, remaining)
    });
    eventually("the pipe is closed", || reader.is_finished());
    let (mut holder, remaining) = reader.join().unwrap();
    assert_eq!(remaining, "");
    holder.child.wait().unwrap();
}

#[test]
fn two_servers_at_once_do_not_meet() {
    let one = Server::builder().start().unwrap();
    let other = Server::builder()
        .topology(Topology::Standalone)
        .start()
        .unwrap();
    assert_ne!(one.uri(), other.uri());
    assert_ne!(one.directory(), other.directory());
    drop(one);
    assert!(takes_connections(other.uri()));
}
