//! Makes the operations of a bulk.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use mongodb::bson::Document;
use tracing::Instrument;

use super::bulk_report::{BulkOutcome, BulkReport};
use super::gather::{Gather, Gathered};
use super::waited::Waited;
use crate::action::create::{finish, prepare};
use crate::action::hard_delete::remove;
use crate::action::perform::{
    Performed, Planned, Request, Target, Undone, Work, perform, refused, work_out,
};
use crate::client::Writer;
use crate::document::{Created, Outcome, Revision, Versioned};
use crate::error::{Error, InvalidUpdate, Result};
use crate::guard::{Creation, Part, Seat, commit_all, to_the_end};

/// How many operations are prepared, or made by themselves, at a time.
const AT_A_TIME: usize = 16;

/// One operation of a bulk, as it was asked for.
pub(super) enum Operation {
    Create(Result<Document, InvalidUpdate>),
    Write(Target, Request),
    Remove(Target, Request),
    /// Refused when it was asked for.
    Refused(Error),
}

/// In which order the operations of a bulk are made.
#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    Any,
    /// One after the other, up to the first that fails.
    AsGiven,
}

/// What the operations of a bulk have in common.
pub(super) struct Run<'a, T> {
    pub(super) writer: &'a Writer<T>,
    pub(super) batch: usize,
    pub(super) limit: Option<Duration>,
    pub(super) waited: Waited,
}

/// An operation that is ready.
enum Ready<'a> {
    /// It goes into a command with others.
    Part(Option<Box<Work<'a>>>, Part),
    Alone(Alone),
}

/// An operation that goes into no command with others.
enum Alone {
    /// It changes nothing, if the document is still in its state.
    Undone(Box<Undone>),
    Remove(Box<(Target, Request)>),
}

