use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::Instant;

use super::commit::{Commit, abort, commit};
use super::fate::{About, Fate};
use super::settings::{TransactionSettings, waits};
use super::tx::{Tx, subject};
use crate::client::Shared;
use crate::error::{Error, Exhausted, Result};
use crate::guard::to_the_end;

/// What is done in a transaction.
pub(crate) type Body<'a, R> = Box<dyn FnMut(Tx) -> BoxFuture<'a, Result<R>> + Send + 'a>;

/// What one attempt came to.
enum Attempt<R> {
    Done(Result<R>),
    /// Nothing of it was kept, and done once more it may succeed.
    Again(Error),
}

/// Runs `body` in a transaction and commits, again from the start where what failed may pass.
pub(crate) async fn run<R>(
    shared: &Arc<Shared>,
    settings: &TransactionSettings,
    mut body: Body<'_, R>,
) -> Result<R> {
    settings.check()?;
    shared.capabilities.require_transactions()?;
    let (started, mut waits, mut made) = (Instant::now(), waits(), 0);
    // No clock goes so far that the addition fails for any limit that is meant.
    let deadline = started + settings.limit.min(LONGEST);
    loop {
        made += 1;
        tracing::debug!(attempt = made, "beginning");
        let failure = match attempt(shared, settings, &mut body, deadline).await {
            Attempt::Done(result) => return result,
            Attempt::Again(failure) => failure,
        };
        let wait = waits.next().unwrap_or(Duration::ZERO);
        if Instant::now() + wait >= deadline {
            let exhausted = Exhausted::new(subject(shared), made, started.elapsed(), failure);
            return Err(exhausted.of_transaction().into());
        }
        tracing::debug!(
            attempt = made,
            wait_ms = wait.as_millis(),
            error = %failure,
            "the transaction failed for what may pass: starting over"
        );
        tokio::time::sleep(wait).await;
    }
}

const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

async fn attempt<R>(
    shared: &Arc<Shared>,
    settings: &TransactionSettings,
    body: &mut Body<'_, R>,
    deadline: Instant,
) -> Attempt<R> {
    let tx = match Tx::begin(shared, settings).await {
        Ok(tx) => tx,
        Err(error) => return not_begun(shared, error),
    };
    let abandoned = Abandoned(&tx);
    let result = body(tx.clone()).await;
    let (held, fate) = tx.end().await;
    drop(abandoned);
    let about = about(shared, COMMIT);
    let Some(held) = held else {
        return Attempt::Done(Err(about.ended().into()));
    };
    match (fate, result) {
        (Fate::Open | Fate::Ended, Ok(value)) => {
            let settings = settings.clone();
            // To its end, even if nobody waits for it any more.
            let commit = async move { commit(held, about, &settings, deadline).await };
            match to_the_end(commit).await {
                Commit::Committed => Attempt::Done(Ok(value)),
                Commit::Not { error, may_pass } if may_pass => Attempt::Again(error),
                Commit::Not { error, .. } | Commit::Unsettled(error) => Attempt::Done(Err(error)),
            }
        }
        (fate, result) => {
            // Waited for, so that what it held is free when the caller goes on.
            let patience = settings.commit_patience();
            let mut session = held.session;
            to_the_end(async move { abort(&mut session, patience).await }).await;
            match (fate, result) {
                (Fate::Broken(broken), _) if broken.may_pass => {
                    Attempt::Again(about.broken(&broken).into())
                }
                (_, Err(error)) => Attempt::Done(Err(error)),
                (Fate::Broken(broken), Ok(_)) => Attempt::Done(Err(about.broken(&broken).into())),
                (Fate::Open | Fate::Ended, Ok(_)) => Attempt::Done(Err(about.ended().into())),
            }
        }
    }
}

/// A transaction whose future is dropped is not to be committed by anybody any more, whoever has
/// kept its handle.
struct Abandoned<'a>(&'a Tx);

impl Drop for Abandoned<'_> {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

const BEGIN: &str = "begin of a transaction";
const COMMIT: &str = "commit of the transaction";

fn about(shared: &Shared, operation: &'static str) -> About {
    About {
        operation,
        subject: subject(shared),
        hides: false,
    }
}

fn not_begun<R>(shared: &Shared, error: mongodb::error::Error) -> Attempt<R> {
    let error = about(shared, BEGIN).failed(error);
    if error.is_transient() {
        Attempt::Again(error.into())
    } else {
        Attempt::Done(Err(error.into()))
    }
}
