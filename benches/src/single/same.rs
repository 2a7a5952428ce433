//! The very commands that monguard sends, and nothing else of it: what of it is the server's and
//! the driver's.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use mongodb::bson::{self, Bson, DateTime, Document, RawDocumentBuf, doc, oid::ObjectId};
use mongodb::{Client, ClientSession, Collection, Database};
use tokio::task::JoinSet;

use super::Subject;
use super::hand::{begun, ended};
use crate::Outcome;
use crate::models::{COUNTER, Sample};
use crate::stage::collection;

/// How many entries of a document are copied at a time: about as many as monguard's relay takes of
/// one that is updated without a pause.
const AT_A_TIME: usize = 8;

/// How long the server may work on a command, in milliseconds: monguard's default.
const LIMIT: i64 = 10_000;

/// Monguard's default, as a command has it.
fn concern() -> Document {
    doc! { "w": "majority", "j": true }
}

/// # Errors
/// One of these is not one.
fn made(reply: &Document, counts: [&str; 2]) -> Outcome<()> {
    let is_one = |name: &&str| {
        let count = reply.get(*name).cloned();
        matches!(count, Some(Bson::Int32(1) | Bson::Int64(1)))
    };
    if counts.iter().all(is_one) {
        Ok(())
    } else {
        Err(format!("nobody else writes this document: {reply}").into())
    }
}

/// How the entry gets to the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guarantee {
    /// In the document, by the update itself, and copied behind it with those that follow.
    Carried,
    /// By an insert after the update, in the same command.
    AfterWrite,
    /// The same, in a transaction.
    Transactional,
}

/// A program that sends monguard's commands.
#[derive(Debug)]
pub(super) struct Same<T> {
    client: Client,
    documents: Collection<RawDocumentBuf>,
    log: Collection<Document>,
    guarantee: Guarantee,
    copies: Mutex<JoinSet<Outcome<()>>>,
    model: std::marker::PhantomData<fn() -> T>,
}

/// What it keeps of a document.
#[derive(Debug)]
pub(super) struct State<T> {
    id: ObjectId,
    version: i32,
    operation: ObjectId,
    at: DateTime,
    value: T,
    raw: RawDocumentBuf,
    carried: Vec<Carried>,
    copied: Option<Copied>,
}

/// An entry that the document carries, and as the log is to have it.
#[derive(Clone, Debug)]
struct Carried {
    element: Document,
    entry: Document,
}

/// How many entries are on their way to the log, and whether they are there.
#[derive(Debug)]
struct Copied {
    count: usize,
    are_there: Arc<AtomicBool>,
}

/// The operation of an update and its time.
#[derive(Clone, Copy)]
struct Stamp {
    operation: ObjectId,
    at: DateTime,
}

impl<T: Sample> Same<T> {
    /// In a database of its own.
    pub(super) fn new(database: &Database, guarantee: Guarantee) -> Self {
        Same {
            client: database.client().clone(),
            documents: collection(database, "documents"),
            log: collection(database, "log"),
            guarantee,
            copies: Mutex::default(),
            model: std::marker::PhantomData,
        }
    }

    async fn write(&self, state: &mut State<T>, value: i64) -> Outcome<()> {
        let stamp = Stamp {
            operation: ObjectId::new(),
            at: DateTime::now(),
        };
        let entry = state.entry(stamp, value);
        match self.guarantee {
            Guarantee::Carried => {
                let element = state.element(stamp, value);
                let carried = Carried { element, entry };
                let arrived = state.arrived();
                let mut update = state.update(stamp, value);
                state.put_in(&mut update, arrived, &carried)?;
                self.update_alone(state.filter(), update).await?;
                state.move_on(stamp, value)?;
                state.carried.drain(..arrived);
                state.carried.push(carried);
                self.copy(state);
            }
            Guarantee::AfterWrite => {
                let mut update = state.update(stamp, value);
                // Where none matches, one is to be made that cannot be: an error, and no entry.
                update.insert("$setOnInsert", doc! { "_id": ObjectId::new() });
                let mut both = self.both(state.filter(), update, &entry, true);
                both.insert("writeConcern", concern());
                let reply = self.client.database("admin").run_command(both).await?;
                made(&reply, ["nModified", "nInserted"])?;
                state.move_on(stamp, value)?;
            }
            Guarantee::Transactional => loop {
                let mut session = begun(&self.client).await?;
                let update = state.update(stamp, value);
                let both = self.both(state.filter(), update, &entry, false);
                let done = self.transact(both, &mut session).await;
                if ended(&mut session, done).await?.is_some() {
                    state.move_on(stamp, value)?;
                    break;
                }
            },
        }
        Ok(())
    }

