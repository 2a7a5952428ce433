use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use mongodb::ClientSession;
use mongodb::bson::{RawDocumentBuf, oid::ObjectId};

use super::About;
use crate::client::LogStore;

/// The audit entries of the writes of a transaction that are not in the log yet. They are inserted
/// together, in the same transaction: before it is committed, or before somebody reads the log.
#[derive(Default)]
pub(crate) struct Entries {
    /// Those of one log each, which are one unless several guards write in one transaction.
    logs: Vec<(LogStore, Vec<RawDocumentBuf>)>,
    waiting: usize,
    /// The operation of every write so far, and where its entry belongs.
    operations: Vec<ObjectId>,
    /// A model of one of them hides values.
    hides: bool,
}

impl Entries {
    /// How many entries wait at the most.
    const MOST: usize = 1000;

    pub(crate) fn add(
        &mut self,
        log: &LogStore,
        operation: ObjectId,
        entry: RawDocumentBuf,
        about: &About,
    ) {
        self.operations.push(operation);
        self.hides |= about.hides;
        self.waiting += 1;
        match self.logs.iter_mut().find(|(other, _)| other.is(log)) {
            Some((_, entries)) => entries.push(entry),
            None => self.logs.push((log.clone(), vec![entry])),
        }
    }

    pub(crate) fn are_many(&self) -> bool {
        self.waiting >= Self::MOST
    }

    pub(crate) fn operations(&self) -> &[ObjectId] {
        &self.operations
    }

    /// The log that tells whether the transaction was committed.
    pub(crate) fn log(&self) -> Option<&LogStore> {
        self.logs.first().map(|(log, _)| log)
    }

    pub(crate) fn hide(&self) -> bool {
        self.hides
    }

    /// Inserts those that wait. What fails waits on: without it nothing is to be committed.
    pub(crate) fn insert<'a>(
        &'a mut self,
        session: &'a mut ClientSession,
    ) -> BoxFuture<'a, mongodb::error::Result<()>> {
        async move {
            for (log, entries) in &mut self.logs {
                if !entries.is_empty() {
                    log.insert_within(entries, session).await?;
                    entries.clear();
                }
            }
            self.waiting = 0;
            Ok(())
        }
        .boxed()
    }
}
