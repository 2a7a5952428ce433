use std::time::Duration;

use super::{Error, Subject};

/// The retries are used up: each attempt met another writer.
#[derive(Debug, thiserror::Error)]
#[error("{what} {subject} gave up after {attempts} attempts and {:.1} s", elapsed.as_secs_f64())]
pub struct Exhausted {
    what: &'static str,
    subject: Subject,
    attempts: u32,
    elapsed: Duration,
    #[source]
    last: Error,
}

impl Exhausted {
    pub(crate) fn new(subject: Subject, attempts: u32, elapsed: Duration, last: Error) -> Self {
        Exhausted {
            what: "write to",
            subject,
            attempts,
            elapsed,
            last,
        }
    }

    /// The same of a whole transaction.
    pub(crate) fn of_transaction(mut self) -> Self {
        self.what = "transaction on";
        self
    }

    /// The document that was meant; the database, where a transaction was.
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
