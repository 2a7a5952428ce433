//! Writes every document that matches a filter, in batches.

mod at_once;
mod read;
mod round;

use std::sync::Arc;
use std::time::{Duration, Instant};

use mongodb::bson::{Document, oid::ObjectId};
use tracing::Instrument;

use at_once::Left;

use super::gather::MOST_STATEMENTS;
use super::report::{FailedWrite, ManyReport};
use super::waited::Waited;
use crate::action::perform::{Plan, Request};
use crate::client::{Author, Retry, Store, Writer};
use crate::document::{Place, Versioned};
use crate::error::{Error, Exhausted, Result};
use crate::filter::Node;
use crate::guard::Kind;

/// What can be asked of a write of many documents.
#[derive(Clone, Debug)]
pub(super) struct Options {
    pub(super) retry: Retry,
    pub(super) limit: Option<Duration>,
    batch: usize,
    kept_failures: usize,
}

impl Options {
    pub(super) fn of<T: Versioned>(writer: &Writer<T>) -> Self {
        Options {
            retry: writer.store().shared().settings.retry,
            limit: None,
            batch: MOST_STATEMENTS,
            kept_failures: 1000,
        }
    }

    pub(super) fn batch(&mut self, documents: u32) {
        let documents = usize::try_from(documents).unwrap_or(usize::MAX);
        self.batch = documents.clamp(1, MOST_STATEMENTS);
    }

    pub(super) fn keep(&mut self, failures: u32) {
        self.kept_failures = usize::try_from(failures).unwrap_or(usize::MAX);
    }
}

/// A write of every document that matches.
pub(super) struct Sweep<'a> {
    store: &'a Arc<Store>,
    author: &'a Author,
    condition: Node,
    request: Request,
    options: Options,
    limit: Duration,
    waited: Waited,
}

/// Which documents are to be written.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    filter: &'a Document,
    /// Those that this operation has written are done.
    operation: Option<ObjectId>,
}

/// A document that another writer came to first.
struct MovedOn {
    place: Place,
    error: Error,
}

impl<'a> Sweep<'a> {
    pub(super) fn over(
        store: &'a Arc<Store>,
        author: &'a Author,
        kind: Kind,
        plan: Plan,
        condition: Node,
        options: Options,
    ) -> Self {
        let limit = store.time_limit(options.limit);
        let request = Request {
            kind,
            plan,
            when: Vec::new(),
            limit: options.limit,
        };
        Sweep {
            store,
            author,
            condition,
            request,
            options,
            limit,
            waited: Waited::default(),
        }
    }

    /// Writes. An error means that nothing was written.
    pub(super) async fn run(self) -> Result<ManyReport> {
        let span = tracing::debug_span!(
            "monguard.write_many",
            collection = %self.store.name(),
            operation = self.request.kind.name(),
            matched = tracing::field::Empty,
            modified = tracing::field::Empty,
        );
        let run = async {
            let mut report = ManyReport::default();
            let filter = self.filter()?;
            match self.at_once(&filter, &mut report).await {
                Left::Nothing => {}
                Left::All => self.in_batches(&filter, None, &mut report).await?,
                Left::Some(filter, operation) => {
                    let rest = self.in_batches(&filter, Some(operation), &mut report);
                    if let Err(error) = rest.await {
                        report.interrupted.get_or_insert(error);
                    }
                }
            }
            let span = tracing::Span::current();
            span.record("matched", report.matched);
            span.record("modified", report.modified);
            Ok(report)
        };
        run.instrument(span).await
    }

    /// Writes what matches, but for what `operation` has written.
    async fn in_batches(
        &self,
        filter: &Document,
        operation: Option<ObjectId>,
        report: &mut ManyReport,
    ) -> Result<()> {
        let places = self.places(filter.clone()).await?;
        report.matched += count(places.len());
        let wanted = Wanted { filter, operation };
        for batch in places.chunks(self.options.batch) {
            if report.interrupted.is_some() {
                report.not_attempted += count(batch.len());
            } else {
                self.batch(wanted, batch, report).await;
            }
        }
        Ok(())
    }

    /// Writes the documents at these places, and again those that another writer came to first.
    async fn batch(&self, wanted: Wanted<'_>, places: &[Place], report: &mut ManyReport) {
        self.waited.start_over();
        let started = Instant::now();
        let mut waits = self.options.retry.waits();
        let mut attempts = 1;
        let mut moved_on = self.round(wanted, places, report).await;
        while !moved_on.is_empty() && report.interrupted.is_none() {
            let Some(wait) = waits.next() else {
                for MovedOn { place, error } in moved_on {
                    let subject = self.store.subject(Some(&place.id));
                    let error = Exhausted::new(subject, attempts, started.elapsed(), error);
                    self.fail(place, error.into(), report);
                }
                return;
            };
            tracing::debug!(
                documents = moved_on.len(),
                attempt = attempts,
                "starting over"
            );
            tokio::time::sleep(wait).await;
            attempts += 1;
            let places: Vec<_> = moved_on.into_iter().map(|moved| moved.place).collect();
            moved_on = self.round(wanted, &places, report).await;
        }
        report.not_attempted += count(moved_on.len());
    }

    fn fail(&self, place: Place, error: Error, report: &mut ManyReport) {
        tracing::debug!(id = %place.id, %error, "a document was not written");
        report.failed += 1;
        if report.failures.len() < self.options.kept_failures {
            let id = place.id;
            report.failures.push(FailedWrite { id, error });
        }
    }
}

fn count(documents: usize) -> u64 {
    u64::try_from(documents).unwrap_or(u64::MAX)
}
