use crate::audit::Delta;
use crate::audit::entry::{DraftChange, EntryDraft, omitted};
use crate::value::Measure;

/// Takes the largest image or value out of an entry that is too large for its document, as the log
/// does with what is too large for it. Returns whether there was one.
pub(crate) fn lighten(draft: &mut EntryDraft) -> bool {
    let is_lighter = match &mut draft.change {
        DraftChange::UpdatedDelta(delta) | DraftChange::RestoredDelta(delta) => {
            lighten_delta(delta)
        }
        DraftChange::Updated { before, .. } | DraftChange::Restored { before, .. } => {
            before.take().is_some()
        }
        // These images are owed by the document: they take no room.
        DraftChange::Created { .. }
        | DraftChange::SoftDeleted { .. }
        | DraftChange::HardDeleted { .. } => false,
    };
    draft.image_omitted |= is_lighter;
    is_lighter
}

fn lighten_delta(delta: &mut Delta) -> bool {
    let least = Measure::of(&omitted());
    let values = delta.changes_mut().iter_mut();
    let values = values.flat_map(|change| [&mut change.old, &mut change.new]);
    let sized = values.flatten().map(|value| (Measure::of(&*value), value));
    let heaviest = sized
        .filter(|(size, _)| size.bytes > least.bytes || size.depth > least.depth)
        .max_by_key(|(size, _)| (size.bytes, size.depth));
    let Some((_, value)) = heaviest else {
        return false;
    };
    *value = omitted();
    true
}
