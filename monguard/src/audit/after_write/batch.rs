//! The entries of several writes, in one insert.

use std::time::Duration;

use mongodb::bson::RawDocumentBuf;

use super::{INSERT, insert_entry, log_error, subject};
use crate::client::{EntryAnswer, Store, is_about_an_entry, was_refused};
use crate::error::{DriverError, Error, Result, may_pass};
use crate::guard::Patience;

/// What one insert takes, far less than a message may have: the driver would send a larger one in
/// parts.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// Inserts entries, and again after a failure that may pass. Returns what became of each, in their
/// order.
pub(super) async fn insert_entries(
    store: &Store,
    entries: &[&RawDocumentBuf],
    limit: Duration,
) -> Vec<Result<()>> {
    if entries.len() < 2 {
        let mut results = Vec::with_capacity(entries.len());
        for entry in entries {
            results.push(insert_entry(store, entry, limit).await);
        }
        return results;
    }
    let mut results = Vec::with_capacity(entries.len());
    let mut left = entries;
    while !left.is_empty() {
        let (part, rest) = left.split_at(fitting(left));
        results.extend(insert_part(store, part, limit).await);
        left = rest;
    }
    results
}

/// How many of these entries go into one insert: one at the least.
fn fitting(entries: &[&RawDocumentBuf]) -> usize {
    let sizes = entries.iter().scan(0, |bytes, entry| {
        *bytes += entry.as_bytes().len();
        Some(*bytes)
    });
    sizes
        .take_while(|bytes| *bytes <= MOST_BYTES)
        .count()
        .max(1)
}

/// Entries of one insert, and what became of each.
struct Part<'a> {
    entries: &'a [&'a RawDocumentBuf],
    results: Vec<Option<Result<()>>>,
    /// The places of those that are to be inserted.
    due: Vec<usize>,
}

/// Inserts as many entries as go into one command. What the log does not take is asked for one by
/// one.
async fn insert_part(
    store: &Store,
    entries: &[&RawDocumentBuf],
    limit: Duration,
) -> Vec<Result<()>> {
    let mut patience = Patience::new(limit, store.shared().settings.margin);
    let mut part = Part {
        entries,
        results: entries.iter().map(|_| None).collect(),
        due: (0..entries.len()).collect(),
    };
    while !part.due.is_empty() {
        let failure = part.insert(store, limit).await;
        let is_final = failure
            .as_ref()
            .is_some_and(|error| was_refused(error) && !may_pass(error));
        if is_final || failure.as_ref().is_some_and(is_about_an_entry) {
            part.insert_one_by_one(store, limit).await;
        } else if patience.is_over() {
            part.give_up(store, failure.as_ref());
        } else if !part.due.is_empty() {
            let wait = patience.next_wait();
            tokio::time::sleep(wait).await;
        }
    }
    let results = part.results.into_iter().zip(entries);
    let known = |(result, entry): (Option<_>, &&RawDocumentBuf)| {
        result.unwrap_or_else(|| Err(no_answer(store, entry)))
    };
    results.map(known).collect()
}

impl Part<'_> {
    /// Inserts what is due, in one command. Returns why some of it is still due.
    async fn insert(&mut self, store: &Store, limit: Duration) -> Option<mongodb::error::Error> {
        let due = self.due.iter().filter_map(|index| self.entries.get(*index));
        let documents: Vec<_> = due.map(|entry| (*entry).clone()).collect();
        let insert = store.log().insert_batch(&documents);
        let batch = store.bounded(limit, Box::pin(insert)).await?;
        let mut refused = Vec::new();
        for (due, answer) in std::mem::take(&mut self.due).into_iter().zip(batch.answers) {
            match answer {
                EntryAnswer::Inserted => self.put(due, Ok(())),
                EntryAnswer::Unknown => self.due.push(due),
                // It is there already, or the log says why not.
                EntryAnswer::Duplicate(_) | EntryAnswer::Refused(_) => refused.push(due),
            }
        }
        for index in refused {
            self.insert_one(store, index, limit).await;
        }
        batch.failure
    }

    async fn insert_one_by_one(&mut self, store: &Store, limit: Duration) {
        for index in std::mem::take(&mut self.due) {
            self.insert_one(store, index, limit).await;
        }
    }

    async fn insert_one(&mut self, store: &Store, index: usize, limit: Duration) {
        if let Some(entry) = self.entries.get(index) {
            let inserted = insert_entry(store, entry, limit).await;
            self.put(index, inserted);
        }
    }

    fn give_up(&mut self, store: &Store, failure: Option<&mongodb::error::Error>) {
        for index in std::mem::take(&mut self.due) {
            let Some(entry) = self.entries.get(index) else {
                continue;
            };
            let error: Error = match failure {
                Some(error) => log_error(store, entry, error.clone()).into(),
                None => no_answer(store, entry),
            };
            self.put(index, Err(error));
        }
    }

    fn put(&mut self, index: usize, result: Result<()>) {
        if let Some(slot) = self.results.get_mut(index) {
            *slot = Some(result);
        }
    }
}

fn no_answer(store: &Store, entry: &RawDocumentBuf) -> Error {
    DriverError::timed_out(INSERT, subject(store, entry)).into()
}
