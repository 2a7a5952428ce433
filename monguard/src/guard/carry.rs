//! What a document carries through a write.

use std::time::Duration;

use mongodb::bson::{Bson, DateTime, Document};

use super::Intent;
use super::size::check_size;
use crate::audit::{Carrier, EntryDraft, Trail, lighten, log_form, owed_by, stamps_of};
use crate::client::Store;
use crate::document::{Excerpt, Place, names};
use crate::error::{InvalidReason, InvalidUpdate, Result};
use crate::relay::{Brought, LogEntry};

/// Where the entries of a document are.
pub(crate) fn carrier<'a>(store: &'a Store, document: &'a Document) -> Carrier<'a> {
    Carrier {
        meta: store.meta(),
        version_field: store.versions().field(),
        collection: store.name(),
        document,
        source: None,
    }
}

/// The same of a document that is about to be written.
pub(super) fn carrier_before<'a>(store: &'a Store, before: &'a Excerpt) -> Carrier<'a> {
    Carrier {
        source: before.source(),
        ..carrier(store, before.fields())
    }
}

/// Makes the entry a part of its write, behind those that the document keeps. What of the entry
/// finds no room in the document is left out of it, and the entry says so.
///
/// # Errors
/// [`InvalidUpdate`] where the document would be too large all the same, or has something else
/// where its entries are.
pub(super) fn put_in(
    store: &Store,
    intent: &mut Intent,
    entry: &mut EntryDraft,
) -> Result<(), InvalidUpdate> {
    loop {
        let trail = with_entry(store, &intent.before, entry)?;
        intent.carry(trail);
        let checked = check_size(store, &intent.base.place.id, intent.measure());
        match checked {
            // What is kept goes to the log first.
            Err(error) if kept_entries(store, &intent.before) > 0 || !lighten(entry) => {
                return Err(error);
            }
            Err(_) => {}
            Ok(()) => return Ok(()),
        }
    }
}

/// Keeps what the document carries through a write whose entry is elsewhere.
pub(super) fn keep(store: &Store, intent: &mut Intent) {
    let Ok(carried) = intent.before.trail() else {
        return;
    };
    let relay = &store.shared().relay;
    let kept = carried.kept(carrier_before(store, &intent.before), |id| relay.knows(id));
    if kept != *carried {
        intent.carry(kept);
    }
}

/// What the document is to carry once the write with this entry has moved it past `before`.
pub(super) fn with_entry(
    store: &Store,
    before: &Excerpt,
    entry: &EntryDraft,
) -> Result<Trail, InvalidUpdate> {
    let relay = &store.shared().relay;
    let was = || stamps_of(before.fields(), store.versions().field());
    let trail = before.trail();
    let trail = trail.map_err(|_| foreign(store, before.fields().get(names::ID)))?;
    let kept = trail.kept(carrier_before(store, before), |id| relay.knows(id));
    Ok(kept.with(entry, owed_by(&entry.change, was)))
}

fn foreign(store: &Store, id: Option<&Bson>) -> InvalidUpdate {
    let subject = store.subject(id);
    InvalidUpdate::new(names::AUDIT, InvalidReason::ForeignTrail).of(subject)
}

/// How many entries a write would keep on the document beside its own.
pub(crate) fn kept_entries(store: &Store, before: &Excerpt) -> usize {
    let relay = &store.shared().relay;
    let Ok(trail) = before.trail() else {
        return 0;
    };
    trail.count_kept(carrier_before(store, before), |id| relay.knows(id))
}

