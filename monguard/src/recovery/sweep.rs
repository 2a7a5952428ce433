use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use mongodb::bson::{Bson, DateTime, Document, RawDocumentBuf, oid::ObjectId};

use super::carried::{Carried, Foreign};
use super::page::Pages;
use super::{Recovered, RecoveryToken, UnfinishedTombstone, UnreadableTrail};
use crate::client::{EntryKey, Store};
use crate::document::{names, stored_field};
use crate::error::{
    Error, InvalidRecoveryToken, InvalidRecoveryTokenReason, RecoveryStopped, Result,
};
use crate::guard::{finish_tombstone, is_tombstone};
use crate::relay::{Brought, LogEntry};

/// Is told after each batch.
pub(crate) type Progress<'a> = Box<dyn FnMut(&Recovered) + Send + 'a>;

/// One way through a collection, document by document in the order of their ids.
pub(crate) struct Sweep<'a> {
    pub(crate) store: &'a Arc<Store>,
    pub(crate) resume: Option<RecoveryToken>,
    pub(crate) since: Option<DateTime>,
    pub(crate) retention: Option<Duration>,
    pub(crate) documents: usize,
    pub(crate) limit: Duration,
}

impl fmt::Debug for Sweep<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sweep").finish_non_exhaustive()
    }
}

fn id_of(raw: &RawDocumentBuf) -> Bson {
    stored_field(raw, names::ID).unwrap_or(Bson::Null)
}

/// A document of a batch.
struct Swept {
    document: Document,
    /// Those of its entries that are to be in the log.
    entries: Vec<ObjectId>,
    /// Something of what it carries cannot be brought to the log.
    is_stuck: bool,
}

