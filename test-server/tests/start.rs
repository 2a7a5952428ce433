//! Which server is started, how it is restarted, and what is said when it cannot be started.

mod support;

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use monguard_test_server::{BINARY, Cache, Environment, Error, Kind, Server, Topology, VERSION};
use support::{
    eventually, process_runs, takes_connections, with_embedded_script, with_mongod_script,
};

/// A script that knows its version, and does this when it is started.
fn embedded(behaviour: &str) -> String {
    format!("[ \"$1\" != --version ] || {{ echo '{BINARY} {VERSION}'; exit; }}\n{behaviour}")
}

fn start(environment: Environment) -> Result<Server, Error> {
    Server::builder()
        .environment(environment)
        .start_timeout(Duration::from_secs(10))
        .start()
}

fn installed_server() -> String {
    let binary = Cache::of_process()
        .map(|cache| cache.server_binary())
        .unwrap_or_default();
    assert!(
        binary.exists(),
        "run `cargo xtask setup` once: {} is missing",
        binary.display()
    );
    binary.display().to_string()
}

#[test]
fn a_server_comes_back_on_its_port_with_its_data() {
    let server = Server::builder()
        .sync_on_commit()
        .test_commands()
        .start()
        .unwrap();
    let (uri, first) = (server.uri().to_owned(), server.process_id().unwrap());
    let data = server.directory().unwrap().join("data");
    fs::write(data.join("marker"), "still here").unwrap();

    server.kill().unwrap();
    assert!(!process_runs(first) && !takes_connections(&uri));
    assert_eq!(server.process_id(), None);
    server.kill().unwrap();
    server.restart().unwrap();
    assert!(takes_connections(&uri));

    server.restart().unwrap();
    assert_ne!(server.process_id().unwrap(), first);
    server.stop().unwrap();
    assert!(!takes_connections(&uri));
    server.restart().unwrap();
    assert_eq!(server.uri(), uri);
    assert!(data.join("marker").exists());
}

#[test]
fn a_server_that_dies_by_itself_can_be_restarted() {
    let server = Server::builder().start().unwrap();
    let id = server.process_id().unwrap();
    std::process::Command::new("/bin/sh")
        .args(["-c", &format!("kill -9 {id}")])
        .status()
        .unwrap();
    eventually("the end is noticed", || server.process_id().is_none());
    server.restart().unwrap();
    assert!(takes_connections(server.uri()));
}

#[test]
fn a_taken_port_is_named() {
    let server = Server::builder().start().unwrap();
    let port = server
        .uri()
        .rsplit(':')
        .next()
        .unwrap()
        .split('/')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    server.stop().unwrap();
    let other = TcpListener::bind(("127.0.0.1", port)).unwrap();
    match server.restart() {
        Err(Error::PortTaken { port: named, .. }) => assert_eq!(named, port),
        other => panic!("{other:?}"),
    }
    drop(other);
    server.restart().unwrap();
}

#[test]
fn a_server_of_the_environment_is_used_as_it_is() {
    let theirs = Server::builder().start().unwrap();
    let mut environment = Environment::default();
    environment.mongodb_uri = Some(theirs.uri().to_owned());
    let server = Server::start_in(environment, Topology::ReplicaSet).unwrap();
    assert_eq!(
        (server.uri(), server.kind()),
        (theirs.uri(), Kind::External)
    );
    assert!(matches!(server.kill(), Err(Error::NotStartedHere)));
    drop(server);
    assert!(takes_connections(theirs.uri()));
}

#[test]
fn a_dead_server_of_the_environment_is_an_error_that_says_so() {
    // Nobody listens there; one of the free ports could be taken by another test meanwhile.
    let free = "127.0.0.1:1";
    let mut environment = Environment::default();
    environment.mongodb_uri = Some(format!("mongodb://{free}/"));
    let error = Server::start_in(environment, Topology::ReplicaSet).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with(&format!("MONGODB_URI names {free}")),
        "{error}"
    );
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("refused"), "{source}");
}

