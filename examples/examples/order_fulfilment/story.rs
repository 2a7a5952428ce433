//! The narration: who did what, and what came of it, in columns.

use std::io::{self, Write};

/// Writes the story down.
pub(crate) struct Story<'a> {
    out: &'a mut (dyn Write + Send),
    chapters: u32,
}

impl<'a> Story<'a> {
    pub(crate) fn new(out: &'a mut (dyn Write + Send)) -> Self {
        Story { out, chapters: 0 }
    }

    /// Begins the next chapter.
    pub(crate) fn chapter(&mut self, title: &str) -> io::Result<()> {
        self.chapters += 1;
        writeln!(self.out, "\n{}. {title}\n", self.chapters)
    }

    /// Somebody did something.
    pub(crate) fn act(&mut self, who: &str, what: &str, outcome: &str) -> io::Result<()> {
        writeln!(self.out, "   {who:<15}{what:<38}{outcome}")
    }

    /// What belongs to the act before.
    pub(crate) fn aside(&mut self, text: &str) -> io::Result<()> {
        for line in text.lines() {
            writeln!(self.out, "   {:<15}{line}", "")?;
        }
        Ok(())
    }

    /// A line that needs the whole width.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", format!("   {text}").trim_end())
    }
}
