use std::ffi::OsString;
use std::io::{self, BufReader, PipeReader, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

const SCRIPT: &str = include_str!("guard.sh");

/// What a running command is heard of.
pub(crate) enum News<'a> {
    /// It printed this line.
    Line(&'a str),
    /// Some time has passed.
    Tick,
}

/// A command of which nothing is left when we end before it does, not even by SIGKILL.
pub(crate) struct Guarded<'a> {
    /// Removed when we end before the command.
    pub(crate) directory: &'a Path,
    /// The program and its arguments.
    pub(crate) command: Vec<OsString>,
    /// Set for the command; `None` takes a variable away.
    pub(crate) variables: Vec<(&'a str, Option<OsString>)>,
}

impl Guarded<'_> {
    /// Runs the command, telling what it prints (on both streams) and, every `tick`, the time.
    pub(crate) fn run(
        self,
        tick: Duration,
        mut tell: impl FnMut(News<'_>),
    ) -> io::Result<ExitStatus> {
        let (reader, writer) = io::pipe()?;
        let mut shell = Command::new("/bin/sh");
        shell
            .args(["-c", SCRIPT, "monguard-setup"])
            .arg(self.directory)
            .args(self.command)
            // Not the workspace: its cargo settings are not those of the server.
            .current_dir(self.directory)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(writer.try_clone()?)
            .stderr(writer);
        for (name, value) in self.variables {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        let mut child = shell.spawn()?;
        // Our copies of the pipe's writing end; without them it ends with the command.
        drop(shell);
        let input = child.stdin.take();
        let lines = listen(reader);
        loop {
            match lines.recv_timeout(tick) {
                Ok(line) => tell(News::Line(&line)),
                Err(RecvTimeoutError::Timeout) => tell(News::Tick),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let status = child.wait()?;
        // Only now: its end is the sign that we are gone.
        drop(input);
        Ok(status)
    }
}

fn listen(output: PipeReader) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        let mut line = Vec::new();
        for byte in BufReader::new(output).bytes().map_while(Result::ok) {
            // Progress bars end with a carriage return.
            if byte != b'\n' && byte != b'\r' {
                line.push(byte);
                continue;
            }
            let text = String::from_utf8_lossy(&std::mem::take(&mut line)).into_owned();
            if !text.trim().is_empty() && sender.send(text).is_err() {
                return;
            }
        }
        let _ = sender.send(String::from_utf8_lossy(&line).into_owned());
    });
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(script: &str) -> (Option<i32>, Vec<String>) {
        let directory = tempfile::tempdir().unwrap();
        let guarded = Guarded {
            directory: directory.path(),
            command: ["/bin/sh", "-c", script].map(OsString::from).into(),
            variables: vec![("MONGUARD_TEST", Some("set".into())), ("HOME", None)],
        };
        let mut lines = Vec::new();
        let status = guarded.run(Duration::from_secs(10), |news| match news {
            News::Line(line) => lines.push(line.to_owned()),
            News::Tick => {}
        });
        assert!(directory.path().exists());
        (
            status.unwrap().code(),
            lines.into_iter().filter(|line| !line.is_empty()).collect(),
        )
    }

    #[test]
    fn both_streams_and_the_status_are_passed_on() {
        let (status, lines) = run("echo out; printf 'a\\rb\\r\\n' >&2; exit 3");
        assert_eq!(
            (status, lines),
            (Some(3), vec!["out".into(), "a".into(), "b".into()])
        );
    }

    #[test]
    fn variables_are_set_and_taken_away() {
        let (status, lines) = run("echo \"$MONGUARD_TEST ${HOME-none}\"");
        assert_eq!((status, lines), (Some(0), vec!["set none".into()]));
    }
}
