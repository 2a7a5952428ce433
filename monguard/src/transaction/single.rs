//! One write and its entry, in a transaction of their own: three round trips.

use std::time::Duration;

use mongodb::ClientSession;
use mongodb::bson::{RawDocumentBuf, oid::ObjectId};
use tokio::time::Instant;

use super::commit::{Pursued, abort, pursue};
use super::fate::may_pass;
use super::settings::{TransactionSettings, waits};
use crate::client::{EntryInsert, LogStore, Shared, WriteCommand};

/// One write, and the entry that goes with it.
pub(crate) struct SingleWrite<'a> {
    pub(crate) documents: &'a mongodb::Collection<RawDocumentBuf>,
    pub(crate) command: WriteCommand,
    pub(crate) log: &'a LogStore,
    pub(crate) operation: ObjectId,
    pub(crate) entry: &'a RawDocumentBuf,
    pub(crate) limit: Duration,
}

/// Why one write and its entry are not known to be made.
#[derive(Debug)]
pub(crate) enum SingleFailure {
    /// Neither was made, because of the document.
    Write(mongodb::error::Error),
    /// Neither was made, because of the entry.
    Entry(mongodb::error::Error),
    /// Neither was made: the log has another entry of that id.
    Taken,
    /// Neither was made: the server did not answer.
    NoAnswer,
    /// The commit was sent, and may have been made, or may yet be.
    Unknown(Option<mongodb::error::Error>),
}

/// What one transaction came to.
enum Once {
    Done(Option<RawDocumentBuf>),
    /// Nothing was kept; done again it may succeed.
    Passing(SingleFailure),
    Failed(SingleFailure),
}

impl Once {
    fn of(
        error: mongodb::error::Error,
        failure: fn(mongodb::error::Error) -> SingleFailure,
    ) -> Self {
        if may_pass(&error) {
            Once::Passing(failure(error))
        } else {
            Once::Failed(failure(error))
        }
    }
}

/// Makes the write and inserts its entry, both or neither. `None`: no document matched, and nothing
/// was written. What may pass is done again until the write's own time limit is over.
pub(crate) async fn run_single(
    shared: &Shared,
    write: SingleWrite<'_>,
) -> Result<Option<RawDocumentBuf>, SingleFailure> {
    let settings = TransactionSettings {
        max_commit_time: write.limit,
        ..TransactionSettings::of(&shared.settings)
    };
    let deadline = Instant::now() + write.limit;
    let mut waits = waits();
    loop {
        let failure = match once(shared, &write, &settings).await {
            Once::Done(document) => return Ok(document),
            Once::Failed(failure) => return Err(failure),
            Once::Passing(failure) => failure,
        };
        let wait = waits.next().unwrap_or(Duration::ZERO);
        if Instant::now() + wait >= deadline {
            return Err(failure);
        }
        tracing::debug!(operation_id = %write.operation, "the transaction failed for what may pass: starting over");
        tokio::time::sleep(wait).await;
    }
}

async fn once(shared: &Shared, write: &SingleWrite<'_>, settings: &TransactionSettings) -> Once {
    let patience = settings.commit_patience();
    let begun = async {
        let mut session = shared.database.client().start_session().await?;
        let begin = session.start_transaction();
        begin.with_options(settings.options()).await?;
        Ok(session)
    };
    let mut session = match begun.await {
        Ok(session) => session,
        Err(error) => return Once::of(error, SingleFailure::Write),
    };
    let command = write.command.clone();
    let sent = command.send(write.documents, write.limit, Some(&mut session));
    let document = match tokio::time::timeout(patience, sent).await {
        Ok(Ok(Some(document))) => document,
        Ok(Ok(None)) => {
            abort(&mut session, patience).await;
            return Once::Done(None);
        }
        Ok(Err(error)) => {
            abort(&mut session, patience).await;
            return Once::of(error, SingleFailure::Write);
        }
        Err(_) => {
            abort(&mut session, patience).await;
            return Once::Passing(SingleFailure::NoAnswer);
        }
    };
    if let Some(failed) = insert(&mut session, write, patience).await {
        return failed;
    }
    commit(&mut session, write, patience, document).await
}

async fn insert(
    session: &mut ClientSession,
    write: &SingleWrite<'_>,
    patience: Duration,
) -> Option<Once> {
    let insert = write
        .log
        .insert_within(std::slice::from_ref(write.entry), session);
    let inserted = tokio::time::timeout(patience, insert).await;
    let failed = match inserted {
        Ok(Ok(())) => return None,
        Ok(Err(error)) => error,
        Err(_) => {
            abort(session, patience).await;
            return Some(Once::Passing(SingleFailure::NoAnswer));
        }
    };
    abort(session, patience).await;
    Some(
        match write.log.after_refusal(write.entry, failed, patience).await {
            // An earlier sending of this very write was committed, though its answer was lost.
            EntryInsert::Written => Once::Failed(SingleFailure::Unknown(None)),
            EntryInsert::Taken => Once::Failed(SingleFailure::Taken),
            EntryInsert::Failed(error) => Once::of(error, SingleFailure::Entry),
        },
    )
}

/// Commits. It is pursued for as long as it may take effect.
async fn commit(
    session: &mut ClientSession,
    write: &SingleWrite<'_>,
    patience: Duration,
    document: RawDocumentBuf,
) -> Once {
    let (witness, deadline) = ((write.log, write.operation), Instant::now() + patience);
    match pursue(session, Some(witness), patience, deadline).await {
        Pursued::Committed => Once::Done(Some(document)),
        Pursued::Not(error) => Once::of(error, SingleFailure::Write),
        Pursued::Unknown(error) => Once::Failed(SingleFailure::Unknown(error)),
    }
}
