use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use mongodb::ClientSession;
use mongodb::bson::oid::ObjectId;

use super::commit::{Answer, has_entry, send};
use super::fate::About;
use crate::client::LogStore;
use crate::error::{Error, Result, Settled, Unsettled};
use crate::guard::Settle;

/// A transaction whose commit has no known outcome.
pub(super) struct PendingCommit {
    session: tokio::sync::Mutex<ClientSession>,
    log: LogStore,
    first: ObjectId,
    others: Vec<ObjectId>,
    about: About,
    patience: Duration,
}

impl PendingCommit {
    pub(super) fn new(
        session: ClientSession,
        log: LogStore,
        first: ObjectId,
        others: Vec<ObjectId>,
        about: About,
        patience: Duration,
    ) -> Self {
        PendingCommit {
            session: tokio::sync::Mutex::new(session),
            log,
            first,
            others,
            about,
            patience,
        }
    }

    pub(super) fn others(&self) -> &[ObjectId] {
        &self.others
    }

    /// Looks at the log, commits once more, and looks at the log again: the session may have been
    /// forgotten by the server, and then only the log tells.
    async fn ask(self: &Arc<Self>) -> Result<Settled> {
        let mut session = self.session.lock().await;
        if self.has_entry().await? {
            return Ok(Settled::Landed);
        }
        let (answer, error) = send(&mut session, self.patience).await;
        match answer {
            Answer::Committed => Ok(Settled::Landed),
            Answer::Not if self.has_entry().await? => Ok(Settled::Landed),
            Answer::Not => Ok(Settled::NotLanded),
            Answer::Unknown => Err(self.unsettled(error.flatten())),
        }
    }

    async fn has_entry(self: &Arc<Self>) -> Result<bool> {
        let found = has_entry(&self.log, self.first, self.patience).await;
        found.map_err(|error| self.unsettled(error))
    }

    fn unsettled(self: &Arc<Self>, error: Option<mongodb::error::Error>) -> Error {
        let cause = match error {
            Some(error) => self.about.failed(error),
            None => self.about.no_answer(),
        };
        let subject = self.about.subject.clone();
        Unsettled::new(subject, self.first, self.clone(), Some(cause.into()))
            .with_others(self.others.clone())
            .into()
    }
}

impl Settle for PendingCommit {
    fn settle(self: Arc<Self>) -> BoxFuture<'static, Result<Settled>> {
        async move { self.ask().await }.boxed()
    }
}