impl<T: Versioned> Run<'_, T> {
    pub(super) async fn run(self, operations: Vec<Operation>, order: Order) -> BulkReport<T> {
        let span = tracing::debug_span!(
            "monguard.write_many",
            collection = %self.writer.store().name(),
            operation = "bulk",
            matched = operations.len(),
            modified = tracing::field::Empty,
        );
        let run = async {
            let outcomes = match order {
                Order::Any => self.in_any_order(operations).await,
                Order::AsGiven => self.as_given(operations).await,
            };
            let report = BulkReport { outcomes };
            tracing::Span::current().record("modified", report.applied());
            report
        };
        run.instrument(span).await
    }

    async fn as_given(&self, operations: Vec<Operation>) -> Vec<BulkOutcome<T>> {
        let mut outcomes = Vec::with_capacity(operations.len());
        let mut has_failed = false;
        for operation in operations {
            let outcome = if has_failed {
                BulkOutcome::NotAttempted
            } else {
                self.alone(operation)
                    .await
                    .unwrap_or_else(BulkOutcome::failed)
            };
            has_failed |= outcome.error().is_some();
            outcomes.push(outcome);
        }
        outcomes
    }

    /// Makes one operation by itself.
    async fn alone(&self, operation: Operation) -> Result<BulkOutcome<T>> {
        let (store, author) = (self.writer.store(), self.writer.author());
        match operation {
            Operation::Create(value) => {
                let write = prepare(self.writer, value, None, None, (Seat::Own, self.limit));
                let creation = write.await?.commit().await?;
                finish(store, creation).map(created)
            }
            Operation::Write(target, request) => {
                let request = self.limited(request);
                let performed = perform(store, author, target, request).await?;
                self.performed(performed)
            }
            Operation::Remove(target, request) => self.remove(target, request).await,
            Operation::Refused(error) => Err(error),
        }
    }

    async fn in_any_order(&self, operations: Vec<Operation>) -> Vec<BulkOutcome<T>> {
        let mut outcomes: Vec<_> = operations.iter().map(|_| None).collect();
        let mut gather = Gather::new(self.batch);
        let mut others = Vec::new();
        let ready = operations
            .into_iter()
            .enumerate()
            .map(|(place, operation)| async move {
                let ready = self.ready(operation).await;
                (place, ready.inspect_err(|error| self.waited.note(error)))
            });
        let mut ready = stream::iter(ready.collect::<Vec<_>>()).buffered(AT_A_TIME);
        while let Some((place, ready)) = ready.next().await {
            let added = match ready {
                Ok(Ready::Part(work, part)) => gather
                    .add((place, work), part)
                    .map_err(|error| refused(self.writer.store(), None, error)),
                Ok(Ready::Alone(alone)) => {
                    others.push((place, alone));
                    Ok(None)
                }
                Err(error) => Err(error),
            };
            match added {
                Ok(Some(full)) => self.commit(full, &mut outcomes).await,
                Ok(None) => {}
                Err(error) => put(&mut outcomes, place, BulkOutcome::failed(error)),
            }
        }
        self.commit(gather.take(), &mut outcomes).await;
        let others = others
            .into_iter()
            .map(|(place, other)| async move { (place, self.by_itself(other).await) });
        let mut others = stream::iter(others.collect::<Vec<_>>()).buffer_unordered(AT_A_TIME);
        while let Some((place, done)) = others.next().await {
            let outcome = done.unwrap_or_else(BulkOutcome::failed);
            put(&mut outcomes, place, outcome);
        }
        let outcomes = outcomes.into_iter();
        outcomes
            .map(|outcome| outcome.unwrap_or(BulkOutcome::NotAttempted))
            .collect()
    }

    /// Works out what is to be sent.
    async fn ready(&self, operation: Operation) -> Result<Ready<'_>> {
        let (store, author) = (self.writer.store(), self.writer.author());
        match operation {
            Operation::Create(value) => {
                let how = (Seat::Batch, self.limit);
                let create = prepare(self.writer, value, None, None, how);
                Ok(Ready::Part(None, Part::Create(Arc::new(create.await?))))
            }
            Operation::Write(target, request) => {
                match work_out(store, author, target, self.limited(request)).await? {
                    Planned::Done(undone) => Ok(Ready::Alone(Alone::Undone(undone))),
                    Planned::Write(work) => Ok(match work.prepare(self.waited.seat()).await? {
                        Some(write) => Ready::Part(Some(work), Part::Write(write)),
                        None => Ready::Alone(Alone::Undone(work.undone())),
                    }),
                }
            }
            Operation::Remove(target, request) => {
                let alone = Alone::Remove(Box::new((target, request)));
                Ok(Ready::Alone(alone))
            }
            Operation::Refused(error) => Err(error),
        }
    }

    async fn by_itself(&self, alone: Alone) -> Result<BulkOutcome<T>> {
        match alone {
            Alone::Undone(undone) => {
                let performed = undone.confirm(self.writer.store()).await?;
                self.performed(performed)
            }
            Alone::Remove(removal) => {
                let (target, request) = *removal;
                self.remove(target, request).await
            }
        }
    }

    async fn remove(&self, target: Target, request: Request) -> Result<BulkOutcome<T>> {
        let (store, author) = (self.writer.store().clone(), self.writer.author().clone());
        let name = store.name().clone();
        let removed = to_the_end(remove(store, author, target, self.limited(request))).await?;
        Revision::read(removed.document(), &name).map(BulkOutcome::Removed)
    }

    async fn commit(
        &self,
        gathered: Gathered<(usize, Option<Box<Work<'_>>>)>,
        outcomes: &mut [Option<BulkOutcome<T>>],
    ) {
        let Gathered { keys, parts } = gathered;
        let store = self.writer.store();
        let limit = store.time_limit(self.limit);
        let creations = commit_all(store, parts, limit).await;
        for ((place, work), creation) in keys.into_iter().zip(creations) {
            let outcome = match work {
                None => creation.and_then(|creation| finish(store, creation).map(created)),
                Some(work) => self.written(work, creation).await,
            };
            let outcome = outcome.unwrap_or_else(BulkOutcome::failed);
            put(outcomes, place, outcome);
        }
    }

    async fn written(
        &self,
        work: Box<Work<'_>>,
        creation: Result<Creation>,
    ) -> Result<BulkOutcome<T>> {
        match creation {
            Ok(Creation::New(recorded)) => self.performed(Performed::from(recorded)),
            // Only a create meets another document.
            Ok(Creation::Existing { .. }) => Ok(BulkOutcome::NotAttempted),
            Err(error) => self.performed(work.write_after(error).await?),
        }
    }

    fn performed(&self, performed: Performed) -> Result<BulkOutcome<T>> {
        let is_unchanged = matches!(performed.outcome(), Outcome::Unchanged);
        let stored = performed.into_stored(self.writer.store())?;
        Ok(if is_unchanged {
            BulkOutcome::Unchanged(stored)
        } else {
            BulkOutcome::Applied(stored)
        })
    }

    fn limited(&self, mut request: Request) -> Request {
        request.limit = self.limit;
        request
    }
}

fn created<T: Versioned>(created: Created<T>) -> BulkOutcome<T> {
    match created {
        Created::New(stored) => BulkOutcome::Applied(stored),
        Created::Existing(stored) => BulkOutcome::Existing(stored),
    }
}

fn put<T: Versioned>(
    outcomes: &mut [Option<BulkOutcome<T>>],
    place: usize,
    outcome: BulkOutcome<T>,
) {
    if let Some(slot) = outcomes.get_mut(place) {
        *slot = Some(outcome);
    }
}
