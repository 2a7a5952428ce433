use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

use crate::report;
use crate::setup::guarded::News;

/// How often a long step says how far it is.
pub(crate) const INTERVAL: Duration = Duration::from_secs(10);
/// How many lines of a log an error shows.
const TAIL_LINES: usize = 20;

/// Says how far a step is, and keeps its output for the log and for an error.
pub(crate) struct Progress {
    step: &'static str,
    started: Instant,
    reported: Instant,
    at: Option<String>,
    text: String,
    log: File,
}

impl Progress {
    pub(crate) fn new(step: &'static str, log: File) -> Self {
        let now = Instant::now();
        Self {
            step,
            started: now,
            reported: now,
            at: None,
            text: String::new(),
            log,
        }
    }

    pub(crate) fn note(&mut self, news: &News<'_>) {
        if let News::Line(line) = news {
            let at = crates_built(line);
            if at.is_some() {
                self.at = at;
            } else {
                self.text.push_str(line);
                self.text.push('\n');
                // A log that cannot be written must not stop the work.
                let _ = writeln!(self.log, "{line}");
            }
        }
        if self.reported.elapsed() >= INTERVAL {
            self.reported = Instant::now();
            let last = || {
                self.text
                    .lines()
                    .next_back()
                    .unwrap_or_default()
                    .trim()
                    .to_owned()
            };
            let at = self.at.clone().unwrap_or_else(last);
            report::line(&format!(
                "{}: {at}, {} s",
                self.step,
                self.started.elapsed().as_secs()
            ));
        }
    }

    /// All that the step printed.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The last lines of it, indented.
    pub(crate) fn tail(&self) -> String {
        let lines: Vec<&str> = self.text.lines().collect();
        let last = &lines[lines.len().saturating_sub(TAIL_LINES)..];
        last.iter()
            .map(|line| format!("  {line}"))
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// `crate 12 of 212 (serde, syn)` from `Building [==>   ] 12/212: serde, syn`, cargo's progress
/// bar; none for any other line.
fn crates_built(line: &str) -> Option<String> {
    let (_, bar) = line.split_once("Building [")?;
    let (_, counts) = bar.split_once("] ")?;
    let (counts, names) = counts.split_once(':').unwrap_or((counts, ""));
    let (done, all) = counts.trim().split_once('/')?;
    let done: u32 = done.parse().ok()?;
    let all: u32 = all.trim_end_matches("\u{1b}[K").parse().ok()?;
    let names = names.trim_end_matches("\u{1b}[K").trim();
    let names = if names.is_empty() {
        String::new()
    } else {
        format!(" ({names})")
    };
    Some(format!("crate {} of {all}{names}", (done + 1).min(all)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_of_cargo_is_read() {
        let line = "    Building [=====>            ]  43/212: libc, syn(build)...\u{1b}[K";
        assert_eq!(
            crates_built(line).unwrap(),
            "crate 44 of 212 (libc, syn(build)...)"
        );
        assert_eq!(
            crates_built("    Building [====] 212/212").unwrap(),
            "crate 212 of 212"
        );
        assert_eq!(crates_built("   Compiling libc v0.2.1"), None);
    }
}
