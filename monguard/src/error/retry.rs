use std::time::Duration;

use super::{Error, Subject};

/// The retries are used up: each attempt met another writer.
#[derive(Debug, thiserror::Error)]
#[error("write to {subject} gave up after {attempts} attempts and {:.1} s", elapsed.as_secs_f64())]
pub struct Exhausted {
    subject: Subject,
    attempts: u32,
    elapsed: Duration,
    #[source]
    last: Error,
}

impl Exhausted {
    pub(crate) fn new(subject: Subject, attempts: u32, elapsed: Duration, last: Error) -> Self {
        Exhausted {
            subject,
            attempts,
            elapsed,
            last,
        }
    }

    /// The document that was meant.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// How many times the write was tried.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// How long all attempts took together.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// What the last attempt ended with.
    #[must_use]
    pub fn last(&self) -> &Error {
        &self.last
    }
}