    async fn transact(&self, both: Document, session: &mut ClientSession) -> Outcome<()> {
        let admin = self.client.database("admin");
        let reply = admin.run_command(both).session(session).await?;
        made(&reply, ["nModified", "nInserted"])
    }

    /// The update and the insert of its entry as one command.
    fn both(&self, filter: Document, update: Document, entry: &Document, upsert: bool) -> Document {
        let [documents, log] = [self.documents.namespace(), self.log.namespace()];
        let mut write = doc! { "update": 0, "filter": filter, "updateMods": update };
        if upsert {
            write.insert("upsert", true);
        }
        doc! {
            "bulkWrite": 1,
            "ops": [write, { "insert": 1, "document": entry.clone() }],
            "nsInfo": [{ "ns": documents.to_string() }, { "ns": log.to_string() }],
            "ordered": true,
            "errorsOnly": true,
            "maxTimeMS": LIMIT,
        }
    }

    async fn update_alone(&self, filter: Document, update: Document) -> Outcome<()> {
        let namespace = self.documents.namespace();
        let command = doc! {
            "update": namespace.coll,
            "updates": [{ "q": filter, "u": update }],
            "maxTimeMS": LIMIT,
            "writeConcern": concern(),
        };
        let database = self.client.database(&namespace.db);
        made(&database.run_command(command).await?, ["n", "nModified"])
    }

    /// Copies what the document carries to the log, if that is enough and nothing is on its way.
    fn copy(&self, state: &mut State<T>) {
        if state.copied.is_some() || state.carried.len() < AT_A_TIME {
            return;
        }
        let log = self.log.clone();
        let carried = state.carried.iter();
        let entries: Vec<_> = carried.map(|carried| carried.entry.clone()).collect();
        let are_there = Arc::new(AtomicBool::new(false));
        state.copied = Some(Copied {
            count: entries.len(),
            are_there: are_there.clone(),
        });
        self.copies().spawn(async move {
            log.insert_many(entries).ordered(false).await?;
            are_there.store(true, Ordering::Release);
            Ok(())
        });
    }

