//! Entries of the log as their readers get them: what the model hides now is hidden in what was
//! logged before it did, or by the TypeScript monguard.

use mongodb::bson::{Bson, Document};

use super::delta::{Delta, PathChange};
use super::mask::{self, Treatment, treatment};
use super::shown::{Lead, lead};
use super::{EntryChange, RawEntry};
use crate::document::Meta;

/// Hides in an entry what the model hides.
pub(crate) fn hide(meta: &Meta, mut entry: RawEntry) -> RawEntry {
    if meta.redacts() {
        entry.change = change(meta, entry.change);
    }
    entry
}

fn change(meta: &Meta, change: EntryChange) -> EntryChange {
    let image = |image: Option<Document>| image.map(|image| mask::image(meta, &image));
    // No catch-all: a new kind of change must decide.
    match change {
        EntryChange::Created { after } => EntryChange::Created {
            after: image(after),
        },
        EntryChange::Full {
            before,
            after,
            changes,
        } => EntryChange::Full {
            before: image(before),
            after: image(after),
            changes: names(meta, changes),
        },
        EntryChange::Delta(changes) => EntryChange::Delta(delta(meta, changes)),
        EntryChange::SoftDeleted { before } => EntryChange::SoftDeleted {
            before: image(before),
        },
        EntryChange::HardDeleted { before } => EntryChange::HardDeleted {
            before: image(before),
        },
        EntryChange::Restored {
            before,
            after,
            changes,
        } => EntryChange::Restored {
            before: image(before),
            after: image(after),
            changes: names(meta, changes),
        },
        EntryChange::RestoredDelta(changes) => EntryChange::RestoredDelta(delta(meta, changes)),
        // A filter may name any field, at any depth of its operators.
        EntryChange::ManyUpdated { filter: _, count } => EntryChange::ManyUpdated {
            filter: None,
            count,
        },
        EntryChange::Other { before, after } => EntryChange::Other {
            before: image(before),
            after: image(after),
        },
    }
}

fn names(meta: &Meta, mut names: Vec<String>) -> Vec<String> {
    names.retain(|name| !matches!(treatment(meta.shape(), name), Treatment::LeaveOut));
    names
}

fn delta(meta: &Meta, delta: Delta) -> Delta {
    let mut shown: Vec<PathChange> = Vec::new();
    for change in delta.into_changes() {
        let Some(change) = path_change(meta, change) else {
            continue;
        };
        // Several changes inside of one hidden field are one change of it.
        if !shown.contains(&change) {
            shown.push(change);
        }
    }
    Delta::from_changes(shown)
}

fn path_change(meta: &Meta, mut change: PathChange) -> Option<PathChange> {
    let path = std::mem::take(&mut change.path);
    let lead = if path.is_empty() {
        Lead::Shown(Some(meta.shape()))
    } else {
        lead(meta, &path)
    };
    match lead {
        Lead::LeftOut(_) => return None,
        Lead::Unknown(_) | Lead::Shown(None) => {}
        Lead::Shown(Some(shape)) => {
            let masked = |value: Bson| mask::masked(&value, Some(shape));
            change.old = change.old.map(masked);
            change.new = change.new.map(masked);
        }
        Lead::Redacted(shown) if shown.len() == path.len() => {
            change.old = change.old.map(|_| mask::marker());
            change.new = change.new.map(|_| mask::marker());
        }
        Lead::Redacted(shown) => {
            let marker = || Some(mask::marker());
            return Some(PathChange::new(shown.to_owned(), marker(), marker(), true));
        }
    }
    change.path = path;
    Some(change)
}
