//! Entries of other documents.

use mongodb::bson::{Document, RawDocumentBuf, doc, oid::ObjectId};
use mongodb::options::{Acknowledgment, CollectionOptions, WriteConcern};
use mongodb::{Collection, Database};
use tokio::task::JoinSet;

use crate::Outcome;

/// How many entries each of the other documents has.
const EACH: u32 = 10;

/// How many inserts are under way at a time.
const AT_A_TIME: usize = 4;

/// Fills the log with so many entries like the ones that are there.
pub(super) async fn fill(database: &Database, entries: u32) -> Outcome<()> {
    // What is not measured need not wait for a disk.
    let acknowledged = WriteConcern::builder().w(Acknowledgment::Nodes(1)).build();
    let options = CollectionOptions::builder()
        .write_concern(acknowledged)
        .build();
    let log: Collection<Document> = database.collection_with_options("audit_logs", options);
    let like = log.find_one(doc! { "action": "update" }).await?;
    let like = like.ok_or("the log has an entry of an update")?;
    let ids: Vec<ObjectId> = (0..entries.div_ceil(EACH))
        .map(|_| ObjectId::new())
        .collect();
    let mut inserts = JoinSet::new();
    for version in 1..=EACH {
        for ids in ids.chunks(2_000) {
            if inserts.len() >= AT_A_TIME
                && let Some(inserted) = inserts.join_next().await
            {
                inserted??;
            }
            let made: Outcome<Vec<_>> = ids.iter().map(|id| entry(&like, *id, version)).collect();
            let (log, made) = (log.clone_with_type::<RawDocumentBuf>(), made?);
            inserts.spawn(async move {
                log.insert_many(made).ordered(false).await?;
                Outcome::Ok(())
            });
        }
    }
    while let Some(inserted) = inserts.join_next().await {
        inserted??;
    }
    Ok(())
}

fn entry(like: &Document, of: ObjectId, version: u32) -> Outcome<RawDocumentBuf> {
    let mut entry = like.clone();
    entry.insert("_id", ObjectId::new());
    entry.get_document_mut("ref")?.insert("id", of);
    let metadata = entry.get_document_mut("metadata")?;
    metadata.insert("version", i64::from(version));
    metadata.insert("prev", ObjectId::new());
    Ok(RawDocumentBuf::try_from(&entry)?)
}