/// Brings the entries that a document carries to the log, so that its next state need not keep
/// them: fewer than `most` are to be left.
///
/// # Errors
/// [`Error::AuditBacklog`](crate::Error::AuditBacklog) where that cannot be done now.
pub(crate) async fn make_room(
    store: &Store,
    place: &Place,
    before: &Excerpt,
    most: usize,
    limit: Duration,
) -> Result<()> {
    let mut cause = None;
    // Only what no failover can take back goes to the log, so not the snapshot's own.
    if let Some(raw) = store.read_settled(place, limit).await? {
        let document = store.parse(&raw, Some(&place.id))?;
        if let Ok(trail) = Trail::of(&document) {
            let carrier = carrier(store, &document);
            cause = bring(store, &trail, carrier, limit).await?.failed;
        }
    }
    let kept = kept_entries(store, before);
    if kept < most {
        return Ok(());
    }
    let subject = store.subject(Some(&place.id));
    let relay = &store.shared().relay;
    Err(relay.document_is_full(subject, kept, cause).into())
}

/// Brings all entries to the log that a document carries, which is as the majority has it.
///
/// # Errors
/// [`InvalidUpdate`] where one is too large for it.
async fn bring(
    store: &Store,
    trail: &Trail,
    carrier: Carrier<'_>,
    limit: Duration,
) -> Result<Brought> {
    let relay = &store.shared().relay;
    let (drafts, _) = trail.drafts(carrier);
    let unknown = drafts.into_iter().filter(|draft| !relay.knows(draft.id));
    let entries: Result<Vec<LogEntry>, InvalidUpdate> =
        unknown.map(|draft| log_entry(store, draft)).collect();
    let entries = entries?;
    if entries.is_empty() {
        return Ok(Brought::default());
    }
    Ok(relay.bring(entries, limit).await)
}

/// That nothing is lost with the document but what can be brought to the log.
///
/// # Errors
/// [`InvalidUpdate`] where it carries what is no entry of this version of monguard.
pub(super) fn check_removal(
    store: &Store,
    trail: &Trail,
    carrier: Carrier<'_>,
) -> Result<(), InvalidUpdate> {
    if trail.drafts(carrier).1 > 0 {
        return Err(foreign(store, carrier.document.get(names::ID)));
    }
    Ok(())
}

/// Brings all of them, or fails.
///
/// # Errors
/// Why not all of them are in the log.
pub(crate) async fn bring_all(store: &Store, document: &Document, limit: Duration) -> Result<()> {
    let Ok(trail) = Trail::of(document) else {
        return Ok(());
    };
    let carrier = carrier(store, document);
    check_removal(store, &trail, carrier)?;
    let brought = bring(store, &trail, carrier, limit).await?;
    if let Some(refused) = brought.refused.into_iter().next() {
        return Err(refused.into());
    }
    match brought.failed {
        Some(_) => Err(store.shared().relay.backlog().into()),
        None => Ok(()),
    }
}

/// Sees to it that what a write has left on its document is brought: soon, where it is much, and at
/// all, where nobody does, it seems: somebody else wrote it, and has had the time. All of it is as
/// settled as the write itself.
pub(super) fn look_after(store: &Store, intent: &Intent) {
    let Some(trail) = intent.trail() else {
        return;
    };
    let relay = &store.shared().relay;
    let carrier = carrier_before(store, &intent.before);
    let left = relay.look_after(trail.log_ids(carrier));
    if left.iter().all(|id| *id == intent.operation) {
        return;
    }
    let is_left = |draft: &EntryDraft| draft.id != intent.operation && left.contains(&draft.id);
    let drafts = trail.drafts(carrier).0.into_iter();
    let left = drafts.filter(|draft| is_left(draft) && is_old(draft));
    let left = left.filter_map(|draft| log_entry(store, draft).ok());
    relay.offer(left.collect());
}

/// Whether it is longer ago than any relay takes.
fn is_old(draft: &EntryDraft) -> bool {
    const LONG_AGO: i64 = 10_000;
    let now = DateTime::now().timestamp_millis();
    now.saturating_sub(draft.timestamp.timestamp_millis()) >= LONG_AGO
}

/// An entry, as the relay takes it.
pub(crate) fn log_entry(store: &Store, draft: EntryDraft) -> Result<LogEntry, InvalidUpdate> {
    let id = draft.id;
    Ok(LogEntry {
        id,
        collection: store.name().clone(),
        document: log_form(store, draft)?,
    })
}
