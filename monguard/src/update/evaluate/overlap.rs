//! No two operators write one place, or a place and one inside it: their order would decide.

use super::place::{Turn, shown};
use crate::error::{InvalidReason, InvalidUpdate};
use crate::field::{Step, dotted};
use crate::update::Operation;

/// Refuses operations that overlap in any document that they can be applied to.
pub(super) fn refuse_certain(operations: &[Operation]) -> Result<(), InvalidUpdate> {
    let is_for_all = |operation: &Operation| {
        let mut steps = operation.path.iter();
        steps.any(|step| matches!(step, Step::All))
    };
    for (i, each) in operations.iter().enumerate() {
        if !is_for_all(each) {
            continue;
        }
        for (j, other) in operations.iter().enumerate() {
            if i != j && meet(&each.path, &other.path) {
                let later = operations.get(i.max(j)).unwrap_or(each);
                let path = dotted(&later.path);
                return Err(InvalidUpdate::new(path, InvalidReason::Overlap));
            }
        }
    }
    Ok(())
}

/// Whether one path leads to where the other does, or to a place inside.
fn meet(a: &[Step], b: &[Step]) -> bool {
    a.iter().zip(b).all(|steps| match steps {
        (Step::Index(a), Step::Index(b)) => a == b,
        (Step::All, Step::All | Step::Index(_) | Step::FirstMatch(_))
        | (Step::Index(_) | Step::FirstMatch(_), Step::All) => true,
        (a, b) => matches!((name(a), name(b)), (Some(a), Some(b)) if a == b),
    })
}

fn name(step: &Step) -> Option<&str> {
    match step {
        Step::Name(name) => Some(name),
        Step::Key(key) => key.name().ok(),
        Step::Index(_) | Step::All | Step::FirstMatch(_) => None,
    }
}

/// Refuses operations that overlap in the stored document. `places` are theirs, in their order.
pub(super) fn refuse(places: &[(Vec<Turn<'_>>, &Operation)]) -> Result<(), InvalidUpdate> {
    let mut sorted: Vec<_> = places.iter().map(|(turns, _)| turns).enumerate().collect();
    // What is inside a place comes right behind it.
    sorted.sort_by_key(|(_, turns)| *turns);
    for pair in sorted.windows(2) {
        let [(i, outer), (j, inner)] = pair else {
            continue;
        };
        if inner.starts_with(outer) {
            let later = if i > j { outer } else { inner };
            return Err(InvalidUpdate::new(shown(later), InvalidReason::Overlap));
        }
    }
    Ok(())
}
