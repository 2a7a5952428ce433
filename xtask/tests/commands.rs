//! The commands as a developer runs them, with stand-ins for cargo and for the server.
#![allow(clippy::unwrap_used)] // Test code, outside of `#[test]` functions too.

#[path = "../../test-server/tests/support/script.rs"]
mod script;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use monguard_test_server::{BINARY, Cache, VERSION, on_path};
use tempfile::TempDir;

/// Installs a stand-in for the server; logs every call.
const CARGO: &str = r#"
echo "$1 topology=$MONGUARD_TOPOLOGY uri=$MONGODB_URI args=$*" >> "$NOTES"
[ "$1" = install ] || exit "${STATUS:-0}"
while [ "$1" != --root ]; do shift; done
mkdir -p "$2/bin" && cp "$SERVER" "$2/bin/secantusd-rs"
"#;

/// A machine: its own cache, and a `PATH` with nothing but what is put there.
struct Machine {
    directory: TempDir,
}

impl Machine {
    fn new(cargo: &str) -> Self {
        let machine = Self {
            directory: tempfile::tempdir().unwrap(),
        };
        fs::create_dir_all(machine.path("bin")).unwrap();
        let path = std::env::var_os("PATH").unwrap();
        for tool in ["rm", "sleep", "mkdir", "cp"] {
            symlink(
                on_path(tool, &path).unwrap(),
                machine.path("bin").join(tool),
            )
            .unwrap();
        }
        for tool in ["cc", "c++", "make", "cmake"] {
            machine.script(&format!("bin/{tool}"), "exit 0");
        }
        machine.script("bin/cargo", cargo);
        machine.script(
            "server",
            &format!(
                "[ \"$1\" != --version ] || {{ echo '{BINARY} {VERSION}'; exit; }}\n\
                 echo '{BINARY} listening on 127.0.0.1:1'; exec sleep 600"
            ),
        );
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn script(&self, name: &str, text: &str) {
        script::write_script(&self.path(name), text);
    }

    fn cache(&self) -> Cache {
        Cache::at(self.path("cache"))
    }

    fn xtask(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .args(arguments)
            .env("CARGO", self.path("bin/cargo"))
            .env("PATH", self.path("bin"))
            .env("MONGUARD_CACHE", self.cache().directory())
            .env("NOTES", self.path("notes"))
            .env("SERVER", self.path("server"))
            .env_remove("MONGODB_URI")
            .env_remove("MONGUARD_TOPOLOGY")
            .env_remove("CC")
            .env_remove("CXX")
            .stdin(Stdio::null());
        command
    }

    fn notes(&self) -> Vec<String> {
        let notes = fs::read_to_string(self.path("notes")).unwrap_or_default();
        notes.lines().map(str::to_owned).collect()
    }

    /// The names in the cache, sorted.
    fn cached(&self) -> Vec<String> {
        let entries = fs::read_dir(self.cache().directory()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < deadline, "not within 20 s: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn process_runs(id: &str) -> bool {
    let status = Command::new("/bin/sh")
        .args(["-c", "kill -0 \"$0\"", id])
        .stderr(Stdio::null())
        .status();
    status.unwrap().success()
}

/// Whether an interrupt ends a process started here. A shell starts what runs in its background
/// with interrupts ignored, and children inherit that.
fn is_interruptible() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // `SIGINT` is the second of the mask.
    ignored.unwrap_or_default() & 2 == 0
}

#[test]
fn setup_installs_once_and_leaves_nothing_else() {
    let machine = Machine::new(CARGO);
    let output = machine.xtask(&["setup"]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(
        machine.cached(),
        ["lock".to_owned(), format!("secantus-mdb-{VERSION}")]
    );

    let output = machine.xtask(&["setup"]).output().unwrap();
    assert!(output.status.success());
    assert_eq!(machine.notes().len(), 1, "installed twice");
}

#[test]
fn setup_repairs_a_damaged_server() {
    let machine = Machine::new(CARGO);
    let binary = machine.cache().server_binary();
    fs::create_dir_all(binary.parent().unwrap()).unwrap();
    fs::write(&binary, "half of it").unwrap();
    let output = machine.xtask(&["setup"]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(
        said(&output).contains("installing secantusd-rs"),
        "{}",
        said(&output)
    );
    assert_eq!(
        fs::read(binary).unwrap(),
        fs::read(machine.path("server")).unwrap()
    );
}

#[test]
fn two_setups_at_once_install_once() {
    let machine = Machine::new(&format!("sleep 1\n{CARGO}"));
    let mut first = machine.xtask(&["setup"]).spawn().unwrap();
    let mut second = machine.xtask(&["setup"]).spawn().unwrap();
    assert!(first.wait().unwrap().success() && second.wait().unwrap().success());
    assert_eq!(machine.notes().len(), 1);
}

#[test]
fn a_setup_that_is_killed_leaves_nothing_running_and_can_be_repeated() {
    for signal in ["KILL", if is_interruptible() { "INT" } else { "TERM" }] {
        // Like cargo, it has a child that does the work.
        let machine = Machine::new("sh -c 'echo $$ > \"$NOTES.id\"; exec sleep 600' & wait");
        symlink("/bin/sh", machine.path("bin/sh")).unwrap();
        let mut xtask = machine
            .xtask(&["setup"])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let worker = || fs::read_to_string(machine.path("notes.id")).unwrap_or_default();
        eventually("the worker runs", || worker().ends_with('\n'));
        let kill = format!("kill -s {signal} {}", xtask.id());
        Command::new("/bin/sh")
            .args(["-c", &kill])
            .status()
            .unwrap();
        assert!(!xtask.wait().unwrap().success());
        eventually("the worker is gone", || !process_runs(worker().trim()));
        eventually("its files are gone", || {
            machine.cached() == ["lock", "setup.log"]
        });

        machine.script("bin/cargo", CARGO);
        assert!(machine.xtask(&["setup"]).output().unwrap().status.success());
    }
}

#[test]
fn a_failed_installation_names_cause_and_log() {
    for (cargo, expected) in [
        (
            "echo 'error: [6] Could not resolve host: index' >&2; exit 101",
            "registry cannot be reached",
        ),
        (
            "echo 'error: No space left on device (os error 28)' >&2; exit 101",
            "the disk is full",
        ),
        (
            "echo 'error[E0308]: mismatched' >&2; exit 101",
            "ended with status 101; log: /",
        ),
        ("kill -9 $$", "ended with status 137; log: /"),
    ] {
        let machine = Machine::new(cargo);
        let output = machine.xtask(&["setup"]).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output).contains(expected), "{}", said(&output));
        assert_eq!(machine.cached(), ["lock", "setup.log"]);
    }
}

#[test]
fn a_missing_compiler_is_found_before_anything_is_built() {
    let machine = Machine::new(CARGO);
    fs::remove_file(machine.path("bin/c++")).unwrap();
    let output = machine.xtask(&["setup"]).output().unwrap();
    assert!(
        said(&output).contains("building the server needs a C++ compiler"),
        "{}",
        said(&output)
    );
    assert!(machine.notes().is_empty());
}

#[test]
fn tests_run_on_a_replica_set_and_then_on_a_standalone_server() {
    let machine = Machine::new(CARGO);
    let output = machine
        .xtask(&["test", "--", "stale", "--nocapture"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let uri = "uri=mongodb://127.0.0.1:1/?directConnection=true";
    assert_eq!(
        machine.notes()[1..],
        [
            format!("test topology=replica-set {uri} args=test --workspace -- stale --nocapture"),
            format!(
                "test topology=standalone {uri} \
                 args=test --workspace --lib --test suite -- stale --nocapture"
            ),
        ]
    );
    let last = "ran: the workspace on a replica set (ok); the integration suite on a standalone server (ok)\n";
    assert!(said(&output).ends_with(last), "{}", said(&output));
}

#[test]
fn tests_end_with_the_status_of_the_step_that_failed() {
    let machine = Machine::new(CARGO);
    let output = machine
        .xtask(&["test"])
        .env("STATUS", "101")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(101));
    assert_eq!(machine.notes().len(), 2, "went on after a failure");
    assert!(
        said(&output).contains("ran: the workspace on a replica set (failed)"),
        "{}",
        said(&output)
    );
}

#[test]
fn a_server_of_the_environment_is_tested_once() {
    let machine = Machine::new(CARGO);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("mongodb://{}/", listener.local_addr().unwrap());
    let output = machine
        .xtask(&["test"])
        .env("MONGODB_URI", &uri)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(
        machine.notes()[1..],
        [format!("test topology= uri={uri} args=test --workspace")]
    );
    assert!(
        said(&output).contains("the run on a standalone server is left out"),
        "{}",
        said(&output)
    );
}

#[test]
fn the_demo_runs_the_example_on_a_server() {
    let machine = Machine::new(CARGO);
    let output = machine.xtask(&["demo"]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let call = "args=run -p monguard-examples --example order_fulfilment";
    assert!(machine.notes()[1].ends_with(call), "{:?}", machine.notes());
    assert!(Path::new(&machine.cache().server_binary()).exists());
}
