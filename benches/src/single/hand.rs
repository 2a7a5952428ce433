//! What one writes by hand on the driver: a version in the filter, and an entry beside it.

use mongodb::bson::{self, DateTime, Document, RawDocumentBuf, doc, oid::ObjectId};
use mongodb::error::TRANSIENT_TRANSACTION_ERROR;
use mongodb::options::ReturnDocument;
use mongodb::{Client, ClientSession, Collection, Database};

use super::Subject;
use crate::Outcome;
use crate::models::{COUNTER, Sample, hand_written};
use crate::stage::{collection, write_concern};

/// How an entry is written, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entries {
    /// No entry: the floor.
    None,
    /// One insert after the update.
    Inserted,
    /// One insert in a transaction with the update.
    InTransaction,
}

/// The hand-written program.
#[derive(Debug)]
pub(super) struct Hand<T> {
    client: Client,
    documents: Collection<RawDocumentBuf>,
    log: Collection<Document>,
    entries: Entries,
    model: std::marker::PhantomData<fn() -> T>,
}

/// What a program keeps of a document.
#[derive(Clone, Debug)]
pub(super) struct State<T> {
    id: ObjectId,
    version: i64,
    value: T,
}

impl<T: Sample> State<T> {
    /// Decoded straight from the answer, which is the cheapest way there is.
    fn of(raw: &RawDocumentBuf) -> Outcome<Self> {
        Ok(State {
            id: raw.get_object_id("_id")?,
            version: raw.get_i64("version")?,
            value: bson::deserialize_from_slice(raw.as_bytes())?,
        })
    }
}

impl<T: Sample> Hand<T> {
    /// In a database of its own.
    #[must_use]
    pub(super) fn new(database: &Database, entries: Entries) -> Self {
        Hand {
            client: database.client().clone(),
            documents: collection(database, "documents"),
            log: collection(database, "log"),
            entries,
            model: std::marker::PhantomData,
        }
    }

    /// Writes, if the document is still as it was; `None` where it is not.
    async fn write(&self, state: &State<T>, value: i64) -> Outcome<Option<State<T>>> {
        match self.entries {
            Entries::None => self.find_and_update(state, value, None).await,
            Entries::Inserted => {
                let written = self.find_and_update(state, value, None).await?;
                if let Some(written) = &written {
                    self.log
                        .insert_one(entry(state, written.version, value))
                        .await?;
                }
                Ok(written)
            }
            Entries::InTransaction => self.in_transaction(state, value).await,
        }
    }

    async fn find_and_update(
        &self,
        state: &State<T>,
        value: i64,
        session: Option<&mut ClientSession>,
    ) -> Outcome<Option<State<T>>> {
        let filter = doc! { "_id": state.id, "version": state.version };
        let set = doc! { COUNTER: value, "updatedAt": DateTime::now(), "updatedBy": "desk" };
        let update = doc! { "$set": set, "$inc": { "version": 1_i64 } };
        let found = if let Some(session) = session {
            // The concern of a transaction is that of its commit.
            let unconcerned: Collection<RawDocumentBuf> = self
                .client
                .database(&self.documents.namespace().db)
                .collection(self.documents.name());
            let action = unconcerned.find_one_and_update(filter, update);
            action
                .return_document(ReturnDocument::After)
                .session(session)
                .await?
        } else {
            let action = self.documents.find_one_and_update(filter, update);
            action.return_document(ReturnDocument::After).await?
        };
        found.map(|raw| State::of(&raw)).transpose()
    }

    async fn in_transaction(&self, state: &State<T>, value: i64) -> Outcome<Option<State<T>>> {
        loop {
            let mut session = begun(&self.client).await?;
            let done = self.transact(&mut session, state, value).await;
            if let Ok(None) = done {
                session.abort_transaction().await?;
                return Ok(None);
            }
            if let Some(written) = ended(&mut session, done).await? {
                return Ok(written);
            }
        }
    }

    async fn transact(
        &self,
        session: &mut ClientSession,
        state: &State<T>,
        value: i64,
    ) -> Outcome<Option<State<T>>> {
        let written = self.find_and_update(state, value, Some(session)).await?;
        if let Some(written) = &written {
            let log: Collection<Document> = self
                .client
                .database(&self.log.namespace().db)
                .collection(self.log.name());
            log.insert_one(entry(state, written.version, value))
                .session(session)
                .await?;
        }
        Ok(written)
    }
}

/// A transaction that has begun.
pub(super) async fn begun(client: &Client) -> Outcome<ClientSession> {
    let mut session = client.start_session().await?;
    let begin = session.start_transaction();
    begin.write_concern(write_concern()).await?;
    Ok(session)
}

/// Ends a transaction; `None` where it is to be done again.
pub(super) async fn ended<R>(session: &mut ClientSession, done: Outcome<R>) -> Outcome<Option<R>> {
    match done {
        Ok(done) => {
            session.commit_transaction().await?;
            Ok(Some(done))
        }
        Err(failure) if is_transient(&failure) => {
            session.abort_transaction().await?;
            Ok(None)
        }
        Err(failure) => Err(failure),
    }
}

fn is_transient(failure: &crate::Failure) -> bool {
    failure
        .downcast_ref::<mongodb::error::Error>()
        .is_some_and(|error| error.contains_label(TRANSIENT_TRANSACTION_ERROR))
}

/// Who changed what from what: what a program of one's own would note.
fn entry<T: Sample>(before: &State<T>, version: i64, value: i64) -> Document {
    doc! {
        "document": before.id,
        "version": version,
        "action": "update",
        "user": "desk",
        "at": DateTime::now(),
        "changes": { COUNTER: { "old": before.value.counter(), "new": value } },
    }
}

impl<T: Sample> Subject for Hand<T> {
    type State = State<T>;

    async fn create(&self) -> Outcome<State<T>> {
        let document = hand_written::<T>(ObjectId::new())?;
        let raw = RawDocumentBuf::try_from(&document)?;
        self.documents.insert_one(&raw).await?;
        State::of(&raw)
    }

    fn share(&self, state: &State<T>) -> State<T> {
        state.clone()
    }

    async fn update(&self, state: &mut State<T>, value: i64) -> Outcome<()> {
        let written = self.write(state, value).await?;
        *state = written.ok_or("nobody else writes this document")?;
        Ok(())
    }

    async fn update_shared(&self, state: &mut State<T>, value: i64) -> Outcome<()> {
        loop {
            let found = self.documents.find_one(doc! { "_id": state.id }).await?;
            let read = State::of(&found.ok_or("the document is there")?)?;
            if let Some(written) = self.write(&read, value).await? {
                *state = written;
                return Ok(());
            }
        }
    }

    async fn drain(&self) -> Outcome<()> {
        Ok(())
    }
}