impl Sweep<'_> {
    /// Goes all the way.
    pub(crate) async fn run(mut self, progress: Option<Progress<'_>>) -> Result<Recovered> {
        let after = self.place_to_go_on()?;
        let mut report = Recovered {
            token: self.resume.take(),
            ..Recovered::default()
        };
        match self.sweep(&mut report, after, progress).await {
            Ok(()) => Ok(report),
            Err(cause) => {
                let subject = self.store.subject(None);
                Err(RecoveryStopped::new(subject, report, cause).into())
            }
        }
    }

    /// The id behind which to begin.
    fn place_to_go_on(&self) -> Result<Option<Bson>> {
        let Some(token) = &self.resume else {
            return Ok(None);
        };
        let other = || InvalidRecoveryToken::new(InvalidRecoveryTokenReason::OtherCollection);
        let last = token.last_in(self.store.name()).ok_or_else(other)?;
        Ok(Some(last.clone()))
    }

    async fn sweep(
        &self,
        report: &mut Recovered,
        mut after: Option<Bson>,
        mut progress: Option<Progress<'_>>,
    ) -> Result<()> {
        let mut pages = Pages {
            since: self.since,
            documents: self.documents,
            limit: self.limit,
            by_index: false,
        };
        pages.look_for_index(self.store).await?;
        loop {
            let page = pages.read(self.store, after.as_ref()).await?;
            if let Some(last) = page.documents.last().map(id_of) {
                self.see_to(page.documents, report).await?;
                // Where an id cannot be written as a token, the one before stands.
                if let Ok(token) = RecoveryToken::new(self.store.name(), last.clone()) {
                    report.token = Some(token);
                }
                after = Some(last);
                if let Some(progress) = &mut progress {
                    progress(report);
                }
            }
            if page.is_last {
                return Ok(());
            }
        }
    }

    /// Brings what is missing of one batch, then finishes its tombstones.
    async fn see_to(&self, page: Vec<RawDocumentBuf>, report: &mut Recovered) -> Result<()> {
        report.documents += page.len() as u64;
        let mut entries = Vec::new();
        let mut swept = Vec::with_capacity(page.len());
        for raw in page {
            match Document::try_from(raw.as_ref()) {
                Ok(document) => swept.push(self.open(document, &mut entries, report)),
                Err(_) => self.note_foreign(&id_of(&raw), Foreign::Field, report),
            }
        }
        let brought = self.bring(entries, report).await?;
        for swept in swept {
            if is_tombstone(&swept.document) {
                self.finish(&swept, &brought, report).await?;
            }
        }
        Ok(())
    }

    /// Reads what a document carries. What is not monguard's is reported and left alone.
    fn open(
        &self,
        document: Document,
        entries: &mut Vec<LogEntry>,
        report: &mut Recovered,
    ) -> Swept {
        let carried = Carried::by(self.store, &document);
        let is_stuck = carried.foreign.is_some() || !carried.refused.is_empty();
        report.entries += (carried.entries.len() + carried.refused.len()) as u64;
        Recovered::note(&mut report.refused, carried.refused);
        if let Some(foreign) = carried.foreign {
            let id = document.get(names::ID).unwrap_or(&Bson::Null);
            self.note_foreign(id, foreign, report);
        }
        let ids = carried.entries.iter().map(|entry| entry.id).collect();
        entries.extend(carried.entries);
        Swept {
            document,
            entries: ids,
            is_stuck,
        }
    }

    fn note_foreign(&self, id: &Bson, foreign: Foreign, report: &mut Recovered) {
        let unreadable = UnreadableTrail {
            document: self.store.subject(Some(id)),
            elements: foreign.elements(),
        };
        Recovered::note(&mut report.unreadable, [unreadable]);
    }

    /// Asks the log once for all, and brings those that it lacks. Returns what is there, or was
    /// let go as too old.
    async fn bring(
        &self,
        entries: Vec<LogEntry>,
        report: &mut Recovered,
    ) -> Result<HashSet<ObjectId>> {
        let relay = &self.store.shared().relay;
        let (known, unknown): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|entry| relay.knows(entry.id));
        let mut settled: HashSet<ObjectId> = known.iter().map(|entry| entry.id).collect();
        if unknown.is_empty() {
            return Ok(settled);
        }
        let stored = self.stored_keys(&unknown).await?;
        let (there, missing): (Vec<_>, Vec<_>) = unknown
            .into_iter()
            .partition(|entry| stored.get(&entry.id) == Some(&EntryKey::of(&entry.document)));
        relay.remember(there.iter().map(|entry| entry.id));
        settled.extend(there.iter().map(|entry| entry.id));
        let (old, missing): (Vec<_>, Vec<_>) = missing
            .into_iter()
            .partition(|entry| self.is_too_old(entry));
        report.too_old += old.len() as u64;
        settled.extend(old.iter().map(|entry| entry.id));
        if missing.is_empty() {
            return Ok(settled);
        }
        let wanted = missing.len();
        let Brought {
            there,
            refused,
            failed,
        } = relay.bring(missing, self.limit).await;
        let left = wanted.saturating_sub(there.len() + refused.len());
        report.brought += there.len() as u64;
        settled.extend(there);
        Recovered::note(&mut report.refused, refused);
        match failed {
            None => Ok(settled),
            Some(cause) => Err(relay.backlog_of(left, cause).into()),
        }
    }

    async fn stored_keys(&self, entries: &[LogEntry]) -> Result<HashMap<ObjectId, EntryKey>> {
        let ids: Vec<ObjectId> = entries.iter().map(|entry| entry.id).collect();
        let keys = self.store.log().keys_of(&ids, self.limit);
        self.store.answer("recovery", self.limit, keys).await
    }

    /// Whether a purge may have removed the entry from the log.
    fn is_too_old(&self, entry: &LogEntry) -> bool {
        let Some(retention) = self.retention else {
            return false;
        };
        let written = entry.document.get_datetime("timestamp");
        let age = written.map_or(0, |written| {
            DateTime::now()
                .timestamp_millis()
                .saturating_sub(written.timestamp_millis())
        });
        u64::try_from(age).is_ok_and(|age| Duration::from_millis(age) > retention)
    }

    /// Removes a tombstone whose entries are all in the log.
    async fn finish(
        &self,
        swept: &Swept,
        settled: &HashSet<ObjectId>,
        report: &mut Recovered,
    ) -> Result<()> {
        let is_settled = swept.entries.iter().all(|entry| settled.contains(entry));
        if swept.is_stuck || !is_settled {
            return Ok(());
        }
        // What is too old goes with the document.
        self.store
            .shared()
            .relay
            .remember(swept.entries.iter().copied());
        match finish_tombstone(self.store, &swept.document, self.limit).await {
            Ok(()) => report.tombstones_finished += 1,
            Err(Error::Driver(error)) if error.is_transient() => return Err(Error::Driver(error)),
            Err(cause) => {
                let unfinished = UnfinishedTombstone {
                    document: self.store.subject(swept.document.get(names::ID)),
                    cause: Arc::new(cause),
                };
                Recovered::note(&mut report.unfinished, [unfinished]);
            }
        }
        Ok(())
    }
}
