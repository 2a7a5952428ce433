//! Processes to look at from outside, and environments to start servers in.
// Each test program uses a part of it; and it is test code, outside of a `#[test]` function.
#![allow(dead_code, clippy::unwrap_used)]

mod script;

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use monguard_test_server::{Cache, Environment};
pub(crate) use script::write_script;

/// The signals of `wanted` that end a process started here. A shell starts what runs in its
/// background with some of them ignored, and children inherit that.
pub(crate) fn deadly(wanted: &[&'static str]) -> Vec<&'static str> {
    const NUMBERS: [(&str, u32); 3] = [("HUP", 1), ("INT", 2), ("TERM", 15)];
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default();
    let is_ignored = |signal: &str| {
        let number = NUMBERS.iter().find(|(name, _)| *name == signal);
        number.is_some_and(|(_, number)| ignored >> (number - 1) & 1 == 1)
    };
    let mut deadly = wanted.to_vec();
    deadly.retain(|signal| !is_ignored(signal));
    deadly
}

/// A child process that holds a server and waits for the end of its standard input.
pub(crate) struct Holder {
    pub(crate) child: Child,
    pub(crate) output: BufReader<ChildStdout>,
    pub(crate) server: u32,
    pub(crate) directory: PathBuf,
}

impl Holder {
    pub(crate) fn start() -> Self {
        Self::spawn(&mut Command::new(env!(
            "CARGO_BIN_EXE_monguard-test-server"
        )))
    }

    pub(crate) fn start_in_own_group() -> Self {
        Self::spawn(Command::new(env!("CARGO_BIN_EXE_monguard-test-server")).process_group(0))
    }

    fn spawn(command: &mut Command) -> Self {
        let mut child = command
            .env_remove("MONGODB_URI")
            .env_remove("MONGUARD_TOPOLOGY")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = || {
            let mut line = String::new();
            output.read_line(&mut line).unwrap();
            line.trim_end().to_owned()
        };
        let uri = line();
        let server = line().strip_prefix("process ").unwrap().parse().unwrap();
        let directory = PathBuf::from(line().strip_prefix("directory ").unwrap());
        assert!(takes_connections(&uri) && process_runs(server) && directory.is_dir());
        Self {
            child,
            output,
            server,
            directory,
        }
    }

    pub(crate) fn signal(&self, name: &str) {
        send(name, &self.child.id().to_string());
    }

    pub(crate) fn signal_group(&self, name: &str) {
        send(name, &format!("-{}", self.child.id()));
    }

    pub(crate) fn assert_nothing_left(&self) {
        eventually("the server is gone", || !process_runs(self.server));
        eventually("its directory is gone", || !self.directory.exists());
    }
}

fn send(signal: &str, target: &str) {
    let status = Command::new("/bin/sh")
        .args(["-c", "kill -s \"$0\" -- \"$1\"", signal, target])
        .status();
    assert!(status.unwrap().success());
}

pub(crate) fn process_runs(id: u32) -> bool {
    let status = Command::new("/bin/sh")
        .args(["-c", "kill -0 \"$0\"", &id.to_string()])
        .stderr(Stdio::null())
        .status();
    status.unwrap().success()
}

pub(crate) fn takes_connections(uri: &str) -> bool {
    let address = uri
        .trim_start_matches("mongodb://")
        .split('/')
        .next()
        .unwrap();
    TcpStream::connect(address).is_ok()
}

/// Waits for something that another process does, up to 20 s.
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < deadline, "not within 20 s: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// An environment without a `mongod`, whose embedded server is this shell script.
pub(crate) fn with_embedded_script(directory: &Path, script: &str) -> Environment {
    let mut environment = Environment::default();
    let cache = Cache::at(directory);
    write_script(&cache.server_binary(), script);
    environment.cache = Some(cache);
    environment
}

/// An environment whose `mongod` is this shell script.
pub(crate) fn with_mongod_script(directory: &Path, script: &str) -> Environment {
    write_script(&directory.join("mongod"), script);
    let mut environment = Environment::default();
    environment.path = Some(directory.into());
    environment
}
