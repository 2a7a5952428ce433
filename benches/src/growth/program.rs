//! Programs that update one document again and again.

use std::time::{Duration, Instant};

use mongodb::bson::{self, DateTime, RawDocumentBuf, doc, oid::ObjectId};
use mongodb::options::ReturnDocument;
use mongodb::{Collection, Database};
use monguard::prelude::*;
use monguard::{Audit, Monguard};

use crate::Outcome;
use crate::measure::{Clock, Latencies, Round};
use crate::models::{COUNTER, Sample};
use crate::stage::{collection, write_concern};

/// A program and its document.
pub(super) enum Program<T: Sample> {
    /// No audit.
    Floor(Collection<RawDocumentBuf>, Held<T>),
    /// With monguard.
    Ours(Monguard, Box<Stored<T>>),
}

/// What a hand-written program keeps of its document.
pub(super) struct Held<T> {
    id: ObjectId,
    version: i64,
    value: T,
}

impl<T: Sample> Held<T> {
    fn of(raw: &RawDocumentBuf) -> Outcome<Self> {
        Ok(Held {
            id: raw.get_object_id("_id")?,
            version: raw.get_i64("version")?,
            value: bson::deserialize_from_slice(raw.as_bytes())?,
        })
    }
}

/// A guard with this guarantee.
///
/// # Errors
/// The server cannot keep the guarantee.
pub(super) async fn guard(database: &Database, audit: Audit) -> Outcome<Monguard> {
    let guard = Monguard::builder(database.clone())
        .audit(audit)
        .write_concern(write_concern());
    Ok(guard.build().await?)
}

impl<T: Sample> Program<T> {
    /// Without an audit.
    pub(super) async fn floor(database: &Database, value: T) -> Outcome<Self> {
        let documents = collection(database, "documents");
        let mut document = bson::serialize_to_document(&value)?;
        document.insert("_id", ObjectId::new());
        document.insert("version", 1_i64);
        let raw = RawDocumentBuf::try_from(&document)?;
        documents.insert_one(&raw).await?;
        Ok(Program::Floor(documents, Held::of(&raw)?))
    }

    /// With monguard.
    pub(super) async fn ours(guard: &Monguard, value: T) -> Outcome<Self> {
        let created = guard.collection::<T>().by("desk").create(value).await?;
        Ok(Program::Ours(
            guard.clone(),
            Box::new(created.into_stored()),
        ))
    }

    /// Updates for so long.
    pub(super) async fn round(&mut self, lasting: Duration) -> Outcome<Round> {
        // What was not used for a while is warm before the clock starts.
        for _ in 0..3 {
            self.update().await?;
        }
        self.drain().await?;
        let clock = Clock::start();
        let mut latencies = Latencies::default();
        while clock.elapsed() < lasting {
            let begun = Instant::now();
            self.update().await?;
            latencies.add(begun.elapsed());
        }
        self.drain().await?;
        Ok(clock.stop(&latencies))
    }

    async fn update(&mut self) -> Outcome<()> {
        match self {
            Program::Floor(documents, held) => {
                let value = held.value.counter() + 1;
                let filter = doc! { "_id": held.id, "version": held.version };
                let update = doc! {
                    "$set": { COUNTER: value, "updatedAt": DateTime::now(), "updatedBy": "desk" },
                    "$inc": { "version": 1_i64 },
                };
                let update = documents.find_one_and_update(filter, update);
                let written = update.return_document(ReturnDocument::After).await?;
                *held = Held::of(&written.ok_or("nobody else writes this document")?)?;
            }
            Program::Ours(guard, stored) => {
                let value = stored.counter() + 1;
                let writer = guard.collection::<T>().by("desk");
                **stored = T::set_counter(writer.update(&**stored), value).await?;
            }
        }
        Ok(())
    }

    async fn drain(&self) -> Outcome<()> {
        if let Program::Ours(guard, _) = self {
            guard.flush().await?;
        }
        Ok(())
    }
}
