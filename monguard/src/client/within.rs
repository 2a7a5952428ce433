//! What a store sends in a transaction.

use std::time::Duration;

use futures_util::{FutureExt, TryStreamExt};
use mongodb::bson::{Bson, Document, RawDocumentBuf, oid::ObjectId};

use super::{Failure, Store, WriteCommand, Written};
use crate::error::{DriverError, Error, Result};
use crate::transaction::{About, Failed, Held, SingleFailure, SingleWrite, Tx, run_single};

impl Store {
    /// The same collection, all of whose reads and writes are made in this transaction.
    pub(crate) fn in_transaction(&self, tx: Tx) -> Self {
        self.clone().bound_to(Some(tx))
    }

    /// The same collection, outside of any transaction.
    pub(crate) fn outside(&self) -> Self {
        self.clone().bound_to(None)
    }

    /// # Errors
    /// [`Error::Unsupported`] in a transaction: `what` would not be a part of it.
    pub(crate) fn refuse_within(&self, what: &'static str) -> Result<()> {
        if self.transaction().is_none() {
            return Ok(());
        }
        let of = self.subject(None);
        Err(Error::Unsupported(format!(
            "{what} in a transaction (of {of}): do it outside, before the transaction"
        )))
    }

    /// What a command in a transaction is about.
    pub(super) fn about(&self, operation: &'static str, id: Option<&Bson>) -> About {
        About {
            operation,
            subject: self.subject(id),
            hides: self.meta().redacts(),
        }
    }

    /// How long an answer is waited for.
    pub(super) fn patience(&self, limit: Duration) -> Duration {
        limit.saturating_add(self.shared().settings.margin)
    }

    /// Makes a write in the transaction. Its entry goes with it, into the log.
    pub(crate) async fn write_within(
        &self,
        tx: &Tx,
        command: WriteCommand,
        (operation, entry): (ObjectId, RawDocumentBuf),
        limit: Duration,
        id: &Bson,
    ) -> Result<Option<RawDocumentBuf>, Failure> {
        let name = command.operation();
        let about = self.about(name, Some(id));
        let (documents, log, of_entry) =
            (self.documents().clone(), self.log().clone(), about.clone());
        let written = tx
            .run(about, self.patience(limit), move |held: &mut Held| {
                async move {
                    let written = command
                        .send(&documents, limit, Some(&mut held.session))
                        .await?;
                    if written.is_some() {
                        held.entries.add(&log, operation, entry, &of_entry);
                    }
                    Ok(written)
                }
                .boxed()
            })
            .await;
        written.map_err(|failed| match failed {
            Failed::Dead(dead) => Failure::Refused(Error::DeadTransaction(dead)),
            Failed::Driver(error) => self.classify(name, id, error),
            Failed::NoAnswer => self.timed_out(name, id),
        })
    }

    /// Makes a write and inserts its entry, both or neither, in a transaction of their own.
    pub(crate) async fn write_with_entry(
        &self,
        command: WriteCommand,
        (operation, entry): (ObjectId, &RawDocumentBuf),
        limit: Duration,
        id: &Bson,
    ) -> Result<Option<Written>, Failure> {
        let name = command.operation();
        let write = SingleWrite {
            documents: self.documents(),
            command,
            log: self.log(),
            operation,
            entry,
            limit,
        };
        let written = run_single(self.shared(), write).await;
        written.map_err(|failure| self.single_failure(name, id, failure))
    }

    fn single_failure(&self, name: &'static str, id: &Bson, failure: SingleFailure) -> Failure {
        /// Of a transaction that was not committed nothing will take effect any more.
        fn never(failure: Failure) -> Failure {
            match failure {
                Failure::Unknown(error) => Failure::Refused(error),
                failure @ (Failure::Refused(_) | Failure::Duplicate(_)) => failure,
            }
        }
        match failure {
            SingleFailure::Write(part) => never(self.failure_of(name, id, part)),
            SingleFailure::Entry(error) => {
                let about = self.about(ENTRY, Some(id));
                Failure::Refused(about.failed(error).into())
            }
            SingleFailure::Taken => Failure::Refused(Error::Unsupported(format!(
                "{ENTRY} of {} failed: {TAKEN}",
                self.subject(Some(id))
            ))),
            SingleFailure::NoAnswer => never(self.timed_out(name, id)),
            SingleFailure::Unknown(Some(error)) => {
                Failure::Unknown(self.driver_error(name, Some(id), error))
            }
            SingleFailure::Unknown(None) => self.timed_out(name, id),
        }
    }

    /// Reads entries of the log, those of the transaction's own writes too.
    pub(super) async fn entries_within(
        &self,
        tx: &Tx,
        filter: Document,
        limit: Duration,
    ) -> Result<Vec<Document>> {
        let (name, entries) = ("history", self.log().entries().clone());
        let about = self.about(name, None);
        self.read_within(tx, about, limit, move |held: &mut Held| {
            async move {
                held.entries.insert(&mut held.session).await?;
                let find = entries.find(filter).max_time(limit);
                let mut cursor = find.session(&mut held.session).await?;
                cursor.stream(&mut held.session).try_collect().await
            }
            .boxed()
        })
        .await
    }

    /// That everything is to be done again, in another transaction: what this one sees of a
    /// document is not how it is by now.
    pub(crate) fn starts_over(&self, tx: &Tx, operation: &'static str, id: &Bson) -> Error {
        let subject = self.subject(Some(id));
        tx.breaks(DriverError::overtaken(operation, subject.clone()), true);
        DriverError::overtaken(operation, subject).into()
    }
}

const ENTRY: &str = "insert of the audit entry";
/// Why an entry of a write is not this write's.
pub(crate) const TAKEN: &str =
    "the log has another entry under the id of this operation; look for a foreign writer";
