//! One write and its entry, in a transaction of their own: two round trips where one command takes
//! both, else three.

use std::time::Duration;

use mongodb::ClientSession;
use mongodb::bson::{RawDocumentBuf, oid::ObjectId};
use tokio::time::Instant;

use super::commit::{Pursued, abort, pursue};
use super::fate::may_pass;
use super::settings::{TransactionSettings, waits};
use crate::client::{
    Answered, EntryInsert, LogStore, PartError, Shared, Together, WriteCommand, Written,
    is_not_taken,
};

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
    Write(PartError),
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
    Done(Option<Written>),
    /// Nothing was done: both are to be sent apart.
    Apart,
    /// Nothing was kept; done again it may succeed.
    Passing(SingleFailure),
    Failed(SingleFailure),
}

impl Once {
    fn of_write(error: mongodb::error::Error) -> Self {
        Once::of_part(PartError::of(error))
    }

    fn of_part(part: PartError) -> Self {
        if may_pass(&part.error) || part.is_conflict() {
            Once::Passing(SingleFailure::Write(part))
        } else {
            Once::Failed(SingleFailure::Write(part))
        }
    }

    fn of_entry(error: mongodb::error::Error) -> Self {
        if may_pass(&error) {
            Once::Passing(SingleFailure::Entry(error))
        } else {
            Once::Failed(SingleFailure::Entry(error))
        }
    }
}

/// Makes the write and inserts its entry, both or neither. `None`: no document matched, and nothing
/// was written. What may pass is done again until the write's own time limit is over.
pub(crate) async fn run_single(
    shared: &Shared,
    write: SingleWrite<'_>,
) -> Result<Option<Written>, SingleFailure> {
    let settings = TransactionSettings {
        max_commit_time: write.limit,
        ..TransactionSettings::of(&shared.settings)
    };
    let deadline = Instant::now() + write.limit;
    let mut waits = waits();
    loop {
        let failure = match once(shared, &write, &settings).await {
            Once::Done(written) => return Ok(written),
            Once::Apart => continue,
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
    let is_together = shared.sends_together();
    let begun = async {
        let mut session = shared.database.client().start_session().await?;
        let mut options = settings.options();
        if is_together {
            // Nothing is read but what is written, whose newest state counts in any case.
            options.read_concern = None;
        }
        session.start_transaction().with_options(options).await?;
        Ok(session)
    };
    let mut session = match begun.await {
        Ok(session) => session,
        Err(error) => return Once::of_write(error),
    };
    let made = if is_together {
        together(shared, &mut session, write, patience).await
    } else {
        apart(&mut session, write, patience).await
    };
    match made {
        Ok(written) => commit(&mut session, write, patience, written).await,
        Err(once) => once,
    }
}

/// Makes the write and inserts the entry by one command.
async fn together(
    shared: &Shared,
    session: &mut ClientSession,
    write: &SingleWrite<'_>,
    patience: Duration,
) -> Result<Written, Once> {
    let SingleWrite {
        documents,
        command,
        log,
        entry,
        limit,
        ..
    } = write;
    let both = Together::within(documents, log, command, entry, *limit);
    let sent = both.send(shared.database.client(), Some(session));
    let answered = tokio::time::timeout(patience, sent).await;
    if let Ok(Ok(Answered::Both)) = answered {
        return Ok(Written::as_computed(true));
    }
    abort(session, patience).await;
    Err(match answered {
        Ok(Ok(Answered::NoMatch)) => Once::Done(None),
        Ok(Ok(Answered::Write(part))) => Once::of_part(part),
        Ok(Ok(Answered::Entry(part))) if part.is_conflict() => {
            Once::Passing(SingleFailure::Entry(part.error))
        }
        Ok(Ok(Answered::Entry(part))) => refused_entry(write, part.error, patience).await,
        Ok(Err(error)) if is_not_taken(&error) => {
            shared.sends_apart(&error);
            Once::Apart
        }
        Ok(Ok(Answered::Unconfirmed(error)) | Err(error)) => Once::of_write(error),
        Ok(Ok(Answered::Both | Answered::Unreadable)) | Err(_) => {
            Once::Passing(SingleFailure::NoAnswer)
        }
    })
}

/// Makes the write, and then inserts the entry.
async fn apart(
    session: &mut ClientSession,
    write: &SingleWrite<'_>,
    patience: Duration,
) -> Result<Written, Once> {
    let command = write.command.clone();
    let sent = command.send(write.documents, write.limit, Some(&mut *session));
    let failed = match tokio::time::timeout(patience, sent).await {
        Ok(Ok(Some(document))) => {
            let inserted = insert(session, write, patience).await;
            return inserted.map_or(Ok(Written::answered(document)), Err);
        }
        Ok(Ok(None)) => Once::Done(None),
        Ok(Err(error)) => Once::of_write(error),
        Err(_) => Once::Passing(SingleFailure::NoAnswer),
    };
    abort(session, patience).await;
    Err(failed)
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
    Some(refused_entry(write, failed, patience).await)
}

/// What it means that the log refused the entry.
async fn refused_entry(
    write: &SingleWrite<'_>,
    refusal: mongodb::error::Error,
    patience: Duration,
) -> Once {
    let after = write.log.after_refusal(write.entry, refusal, patience);
    match after.await {
        // An earlier sending of this very write was committed, though its answer was lost.
        EntryInsert::Written => Once::Failed(SingleFailure::Unknown(None)),
        EntryInsert::Taken => Once::Failed(SingleFailure::Taken),
        EntryInsert::Failed(error) => Once::of_entry(error),
    }
}

/// Commits. It is pursued for as long as it may take effect.
async fn commit(
    session: &mut ClientSession,
    write: &SingleWrite<'_>,
    patience: Duration,
    written: Written,
) -> Once {
    let (witness, deadline) = ((write.log, write.operation), Instant::now() + patience);
    match pursue(session, Some(witness), patience, deadline).await {
        Pursued::Committed => Once::Done(Some(written)),
        Pursued::Not(error) => Once::of_write(error),
        Pursued::Unknown(error) => Once::Failed(SingleFailure::Unknown(error)),
    }
}
