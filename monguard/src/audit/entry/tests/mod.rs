mod limits;
mod read;
mod secrets;
mod written;

use mongodb::bson::{DateTime, Document, bson, oid::ObjectId};

use super::{DraftChange, EntryDraft, EntryLimits};
use crate::audit::{
    delta::{Delta, DeltaOptions},
    models::OPEN,
};
use crate::document::Version;

/// The draft of an entry that has everything.
fn draft(change: DraftChange) -> EntryDraft {
    EntryDraft {
        id: ObjectId::from_bytes([1; 12]),
        collection: "orders".to_owned(),
        document_id: bson!(7),
        user: Some(bson!("u")),
        timestamp: DateTime::from_millis(5),
        trace_id: Some("t".to_owned()),
        custom_data: Some(bson!({ "reason": "r" })),
        version: Version::Number(2),
        from: Some(Version::Number(1)),
        prev: Some(ObjectId::from_bytes([2; 12])),
        image_omitted: false,
        change,
    }
}

fn written(change: DraftChange) -> Document {
    draft(change).into_document(EntryLimits::default()).unwrap()
}

fn delta(before: &Document, after: &Document) -> Delta {
    Delta::between(&OPEN, before, after, DeltaOptions::default())
}

fn updated(before: Document, after: Document, changes: &[&str]) -> DraftChange {
    let changes = changes.iter().map(|&name| name.to_owned()).collect();
    DraftChange::Updated {
        before: Some(before),
        after: Some(after),
        changes,
    }
}

fn restored(before: Document, after: Document, changes: &[&str]) -> DraftChange {
    let changes = changes.iter().map(|&name| name.to_owned()).collect();
    DraftChange::Restored {
        before: Some(before),
        after: Some(after),
        changes,
    }
}

fn keys(document: &Document) -> Vec<&str> {
    document.keys().map(String::as_str).collect()
}
