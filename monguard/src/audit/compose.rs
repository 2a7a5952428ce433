//! Entries of writes: pure.

use mongodb::bson::{Bson, DateTime, Document, RawDocumentBuf, oid::ObjectId};

use super::carried::document_before;
use super::delta::{DeltaOptions, changed_names};
use super::entry::{DraftChange, EntryDraft, EntryLimits, NoEntry};
use super::policy::Form;
use super::{Delta, mask};
use crate::client::{Author, Store};
use crate::document::{Meta, Version, names};
use crate::error::{Error, InvalidReason, InvalidUpdate, Result};
use crate::guard::{Intent, Kind};

/// The entry of a write to an existing document.
pub(crate) fn written_entry(store: &Store, author: &Author, intent: &Intent) -> EntryDraft {
    entry_of_write(
        (store.meta(), store.name(), store.audit().form()),
        author,
        intent,
    )
}

/// The same of a model, a collection and a form.
pub(crate) fn entry_of_write(
    (meta, collection, form): (&Meta, &str, Form),
    author: &Author,
    intent: &Intent,
) -> EntryDraft {
    let replaced = intent
        .base
        .state
        .as_ref()
        .and_then(|state| state.operation.as_ref());
    EntryDraft {
        id: intent.operation,
        collection: collection.to_owned(),
        document_id: intent.base.place.id.clone(),
        user: Some(author.actor.id().clone()),
        timestamp: intent.at,
        trace_id: author.trace_id.clone(),
        custom_data: author.custom_data.clone().map(Bson::Document),
        version: intent.version.shown,
        from: Some(intent.base.shown),
        prev: replaced.and_then(Bson::as_object_id),
        image_omitted: false,
        change: change(meta, form, intent),
    }
}

fn change(meta: &Meta, form: Form, intent: &Intent) -> DraftChange {
    let (before, after) = (intent.before.fields(), &intent.after);
    // What was not parsed is as it was.
    let delta = || Delta::between(meta, before, after, DeltaOptions::default());
    let changes = || changed_names(meta, before, after);
    let image = |document: &Document| Some(mask::image(meta, document));
    let image_before = || image(&*intent.before.to_whole().ok()?);
    let image_after = || image(&*intent.before.whole_with(after).ok()?);
    match (intent.kind, form) {
        (Kind::Update | Kind::UpdateAny, Form::Delta) => DraftChange::UpdatedDelta(delta()),
        (Kind::Update | Kind::UpdateAny, Form::Full) => DraftChange::Updated {
            before: image_before(),
            after: image_after(),
            changes: changes(),
        },
        (Kind::Restore, Form::Delta) => DraftChange::RestoredDelta(delta()),
        (Kind::Restore, Form::Full) => DraftChange::Restored {
            before: image_before(),
            after: image_after(),
            changes: changes(),
        },
        // What is deleted is kept whole, in both forms.
        (Kind::SoftDelete, Form::Delta | Form::Full) => DraftChange::SoftDeleted {
            before: image_before(),
        },
        (Kind::Tombstone, Form::Delta | Form::Full) => DraftChange::HardDeleted {
            before: image_before(),
        },
    }
}

/// The entry of a create.
pub(crate) fn created_entry(
    store: &Store,
    author: &Author,
    document: &Document,
    version: Version,
    operation: ObjectId,
    at: DateTime,
) -> EntryDraft {
    let change = DraftChange::Created {
        after: Some(mask::image(store.meta(), document)),
    };
    EntryDraft {
        id: operation,
        collection: store.name().to_string(),
        document_id: document.get(names::ID).cloned().unwrap_or(Bson::Null),
        user: Some(author.actor.id().clone()),
        timestamp: at,
        trace_id: author.trace_id.clone(),
        custom_data: author.custom_data.clone().map(Bson::Document),
        version,
        from: None,
        prev: None,
        image_omitted: false,
        change,
    }
}

