use std::sync::Arc;
use std::time::Duration;

use mongodb::ClientSession;
use mongodb::bson::oid::ObjectId;
use tokio::time::Instant;

use super::fate::{About, may_pass};
use super::pending::PendingCommit;
use super::settings::{TransactionSettings, waits};
use super::tx::Held;
use crate::client::{LogStore, was_refused};
use crate::error::{Error, Unsettled, code_of};

/// What became of a transaction that was to be committed.
#[derive(Debug)]
pub(super) enum Commit {
    Committed,
    /// It was not, and never will be. `may_pass`: done once more, it might.
    Not {
        error: Error,
        may_pass: bool,
    },
    Unsettled(Error),
}

/// What the answer to a commit says.
#[derive(Debug, PartialEq)]
pub(super) enum Answer {
    Committed,
    /// It was not committed, unless an earlier commit of it was, whose answer was lost, and the
    /// server has forgotten it.
    Not,
    Unknown,
}

/// Brings the entries to the log, and commits, again and again until it is known what became of it.
/// `deadline`: until when the whole may take. The first commit is pursued for as long as it may take
/// effect, all the same.
pub(super) async fn commit(
    mut held: Held,
    mut about: About,
    settings: &TransactionSettings,
    deadline: Instant,
) -> Commit {
    let patience = settings.commit_patience();
    about.hides |= held.entries.hide();
    if let Some(not) = insert_entries(&mut held, &about, patience).await {
        abort(&mut held.session, patience).await;
        return not;
    }
    let deadline = deadline.max(Instant::now() + patience);
    let Held { session, entries } = &mut held;
    // What has written nothing has no entry that could tell.
    let witness = entries.log().zip(entries.operations().first().copied());
    let failed = |error: &mongodb::error::Error| about.failed(error.clone()).into();
    match pursue(session, witness, patience, deadline).await {
        Pursued::Committed => Commit::Committed,
        Pursued::Not(error) => Commit::Not {
            may_pass: may_pass(&error),
            error: failed(&error),
        },
        Pursued::Unknown(error) => {
            let cause = match error {
                Some(error) => failed(&error),
                None => about.no_answer().into(),
            };
            given_up(held, about, settings, cause)
        }
    }
}

/// What became of a commit.
pub(super) enum Pursued {
    Committed,
    /// It was not made, and never will be.
    Not(mongodb::error::Error),
    /// That is not known by now; the last error, if there was an answer.
    Unknown(Option<mongodb::error::Error>),
}

/// Commits, again and again until it is known what became of it, or until the deadline. `witness`:
/// the log that has the entry of this operation then; without one nothing was written.
pub(super) async fn pursue(
    session: &mut ClientSession,
    witness: Option<(&LogStore, ObjectId)>,
    patience: Duration,
    deadline: Instant,
) -> Pursued {
    let mut waits = waits();
    loop {
        let (answer, error) = send(session, patience).await;
        let Some(error) = error else {
            return Pursued::Committed;
        };
        // Without its text, which may quote what a model hides.
        let code = error.as_ref().and_then(|error| code_of(error).0);
        tracing::debug!(code, ?answer, "the commit was not confirmed");
        if let (Answer::Not, Some(error)) = (&answer, &error) {
            let is_in_log = match witness {
                Some((log, operation)) => has_entry(log, operation, patience).await,
                None => Ok(false),
            };
            match is_in_log {
                Ok(true) => return Pursued::Committed,
                Ok(false) => return Pursued::Not(error.clone()),
                Err(_) => {}
            }
        }
        if Instant::now() >= deadline {
            return Pursued::Unknown(error);
        }
        tokio::time::sleep(waits.next().unwrap_or(Duration::ZERO)).await;
    }
}

async fn insert_entries(held: &mut Held, about: &About, patience: Duration) -> Option<Commit> {
    let of_log = About {
        operation: "insert of the audit entries",
        ..about.clone()
    };
    let insert = held.entries.insert(&mut held.session);
    match tokio::time::timeout(patience, insert).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(Commit::Not {
            may_pass: may_pass(&error),
            error: of_log.failed(error).into(),
        }),
        Err(_) => Some(Commit::Not {
            may_pass: true,
            error: of_log.no_answer().into(),
        }),
    }
}

/// Sends the commit once. Returns what the answer says, and the error that it was, if any; `None`
/// inside where there was no answer.
pub(super) async fn send(
    session: &mut ClientSession,
    patience: Duration,
) -> (Answer, Option<Option<mongodb::error::Error>>) {
    match tokio::time::timeout(patience, session.commit_transaction()).await {
        Ok(Ok(())) => (Answer::Committed, None),
        Ok(Err(error)) => (judge(&error), Some(Some(error))),
        Err(_) => (Answer::Unknown, Some(None)),
    }
}

fn judge(error: &mongodb::error::Error) -> Answer {
    let is_unknown = error.contains_label(mongodb::error::UNKNOWN_TRANSACTION_COMMIT_RESULT);
    if !is_unknown && (may_pass(error) || was_refused(error)) {
        Answer::Not
    } else {
        Answer::Unknown
    }
}

/// Whether the log has the entry of this operation. `Err(None)`: it does not answer.
pub(super) async fn has_entry(
    log: &LogStore,
    operation: ObjectId,
    patience: Duration,
) -> Result<bool, Option<mongodb::error::Error>> {
    match tokio::time::timeout(patience, log.of_operation(operation, patience)).await {
        Ok(found) => found.map(|entry| entry.is_some()).map_err(Some),
        Err(_) => Err(None),
    }
}

fn given_up(held: Held, about: About, settings: &TransactionSettings, cause: Error) -> Commit {
    let mut operations = held.entries.operations().to_vec();
    let subject = about.subject.clone();
    let Some(log) = held
        .entries
        .log()
        .cloned()
        .filter(|_| !operations.is_empty())
    else {
        // It wrote nothing, so that nothing can be done twice.
        return Commit::Not {
            error: cause,
            may_pass: false,
        };
    };
    let first = operations.remove(0);
    let patience = settings.commit_patience();
    let pending = PendingCommit::new(held.session, log, first, operations, about, patience);
    let pending = Arc::new(pending);
    let others = pending.others().to_vec();
    let unsettled = Unsettled::new(subject, first, pending, Some(cause));
    Commit::Unsettled(unsettled.with_others(others).into())
}

/// Aborts. That nothing can go wrong here: a transaction that is not committed comes to nothing.
pub(super) async fn abort(session: &mut ClientSession, patience: Duration) {
    // The driver reports no failure of it either.
    drop(tokio::time::timeout(patience, session.abort_transaction()).await);
}

#[cfg(test)]
mod tests {
    use mongodb::error::Error as Driver;

    use super::*;

    #[test]
    fn what_says_nothing_of_a_commit_is_unknown() {
        assert_eq!(judge(&Driver::custom("?")), Answer::Unknown);
        let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        assert_eq!(judge(&Driver::from(broken)), Answer::Unknown);
    }
}