#[test]
fn a_missing_server_is_not_installed_but_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let mut environment = Environment::default();
    environment.cache = Some(Cache::at(directory.path()));
    let error = start(environment).unwrap_err();
    assert!(matches!(error, Error::NotInstalled { .. }));
    assert!(
        error.to_string().contains("run `cargo xtask setup` once"),
        "{error}"
    );
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn another_version_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let environment = with_embedded_script(directory.path(), "echo 'secantusd-rs 0.1.0'");
    match start(environment) {
        Err(Error::WrongVersion { found, .. }) => assert_eq!(found, "secantusd-rs 0.1.0"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_program_that_may_not_be_run_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let environment = with_embedded_script(directory.path(), &embedded("exit"));
    let binary = Cache::at(directory.path()).server_binary();
    fs::set_permissions(&binary, fs::Permissions::from_mode(0o644)).unwrap();
    match start(environment) {
        Err(Error::NotExecutable { path, .. }) => assert_eq!(path, binary),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_server_that_ends_at_once_is_quoted() {
    let directory = tempfile::tempdir().unwrap();
    let script = embedded("echo 'no such option' >&2; exit 7");
    let error = start(with_embedded_script(directory.path(), &script)).unwrap_err();
    assert!(
        matches!(error, Error::ExitedAtStart { status: 7, .. }),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .ends_with("its last lines:\n  no such option"),
        "{error}"
    );
}

#[test]
fn a_full_disk_is_called_by_its_name() {
    let directory = tempfile::tempdir().unwrap();
    let script = embedded("echo 'WT_PANIC: write: No space left on device' >&2; exit 1");
    let error = start(with_embedded_script(directory.path(), &script)).unwrap_err();
    assert!(matches!(error, Error::DiskFull { .. }), "{error}");
}

#[test]
fn a_server_that_is_never_ready_is_given_up_and_killed() {
    let directory = tempfile::tempdir().unwrap();
    let note = directory.path().join("id");
    let script = embedded(&format!(
        "echo $$ > '{}'; echo starting; exec sleep 600",
        note.display()
    ));
    let environment = with_embedded_script(directory.path(), &script);
    let builder = Server::builder()
        .environment(environment)
        .start_timeout(Duration::from_millis(800));
    let error = builder.start().unwrap_err();
    assert!(matches!(error, Error::StartTimeout { .. }), "{error}");
    assert!(
        error.to_string().contains("not ready after 0.8 s"),
        "{error}"
    );
    let id = fs::read_to_string(note).unwrap().trim().parse().unwrap();
    assert!(!process_runs(id));
}

/// Stands in for `mongod`: takes its options, and is the installed embedded server inside.
fn mongod_script(server: &str, notes: &Path) -> String {
    format!(
        "echo \"$@\" >> '{}'\n\
         while [ $# -gt 0 ]; do case $1 in --dbpath) data=$2;; --port) port=$2;; esac; shift; done\n\
         exec '{server}' --port \"$port\" --storage-path \"$data\" --log-file-max 8MB",
        notes.display()
    )
}

#[test]
fn a_mongod_on_the_path_comes_first() {
    let directory = tempfile::tempdir().unwrap();
    let notes = directory.path().join("arguments");
    let script = mongod_script(&installed_server(), &notes);
    let server = Server::builder()
        .environment(with_mongod_script(directory.path(), &script))
        .topology(Topology::Standalone)
        .start()
        .unwrap();
    assert_eq!(server.kind(), Kind::Mongod);
    assert!(takes_connections(server.uri()));
    let arguments = fs::read_to_string(notes).unwrap();
    assert!(
        arguments.starts_with("--bind_ip 127.0.0.1 --dbpath /"),
        "{arguments}"
    );
    assert!(!arguments.contains("--replSet"), "{arguments}");
}

#[test]
fn a_mongod_is_made_a_replica_set() {
    let directory = tempfile::tempdir().unwrap();
    let notes = directory.path().join("arguments");
    let script = mongod_script(&installed_server(), &notes);
    let server = start(with_mongod_script(directory.path(), &script));
    assert!(fs::read_to_string(notes).unwrap().contains("--replSet rs0"));
    server.unwrap().restart().unwrap();
}
