use std::sync::Arc;

use mongodb::bson::{Document, RawDocumentBuf};

use super::{Base, Kind, is_tombstone};
use crate::client::Store;
use crate::document::names;
use crate::error::{ConditionFailed, Conflict, Deleted, Error, NotFound};

/// Why a write that has not landed did not match, by the document as it is now.
pub(crate) fn mismatch(
    store: &Store,
    kind: Kind,
    base: &Base,
    found: Option<RawDocumentBuf>,
) -> Error {
    let subject = store.subject(Some(&base.place.id));
    let parsed = found.and_then(|raw| {
        let document = Document::try_from(raw.as_ref()).ok()?;
        Some((Arc::new(raw), document))
    });
    let Some((raw, document)) = parsed.filter(|(_, document)| !is_tombstone(document)) else {
        return NotFound::new(subject).into();
    };
    let stored = document.get(store.versions().field());
    let current = match store.versions().read(stored, || subject.clone()) {
        Ok(version) => version.shown,
        Err(foreign) => return foreign.into(),
    };
    let is_deleted = document.contains_key(names::DELETED_AT);
    if is_deleted && matches!(kind, Kind::Update | Kind::SoftDelete) {
        return Deleted::new(subject, current).into();
    }
    let was_restored = kind == Kind::Restore && !is_deleted;
    if was_restored || !base.is_state_of(&document) {
        return Conflict::new(subject, base.shown, current, raw).into();
    }
    ConditionFailed::new(subject, current, raw).into()
}
