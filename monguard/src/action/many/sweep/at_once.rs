//! What the server can write by itself, in one command.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use mongodb::bson::{Bson, Document, oid::ObjectId};
use tokio::time::Instant;

use super::{Sweep, count};
use crate::action::many::report::ManyReport;
use crate::action::perform::Plan;
use crate::client::{Answer, Counts, Statement, Store};
use crate::document::names;
use crate::error::{Error, Result, Settled, Unsettled};
use crate::guard::{AtOnce, ManyOperation, Settle, Written, copy_later, to_the_end};

/// What is left to be written after the command.
pub(super) enum Left {
    /// Nothing of it was sent: everything.
    All,
    /// What matches this still, and was not written by this operation.
    Some(Document, ObjectId),
    Nothing,
}

impl Sweep<'_> {
    /// Writes at once what the server can work out exactly. The rest is for batches: what is equal
    /// already, and what needs a closer look.
    pub(super) async fn at_once(&self, filter: &Document, report: &mut ManyReport) -> Left {
        let Plan::Operators(operations, _) = &self.request.plan else {
            return Left::All;
        };
        let command = AtOnce::of(self.store, self.author, filter.clone(), operations);
        let Some(command) = command else {
            return Left::All;
        };
        let operation = command.operation;
        let Ok(statement) = Statement::pipeline(&command.filter, &command.pipeline) else {
            return Left::All;
        };
        let (store, limit) = (self.store.clone(), self.limit);
        tracing::debug!(operation_id = %operation.id, "sending a write of many documents");
        let lasting = command.lasting;
        let sent = to_the_end(async move {
            let answer = store.write_all(&[statement], limit).await;
            if !matches!(answer, Answer::Refused) {
                let written = written(&answer, lasting);
                copy_later(store, operation.id, written, limit);
            }
            answer
        });
        let left = Left::Some(command.filter, operation.id);
        match sent.await {
            Answer::Refused => Left::All,
            Answer::Counted(counts) if is_clean(&counts) => {
                let modified = count(counts.modified);
                report.matched += modified;
                report.modified += modified;
                if counts.modified == counts.written {
                    Left::Nothing
                } else {
                    left
                }
            }
            // It went as far as the document that failed, and will go no further.
            Answer::Counted(counts) if counts.unconfirmed.is_none() => {
                self.look_back(operation, Duration::ZERO, report).await;
                left
            }
            Answer::Counted(_) | Answer::Unknown(_) | Answer::TimedOut => {
                tracing::debug!(operation_id = %operation.id, "the answer was lost: settling");
                let span = limit.saturating_add(self.store.shared().settings.margin);
                self.look_back(operation, span, report).await;
                left
            }
        }
    }

    /// Waits until the command cannot take effect any more, and counts what it wrote.
    async fn look_back(&self, operation: ManyOperation, span: Duration, report: &mut ManyReport) {
        let over = Instant::now() + span;
        tokio::time::sleep_until(over).await;
        match self.store.count_written_by(operation, self.limit).await {
            Ok(written) => {
                report.matched += written;
                report.modified += written;
                copy_later(self.store.clone(), operation.id, None, self.limit);
            }
            Err(error) => {
                let pending = Pending {
                    store: self.store.clone(),
                    operation,
                    limit: self.limit,
                };
                report.interrupted = Some(Arc::new(pending).unsettled(Some(error)));
            }
        }
    }
}

/// Whether the counts are those of everything that the command did.
fn is_clean(counts: &Counts) -> bool {
    counts.unconfirmed.is_none() && counts.failures.is_empty()
}

/// What is known of the documents that were written. `lasting`: what they match still.
fn written(answer: &Answer, lasting: Option<Document>) -> Option<Written> {
    match answer {
        Answer::Counted(counts) if is_clean(counts) => Some(Written {
            documents: counts.modified,
            filter: lasting,
        }),
        _ => None,
    }
}

/// A command over many documents that is over, and of which it is not known what it wrote.
struct Pending {
    store: Arc<Store>,
    operation: ManyOperation,
    limit: Duration,
}

impl Pending {
    fn unsettled(self: Arc<Self>, cause: Option<Error>) -> Error {
        let subject = self.store.subject(None);
        Unsettled::new(subject, self.operation.id, self, cause).into()
    }
}

impl Settle for Pending {
    fn settle(self: Arc<Self>) -> BoxFuture<'static, Result<Settled>> {
        async move {
            let written = self.store.count_written_by(self.operation, self.limit);
            match written.await {
                // It wrote none, or a foreign writer took its entries away.
                Ok(0) => Err(self.unsettled(None)),
                Ok(_) => Ok(Settled::Landed),
                Err(error) => Err(self.unsettled(Some(error))),
            }
        }
        .boxed()
    }
}

/// Whether this operation has written the document, as far as that tells.
pub(super) fn is_written_by(document: &Document, operation: ObjectId) -> bool {
    document.get(names::OPERATION) == Some(&Bson::ObjectId(operation))
        || crate::audit::Trail::document_holds(document, operation)
}
