use mongodb::bson::{Bson, Document, doc};

use super::{Owed, names};
use crate::audit::Delta;
use crate::audit::entry::{DraftChange, EntryDraft};
use crate::document::Version;

/// The number of this format.
pub(super) const FORMAT: i32 = 1;

/// The entry as its document carries it. `owed`: the image that it leaves to the document.
pub(super) fn element(draft: &EntryDraft, owed: Option<Owed>) -> Document {
    let mut element = doc! { names::FORMAT: FORMAT, names::OPERATION: draft.id };
    let mut put = |name: &str, value: Option<Bson>| {
        if let Some(value) = value {
            element.insert(name, value);
        }
    };
    put(names::VERSION, draft.version.to_bson());
    put(names::FROM, draft.from.and_then(Version::to_bson));
    put(names::PREV, draft.prev.map(Bson::ObjectId));
    put(names::ACTION, Some(action(&draft.change).into()));
    put(names::BY, draft.user.clone());
    put(names::AT, Some(draft.timestamp.into()));
    put(names::TRACE_ID, draft.trace_id.clone().map(Bson::String));
    put(names::CUSTOM_DATA, draft.custom_data.clone());
    put(names::OMITTED, draft.image_omitted.then_some(true.into()));
    put_change(&mut element, &draft.change, owed);
    element
}

fn put_change(element: &mut Document, change: &DraftChange, owed: Option<Owed>) {
    let mut put = |name: &str, image: &Option<Document>| {
        if let Some(image) = image {
            element.insert(name, image.clone());
        }
    };
    match change {
        DraftChange::UpdatedDelta(delta) | DraftChange::RestoredDelta(delta) => {
            element.insert(names::CHANGES, changes(delta));
            return;
        }
        DraftChange::Created { after } if owed.is_none() => put(names::AFTER, after),
        DraftChange::SoftDeleted { before } | DraftChange::HardDeleted { before }
            if owed.is_none() =>
        {
            put(names::BEFORE, before);
        }
        DraftChange::Created { .. }
        | DraftChange::SoftDeleted { .. }
        | DraftChange::HardDeleted { .. } => {}
        DraftChange::Updated {
            before,
            after,
            changes,
        }
        | DraftChange::Restored {
            before,
            after,
            changes,
        } => {
            put(names::BEFORE, before);
            if owed.is_none() {
                put(names::AFTER, after);
            }
            element.insert(names::CHANGED_NAMES, changes.clone());
        }
    }
    if let Some(owed) = owed {
        element.insert(names::OWED, owed.into_document());
    }
}

fn action(change: &DraftChange) -> &'static str {
    match change {
        DraftChange::Created { .. } => names::CREATE,
        DraftChange::Updated { .. } | DraftChange::UpdatedDelta(_) => names::UPDATE,
        DraftChange::SoftDeleted { .. } => names::SOFT_DELETE,
        DraftChange::HardDeleted { .. } => names::HARD_DELETE,
        DraftChange::Restored { .. } | DraftChange::RestoredDelta(_) => names::RESTORE,
    }
}

/// A delta as a list: its paths are values here, and may hold anything that a name may not.
fn changes(delta: &Delta) -> Vec<Bson> {
    let changes = delta.iter().map(|change| {
        let mut place = doc! { names::PATH: change.path.clone() };
        let sides = [(names::OLD, &change.old), (names::NEW, &change.new)];
        for (name, value) in sides {
            if let Some(value) = value {
                place.insert(name, value.clone());
            }
        }
        if change.whole {
            place.insert(names::WHOLE, true);
        }
        Bson::Document(place)
    });
    changes.collect()
}
