//! Entries that travel with their writes, by hand: what that takes at the least.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use mongodb::bson::{DateTime, Document, RawDocumentBuf, doc, oid::ObjectId};
use mongodb::options::ReturnDocument;
use mongodb::{Collection, Database};
use tokio::task::JoinSet;

use super::Subject;
use super::hand::{State, entry};
use crate::Outcome;
use crate::models::{COUNTER, Sample, hand_written};
use crate::stage::collection;

/// How many entries are copied at a time: about as many as monguard's relay takes of one document
/// that is updated without a pause.
const AT_A_TIME: usize = 4;

/// The floor with an entry in the document, which is copied to the log behind the update. One
/// command an update, and one for every few entries.
#[derive(Debug)]
pub(super) struct HandCarried<T> {
    documents: Collection<RawDocumentBuf>,
    log: Collection<Document>,
    copies: Mutex<JoinSet<Outcome<()>>>,
    model: std::marker::PhantomData<fn() -> T>,
}

/// What a program keeps of a document, and of the entries that it carries.
#[derive(Debug)]
pub(super) struct Carrying<T> {
    state: State<T>,
    carried: Vec<Document>,
    copied: Option<Copied>,
}

/// How many entries are on their way to the log, and whether they are there.
#[derive(Debug)]
struct Copied {
    count: usize,
    are_there: Arc<AtomicBool>,
}

impl<T: Sample> HandCarried<T> {
    /// In a database of its own.
    pub(super) fn new(database: &Database) -> Self {
        HandCarried {
            documents: collection(database, "documents"),
            log: collection(database, "log"),
            copies: Mutex::default(),
            model: std::marker::PhantomData,
        }
    }

    /// Writes, if the document is still as it was; `false` where it is not.
    async fn write(&self, state: &mut Carrying<T>, value: i64) -> Outcome<bool> {
        let arrived = state.arrived();
        let before = &state.state;
        let filter = doc! { "_id": before.id, "version": before.version };
        let mut set = doc! { COUNTER: value, "updatedAt": DateTime::now(), "updatedBy": "desk" };
        let entry = entry(before, before.version + 1, value);
        let mut update = doc! { "$inc": { "version": 1_i64 } };
        if arrived == 0 {
            update.insert("$push", doc! { "entries": entry.clone() });
        } else {
            let mut left = state.carried[arrived..].to_vec();
            left.push(entry.clone());
            set.insert("entries", left);
        }
        update.insert("$set", set);
        let written = self
            .documents
            .find_one_and_update(filter, update)
            .return_document(ReturnDocument::After)
            .projection(doc! { "entries": 0 })
            .await?;
        let Some(written) = written else {
            return Ok(false);
        };
        state.state = State::of(&written)?;
        state.carried.drain(..arrived);
        state.carried.push(entry);
        self.copy(state);
        Ok(true)
    }

    /// Copies what the document carries to the log, if that is enough and nothing is on its way.
    fn copy(&self, state: &mut Carrying<T>) {
        if state.copied.is_some() || state.carried.len() < AT_A_TIME {
            return;
        }
        let (log, entries) = (self.log.clone(), state.carried.clone());
        let are_there = Arc::new(AtomicBool::new(false));
        state.copied = Some(Copied {
            count: entries.len(),
            are_there: are_there.clone(),
        });
        self.copies().spawn(async move {
            log.insert_many(entries).await?;
            are_there.store(true, Ordering::Release);
            Ok(())
        });
    }

    fn copies(&self) -> std::sync::MutexGuard<'_, JoinSet<Outcome<()>>> {
        self.copies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Carrying<T> {
    fn new(state: State<T>) -> Self {
        Carrying {
            state,
            carried: Vec::new(),
            copied: None,
        }
    }

    /// How many of the entries have come to the log by now, of those that are still carried.
    fn arrived(&mut self) -> usize {
        let is_there = |copied: &mut Copied| copied.are_there.load(Ordering::Acquire);
        self.copied
            .take_if(is_there)
            .map_or(0, |copied| copied.count)
    }
}

impl<T: Sample> Subject for HandCarried<T> {
    type State = Carrying<T>;

    async fn create(&self) -> Outcome<Carrying<T>> {
        let document = hand_written::<T>(ObjectId::new())?;
        let raw = RawDocumentBuf::try_from(&document)?;
        self.documents.insert_one(&raw).await?;
        Ok(Carrying::new(State::of(&raw)?))
    }

    fn share(&self, state: &Carrying<T>) -> Carrying<T> {
        Carrying::new(state.state.clone())
    }

    async fn update(&self, state: &mut Carrying<T>, value: i64) -> Outcome<()> {
        if self.write(state, value).await? {
            Ok(())
        } else {
            Err("nobody else writes this document".into())
        }
    }

    /// Others would have to copy what it carries: this program is not made for that.
    async fn update_shared(&self, _: &mut Carrying<T>, _: i64) -> Outcome<()> {
        Err("each document has one task".into())
    }

    /// Up to three entries of each document stay where they are.
    async fn drain(&self) -> Outcome<()> {
        let mut copies = std::mem::take(&mut *self.copies());
        while let Some(copy) = copies.join_next().await {
            copy??;
        }
        Ok(())
    }
}