    fn copies(&self) -> std::sync::MutexGuard<'_, JoinSet<Outcome<()>>> {
        self.copies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Sample> State<T> {
    fn of(raw: RawDocumentBuf) -> Outcome<Self> {
        Ok(State {
            id: raw.get_object_id("_id")?,
            version: raw.get_i32("__v")?,
            operation: raw.get_object_id("__w")?,
            at: raw.get_datetime("updatedAt")?,
            value: bson::deserialize_from_slice(raw.as_bytes())?,
            raw,
            carried: Vec::new(),
            copied: None,
        })
    }

    /// To what an update made of the document: that is known, and decoded anew.
    fn move_on(&mut self, stamp: Stamp, value: i64) -> Outcome<()> {
        let mut raw = RawDocumentBuf::new();
        for element in &self.raw {
            let (name, stored) = element?;
            match name.as_str() {
                COUNTER => raw.append(name, value),
                "__v" => raw.append(name, self.version + 1),
                "__w" => raw.append(name, stamp.operation),
                "updatedAt" => raw.append(name, stamp.at),
                _ => raw.append(name, stored),
            }
        }
        let State {
            version,
            operation,
            at,
            value,
            raw,
            ..
        } = State::of(raw)?;
        (self.version, self.operation, self.at) = (version, operation, at);
        (self.value, self.raw) = (value, raw);
        Ok(())
    }

    fn filter(&self) -> Document {
        doc! {
            "_id": self.id,
            "__v": self.version,
            "__w": self.operation,
            "updatedAt": self.at,
            "__tombstone": { "$exists": false },
            "deletedAt": { "$exists": false },
        }
    }

    fn update(&self, stamp: Stamp, value: i64) -> Document {
        doc! { "$set": {
            COUNTER: value,
            "__v": self.version + 1,
            "updatedAt": stamp.at,
            "updatedBy": "desk",
            "__w": stamp.operation,
        } }
    }

    /// The entry as the log has it.
    fn entry(&self, stamp: Stamp, value: i64) -> Document {
        doc! {
            "_id": stamp.operation,
            "ref": { "collection": T::COLLECTION, "id": self.id },
            "action": "update",
            "userId": "desk",
            "timestamp": stamp.at,
            "metadata": {
                "deltaChanges": { COUNTER: { "old": self.value.counter(), "new": value } },
                "storageMode": "delta",
                "version": self.version + 1,
                "from": self.version,
                "prev": self.operation,
            },
        }
    }

    /// The same as the document carries it.
    fn element(&self, stamp: Stamp, value: i64) -> Document {
        doc! {
            "f": 1,
            "o": stamp.operation,
            "v": self.version + 1,
            "from": self.version,
            "prev": self.operation,
            "a": "update",
            "by": "desk",
            "at": stamp.at,
            "d": [{ "p": COUNTER, "o": self.value.counter(), "n": value }],
        }
    }

    /// Makes an entry a part of an update, beside those that have not arrived in the log.
    fn put_in(&self, update: &mut Document, arrived: usize, carried: &Carried) -> Outcome<()> {
        let element = carried.element.clone();
        if arrived == 0 && !self.carried.is_empty() {
            update.insert("$push", doc! { "__audit": element });
            return Ok(());
        }
        let left = self.carried.get(arrived..).unwrap_or_default();
        let left = left.iter().map(|carried| carried.element.clone());
        let all: Vec<Bson> = left.chain([element]).map(Bson::Document).collect();
        update.get_document_mut("$set")?.insert("__audit", all);
        Ok(())
    }

    /// How many of the entries have come to the log by now, of those that are still carried.
    fn arrived(&mut self) -> usize {
        let is_there = |copied: &mut Copied| copied.are_there.load(Ordering::Acquire);
        let arrived = self.copied.take_if(is_there);
        arrived.map_or(0, |copied| copied.count)
    }
}

impl<T: Sample> Subject for Same<T> {
    type State = State<T>;

    async fn create(&self) -> Outcome<State<T>> {
        let mut document = bson::serialize_to_document(&T::sample())?;
        document.extend(doc! {
            "_id": ObjectId::new(),
            "__v": 1,
            "createdAt": DateTime::now(),
            "updatedAt": DateTime::now(),
            "createdBy": "desk",
            "updatedBy": "desk",
            "__w": ObjectId::new(),
        });
        let raw = RawDocumentBuf::try_from(&document)?;
        self.documents.insert_one(&raw).await?;
        State::of(raw)
    }

    fn share(&self, state: &State<T>) -> State<T> {
        State {
            value: state.value.clone(),
            raw: state.raw.clone(),
            carried: state.carried.clone(),
            copied: None,
            ..*state
        }
    }

    async fn update(&self, state: &mut State<T>, value: i64) -> Outcome<()> {
        self.write(state, value).await
    }

    /// Others would have to copy what it carries: this program is not made for that.
    async fn update_shared(&self, _: &mut State<T>, _: i64) -> Outcome<()> {
        Err("each document has one task".into())
    }

    /// The last few entries of each document stay where they are.
    async fn drain(&self) -> Outcome<()> {
        let mut copies = std::mem::take(&mut *self.copies());
        while let Some(copy) = copies.join_next().await {
            copy??;
        }
        Ok(())
    }
}