/// The create entry that a writer who died owes, as far as the document tells it: its trace id and
/// custom data died with it. `None` where the document has moved on, or was not created by
/// monguard: the first version of a legacy document is that of an update.
pub(crate) fn owed_creation_entry(store: &Store, document: &Document) -> Option<RawDocumentBuf> {
    let versions = store.versions();
    let stored = document.get(versions.field());
    let is_as_created = versions.may_be_first(stored)
        && document.get(names::UPDATED_AT) == document.get(names::CREATED_AT)
        && document.get(names::UPDATED_BY) == document.get(names::CREATED_BY)
        && !document.contains_key(names::DELETED_AT)
        && document.contains_key(names::IDEMPOTENT_HASH);
    if !is_as_created {
        return None;
    }
    let version = stored.and_then(Version::read)?;
    let draft = EntryDraft {
        user: document.get(names::CREATED_BY).cloned(),
        timestamp: document.get_datetime(names::CREATED_AT).ok().copied()?,
        change: DraftChange::Created {
            after: Some(mask::image(store.meta(), document)),
        },
        ..owed_entry(store, document, version)?
    };
    log_form(store, draft).ok()
}

/// The entry of a hard delete that a writer who died owes. `None` where the tombstone is not
/// monguard's.
pub(crate) fn owed_tombstone_entry(
    store: &Store,
    tombstone: &Document,
) -> Result<Option<RawDocumentBuf>> {
    let versions = store.versions();
    let read = |document: &Document| {
        let subject = || store.subject(tombstone.get(names::ID));
        let version = versions.read(document.get(versions.field()), subject)?;
        Ok::<_, Error>(version.shown)
    };
    let was = tombstone.get_document(names::REPLACED);
    let was = was.cloned().unwrap_or_default();
    let before = document_before(tombstone.clone(), versions.field(), was);
    let version = read(tombstone)?;
    if version.is_absent() {
        return Ok(None);
    }
    // A tombstone without these says nothing about what was before it.
    let is_known = tombstone.contains_key(names::REPLACED);
    let from = if is_known { Some(read(&before)?) } else { None };
    let Some(owed) = owed_entry(store, tombstone, version) else {
        return Ok(None);
    };
    let timestamp = tombstone.get_datetime(names::UPDATED_AT);
    let draft = EntryDraft {
        user: tombstone.get(names::UPDATED_BY).cloned(),
        timestamp: timestamp.map_or_else(|_| DateTime::now(), |at| *at),
        from,
        prev: before.get_object_id(names::OPERATION).ok(),
        change: DraftChange::HardDeleted {
            before: Some(mask::image(store.meta(), &before)),
        },
        ..owed
    };
    Ok(Some(log_form(store, draft)?))
}

/// What every owed entry has. The caller fills in who, when and what.
fn owed_entry(store: &Store, document: &Document, version: Version) -> Option<EntryDraft> {
    Some(EntryDraft {
        id: document.get_object_id(names::OPERATION).ok()?,
        collection: store.name().to_string(),
        document_id: document.get(names::ID).cloned()?,
        user: None,
        timestamp: DateTime::MIN,
        trace_id: None,
        custom_data: None,
        version,
        from: None,
        prev: None,
        image_omitted: false,
        change: DraftChange::Created { after: None },
    })
}

/// The entry as the log will hold it.
///
/// # Errors
/// [`InvalidUpdate`] where it is too large even without images, or has no form in BSON.
pub(crate) fn log_form(store: &Store, draft: EntryDraft) -> Result<RawDocumentBuf, InvalidUpdate> {
    let limits = store.shared().capabilities.limits();
    let limits = EntryLimits {
        bytes: limits.document_bytes,
        depth: limits.document_depth,
    };
    let id = draft.document_id.clone();
    draft.into_raw(limits).map_err(|no_entry| {
        let error = match no_entry {
            NoEntry::TooLarge(too_large) => {
                let reason = InvalidReason::EntryTooLarge(too_large.bytes, limits.bytes);
                InvalidUpdate::new("", reason)
            }
            NoEntry::NotBson(error) => InvalidUpdate::encode("", error.into()),
        };
        error.of(store.subject(Some(&id)))
    })
}
