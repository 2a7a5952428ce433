use mongodb::bson::{Bson, Document, oid::ObjectId};

use super::{names, write::FORMAT};
use crate::audit::entry::{DraftChange, EntryDraft, entry_of_many};
use crate::audit::{Delta, PathChange};
use crate::document::Version;

/// The entry that a document carries, in the form that the log is made of; `None` where it is none
/// of ours, or of a format that this version does not know. `image`: the one that it owes, if it does.
pub(super) fn draft(
    element: &Document,
    collection: &str,
    document_id: &Bson,
    image: Option<Document>,
) -> Option<EntryDraft> {
    let (operation, is_of_many) = entry(element)?;
    Some(EntryDraft {
        id: log_id(operation, is_of_many, collection, document_id),
        collection: collection.to_owned(),
        document_id: document_id.clone(),
        user: element.get(names::BY).cloned(),
        timestamp: *element.get_datetime(names::AT).ok()?,
        trace_id: element.get_str(names::TRACE_ID).ok().map(str::to_owned),
        custom_data: element.get(names::CUSTOM_DATA).cloned(),
        version: element.get(names::VERSION).and_then(Version::read)?,
        from: element.get(names::FROM).and_then(Version::read),
        prev: element.get_object_id(names::PREV).ok(),
        image_omitted: is_set(element, names::OMITTED),
        change: change(element, image)?,
    })
}

/// The operation of an element, where it is an entry of ours.
pub(super) fn operation(element: &Document) -> Option<ObjectId> {
    let is_known = element
        .get_i32(names::FORMAT)
        .is_ok_and(|format| format == FORMAT);
    element
        .get_object_id(names::OPERATION)
        .ok()
        .filter(|_| is_known)
}

/// The same, and whether it was one over many documents.
pub(super) fn entry(element: &Document) -> Option<(ObjectId, bool)> {
    Some((operation(element)?, is_set(element, names::IS_OF_MANY)))
}

/// The id that the entry has in the log.
pub(super) fn log_id(
    operation: ObjectId,
    is_of_many: bool,
    collection: &str,
    document_id: &Bson,
) -> ObjectId {
    if is_of_many {
        entry_of_many(operation, collection, document_id)
    } else {
        operation
    }
}

fn change(element: &Document, owed: Option<Document>) -> Option<DraftChange> {
    let held = |name| element.get_document(name).ok().cloned();
    let is_owed = element.contains_key(names::OWED);
    let image = |name| if is_owed { owed } else { held(name) };
    let delta = || {
        element
            .get_array(names::CHANGES)
            .ok()
            .map(|list| changes(list))
    };
    Some(match element.get_str(names::ACTION).ok()? {
        names::CREATE => DraftChange::Created {
            after: image(names::AFTER),
        },
        names::UPDATE => match delta() {
            Some(delta) => DraftChange::UpdatedDelta(delta?),
            None => DraftChange::Updated {
                before: held(names::BEFORE),
                after: image(names::AFTER),
                changes: changed_names(element),
            },
        },
        names::RESTORE => match delta() {
            Some(delta) => DraftChange::RestoredDelta(delta?),
            None => DraftChange::Restored {
                before: held(names::BEFORE),
                after: image(names::AFTER),
                changes: changed_names(element),
            },
        },
        names::SOFT_DELETE => DraftChange::SoftDeleted {
            before: image(names::BEFORE),
        },
        names::HARD_DELETE => DraftChange::HardDeleted {
            before: image(names::BEFORE),
        },
        _ => return None,
    })
}

fn changed_names(element: &Document) -> Vec<String> {
    let names = element.get_array(names::CHANGED_NAMES).ok();
    let names = names.into_iter().flatten();
    names
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect()
}

fn changes(list: &[Bson]) -> Option<Delta> {
    let change = |place: &Bson| {
        let place = place.as_document()?;
        let path = place.get_str(names::PATH).ok()?.to_owned();
        // A name in the log, where this cannot be one: ours has no such path.
        if path.contains('\0') {
            return None;
        }
        let side = |name| place.get(name).cloned();
        let whole = is_set(place, names::WHOLE);
        Some(PathChange::new(
            path,
            side(names::OLD),
            side(names::NEW),
            whole,
        ))
    };
    let changes: Option<Vec<PathChange>> = list.iter().map(change).collect();
    changes.map(Delta::from_changes)
}

fn is_set(document: &Document, name: &str) -> bool {
    document.get(name) == Some(&Bson::Boolean(true))
}
