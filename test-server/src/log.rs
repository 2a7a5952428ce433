use std::fmt;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// How many lines of a server's log an error shows.
const TAIL_LINES: usize = 20;

/// The last lines of a server's log, as an error shows them: a line each, in `Debug` too.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct LogTail(String);

impl fmt::Display for LogTail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return formatter.write_str("(it printed nothing)");
        }
        formatter.write_str("its last lines:")?;
        self.0
            .lines()
            .try_for_each(|line| write!(formatter, "\n  {line}"))
    }
}

impl fmt::Debug for LogTail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// A server's log from one start on: a restarted server goes on in the same file.
#[derive(Debug)]
pub(crate) struct Log {
    path: PathBuf,
    from: u64,
}

impl Log {
    pub(crate) fn from_here(path: &Path) -> Self {
        let from = path.metadata().map_or(0, |metadata| metadata.len());
        Self {
            path: path.to_owned(),
            from,
        }
    }

    /// What was written since. A log that cannot be read is shown as an empty one: it only ever
    /// explains another failure.
    pub(crate) fn text(&self) -> String {
        let mut bytes = Vec::new();
        let read = File::open(&self.path).and_then(|mut file| {
            file.seek(SeekFrom::Start(self.from))?;
            file.read_to_end(&mut bytes)
        });
        match read {
            Ok(_) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(_) => String::new(),
        }
    }

    pub(crate) fn tail(&self) -> LogTail {
        let text = self.text();
        let lines: Vec<&str> = text.lines().collect();
        LogTail(lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n"))
    }
}
