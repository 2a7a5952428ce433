use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

const SCRIPT: &str = include_str!("watchdog.sh");
/// How long the watchdog may take for what the kernel does in milliseconds, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// The shell process that runs a server, and outlives this process by the moment that it takes
/// to kill the server and to remove its directory.
///
/// It learns of our end by the end of its standard input, which the kernel closes whichever way
/// we go: return, panic, `exit`, Ctrl-C, SIGKILL.
#[derive(Debug)]
pub(crate) struct Watchdog {
    shell: Child,
    input: Option<ChildStdin>,
    events: Receiver<Event>,
    running: Option<u32>,
}

#[derive(Debug)]
enum Event {
    Started(u32),
    Exited(i32),
}

impl Watchdog {
    /// Starts the watchdog, not yet the server. `command` lacks its last argument, the port.
    pub(crate) fn spawn(directory: &Path, log: File, command: &[OsString]) -> io::Result<Self> {
        let mut shell = Command::new("/bin/sh")
            .args(["-c", SCRIPT, "monguard-watchdog"])
            .arg(directory)
            .args(command)
            .current_dir("/")
            // A process group of its own: Ctrl-C in the terminal goes to the parent only.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Not the parent's: `cargo test | tee` would wait for the server to close it.
            .stderr(log)
            .spawn()?;
        let (input, output) = (shell.stdin.take(), shell.stdout.take());
        let (Some(input), Some(output)) = (input, output) else {
            return Err(io::Error::from(io::ErrorKind::BrokenPipe));
        };
        let events = listen(output);
        Ok(Self {
            shell,
            input: Some(input),
            events,
            running: None,
        })
    }

    /// Starts the server and gives its process id.
    pub(crate) fn start(&mut self, port: u16) -> io::Result<u32> {
        self.say(&format!("start {port}"))?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.next_event(deadline)? {
                Event::Started(id) => {
                    self.running = Some(id);
                    return Ok(id);
                }
                // Of the run before: it ended by itself, and nobody asked since.
                Event::Exited(_) => {}
            }
        }
    }

    /// The server's process id while it runs.
    pub(crate) fn running(&mut self) -> Option<u32> {
        while let Ok(event) = self.events.try_recv() {
            self.note(&event);
        }
        self.running
    }

    /// The exit status of the server, if it has ended since its start.
    pub(crate) fn exited(&mut self) -> io::Result<Option<i32>> {
        match self.events.try_recv() {
            Ok(event) => {
                self.note(&event);
                Ok(match event {
                    Event::Exited(status) => Some(status),
                    Event::Started(_) => None,
                })
            }
            Err(mpsc::TryRecvError::Empty) => Ok(None),
            Err(mpsc::TryRecvError::Disconnected) => Err(watchdog_died()),
        }
    }

    /// Sends the server a signal and waits for its end; false when it has not ended in time.
    pub(crate) fn end_server(&mut self, signal: &str, timeout: Duration) -> io::Result<bool> {
        if self.running().is_none() {
            return Ok(true);
        }
        self.say(signal)?;
        let deadline = Instant::now() + timeout;
        while self.running.is_some() {
            match self.next_event(deadline) {
                Ok(event) => self.note(&event),
                Err(error) if error.kind() == io::ErrorKind::TimedOut => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    fn note(&mut self, event: &Event) {
        self.running = match event {
            Event::Started(id) => Some(*id),
            Event::Exited(_) => None,
        };
    }

    fn say(&mut self, line: &str) -> io::Result<()> {
        self.input
            .as_mut()
            .ok_or_else(watchdog_died)?
            .write_all(format!("{line}\n").as_bytes())
    }

    fn next_event(&self, deadline: Instant) -> io::Result<Event> {
        let left = deadline.saturating_duration_since(Instant::now());
        self.events.recv_timeout(left).map_err(|error| match error {
            mpsc::RecvTimeoutError::Timeout => io::Error::from(io::ErrorKind::TimedOut),
            mpsc::RecvTimeoutError::Disconnected => watchdog_died(),
        })
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.input.take());
        let deadline = Instant::now() + PATIENCE;
        while let Ok(None) = self.shell.try_wait() {
            if Instant::now() > deadline {
                return;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

fn watchdog_died() -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, "the watchdog process has ended")
}

/// Reads what the watchdog prints in a thread, so that it can be waited for with a time limit.
fn listen(output: ChildStdout) -> Receiver<Event> {
    let (sender, events) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let event = match line.split_once(' ') {
                Some(("started", id)) => id.parse().ok().map(Event::Started),
                Some(("exited", status)) => status.parse().ok().map(Event::Exited),
                _ => None,
            };
            if event.is_some_and(|event| sender.send(event).is_err()) {
                break;
            }
        }
    });
    events
}
