//! What one writes by hand for many documents: one command without an audit, or a loop with one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt, stream};
use mongodb::bson::{DateTime, Document, RawDocumentBuf, doc, oid::ObjectId};
use mongodb::options::ReturnDocument;
use mongodb::{Client, Collection};

use super::contest::{Running, Subject};
use crate::Outcome;
use crate::measure::Clock;
use crate::models::{COUNTER, Narrow, hand_written};
use crate::stage::{collection, database_name};

/// How a hand-written program writes them.
#[derive(Clone, Copy, Debug)]
pub(super) enum How {
    /// One `updateMany`, and no audit.
    AtOnce,
    /// The same, which also puts one entry, the same for all, into each document: the least that a
    /// carried entry can take of the server. Nothing is checked, and no old value is read.
    AtOncePushing,
    /// `AtOnce` between one read of what it changes and one insert of its entries: nothing is checked,
    /// and what fails in between is not audited.
    AtOnceWithEntries,
    /// One after the other, each checked and followed by its entry, by so many tasks.
    Looped(usize),
}

/// A hand-written program.
#[derive(Debug)]
pub(super) struct Hand {
    client: Client,
    how: How,
}

impl Hand {
    pub(super) fn new(client: &Client, how: How) -> Self {
        Hand {
            client: client.clone(),
            how,
        }
    }
}

impl Subject for Hand {
    fn round(self: Arc<Self>, documents: u64) -> Running {
        Box::pin(async move {
            let database = self.client.database(&database_name());
            let stock: Collection<Document> = collection(&database, "documents");
            let log: Collection<Document> = collection(&database, "log");
            let made: Outcome<Vec<Document>> = (0..documents)
                .map(|_| hand_written::<Narrow>(ObjectId::new()))
                .collect();
            stock.insert_many(made?).await?;
            log.insert_one(doc! {}).await?;
            let clock = Clock::start();
            let begun = Instant::now();
            match self.how {
                How::AtOnce => at_once(&stock, documents, update()).await?,
                How::AtOncePushing => at_once(&stock, documents, pushing()?).await?,
                How::AtOnceWithEntries => {
                    at_once_with_entries(&stock, &log, documents).await?;
                }
                How::Looped(tasks) => looped(&stock, &log, tasks).await?,
            }
            let round = clock.stop_after(documents, begun.elapsed());
            database.drop().await?;
            Ok((round, Duration::ZERO))
        })
    }
}

fn update() -> Document {
    doc! {
        "$set": { COUNTER: 1_i64, "updatedAt": DateTime::now(), "updatedBy": "desk" },
        "$inc": { "version": 1_i64 },
    }
}

/// The same with an entry, as one that is carried.
fn pushing() -> Outcome<Document> {
    let mut update = update();
    let before = RawDocumentBuf::try_from(&doc! { "_id": ObjectId::new(), COUNTER: 0_i64 })?;
    update.insert("$push", doc! { "entries": entry(&before, 2, 1)? });
    Ok(update)
}

async fn at_once(stock: &Collection<Document>, documents: u64, update: Document) -> Outcome<()> {
    let written = stock.update_many(doc! {}, update).await?;
    if written.modified_count == documents {
        Ok(())
    } else {
        Err("not all documents were written".into())
    }
}

async fn at_once_with_entries(
    stock: &Collection<Document>,
    log: &Collection<Document>,
    documents: u64,
) -> Outcome<()> {
    let raw = stock.clone_with_type::<RawDocumentBuf>();
    let looked_at = doc! { "version": 1, COUNTER: 1 };
    let found = raw.find(doc! {}).projection(looked_at).await?;
    let found: Vec<RawDocumentBuf> = found.try_collect().await?;
    at_once(stock, documents, update()).await?;
    let entries = found.iter().map(|before| {
        let version = before.get_i64("version")? + 1;
        entry(before, version, 1)
    });
    log.insert_many(entries.collect::<Outcome<Vec<_>>>()?)
        .await?;
    Ok(())
}

async fn looped(
    stock: &Collection<Document>,
    log: &Collection<Document>,
    tasks: usize,
) -> Outcome<()> {
    let raw = stock.clone_with_type::<RawDocumentBuf>();
    let found = raw.find(doc! {}).await?;
    let found: Vec<RawDocumentBuf> = found.try_collect().await?;
    // As many at a time, on all threads.
    let share = found.len().div_ceil(tasks);
    let shares = found.chunks(share).map(<[_]>::to_vec);
    let tasks = shares.map(|share| {
        let (raw, log) = (raw.clone(), log.clone());
        tokio::spawn(async move {
            for document in share {
                one(&raw, &log, &document).await?;
            }
            Outcome::Ok(())
        })
    });
    let mut tasks = stream::iter(tasks.collect::<Vec<_>>());
    while let Some(task) = tasks.next().await {
        task.await??;
    }
    Ok(())
}

async fn one(
    stock: &Collection<RawDocumentBuf>,
    log: &Collection<Document>,
    before: &RawDocumentBuf,
) -> Outcome<()> {
    let id = before.get_object_id("_id")?;
    let version = before.get_i64("version")?;
    let filter = doc! { "_id": id, "version": version };
    let written = stock
        .find_one_and_update(filter, update())
        .return_document(ReturnDocument::After)
        .await?;
    let written = written.ok_or("nobody else writes these documents")?;
    let entry = entry(
        before,
        written.get_i64("version")?,
        written.get_i64(COUNTER)?,
    )?;
    log.insert_one(entry).await?;
    Ok(())
}

fn entry(before: &RawDocumentBuf, version: i64, value: i64) -> Outcome<Document> {
    Ok(doc! {
        "document": before.get_object_id("_id")?,
        "version": version,
        "action": "update",
        "user": "desk",
        "at": DateTime::now(),
        "changes": { COUNTER: { "old": before.get_i64(COUNTER)?, "new": value } },
    })
}
