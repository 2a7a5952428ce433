//! What must hold in every state.

use crate::database::{Document, Entry, Image, NONE, Snapshot, only, operations};
use crate::process::reader::Reader;
use crate::rules::Mode;
use crate::scenario::Scenario;
use crate::world::World;

/// Each write has its entry, on the document or in the log. Where entries come after the write, one
/// may be missing.
#[must_use]
pub(crate) fn every_write_has_its_entry(scenario: &Scenario, world: &World) -> bool {
    world.database.snapshots().all(|snapshot| {
        snapshot.ghost.applied.iter().all(|applied| {
            scenario.mode_of(applied.operation) == Mode::AfterWrite
                || snapshot.carries(applied.operation)
                || snapshot.has_logged(applied.operation)
        })
    })
}

/// No entry is of a write that did not take effect.
#[must_use]
pub(crate) fn every_entry_has_its_write(world: &World) -> bool {
    world.database.snapshots().all(|snapshot| {
        let carried = snapshot.document.iter().flat_map(|it| &it.entries);
        let mut entries = snapshot.log.iter().chain(carried);
        entries.all(|entry| snapshot.ghost.has(entry.operation))
    })
}

/// An entry says what its write replaced. Those that are carried are read as the log would have
/// them now.
#[must_use]
pub(crate) fn entries_say_what_was_replaced(scenario: &Scenario, world: &World) -> bool {
    world.database.snapshots().all(|snapshot| {
        let is_true_in_log = snapshot.log.iter().all(|entry| is_true(*entry, snapshot));
        let is_true_of = |document: &Document| {
            let entries = document.entries.iter();
            let mut logged = entries.map(|entry| entry.for_the_log(scenario, document));
            logged.all(|entry| is_true(entry, snapshot))
        };
        is_true_in_log && snapshot.document.as_ref().is_none_or(is_true_of)
    })
}

/// Whether an entry in the form of the log says what its write did. An image may be missing where
/// another tool changed the document before it was put in.
#[must_use]
pub(crate) fn is_true(entry: Entry, snapshot: &Snapshot) -> bool {
    let Some(applied) = snapshot.ghost.of(entry.operation) else {
        // That is another property.
        return true;
    };
    let is_image_true = match entry.image {
        Image::None => true,
        Image::Put { content, .. } => content == applied.content,
        Image::Missing => applied.touched,
        Image::Owed { .. } => false,
    };
    is_image_true
        && entry.version == applied.version
        && entry.previous == applied.previous
        && entry.replaced == applied.replaced
}

/// No operation takes effect twice.
#[must_use]
pub(crate) fn no_operation_applies_twice(world: &World) -> bool {
    world
        .database
        .snapshots()
        .all(|snapshot| snapshot.ghost.applied.iter().all(|applied| !applied.again))
}

/// What is reported to have landed stays, and what is reported not to have never does.
#[must_use]
pub(crate) fn reports_are_true(world: &World) -> bool {
    let denied = world.writers.iter().fold(0, |all, it| all | it.denied);
    let mut snapshots = world.database.snapshots();
    !world.has_lied && snapshots.all(|snapshot| snapshot.ghost.operations() & denied == 0)
}

/// A history has an entry for each write that it is about, and no gap.
#[must_use]
pub(crate) fn histories_are_complete(world: &World) -> bool {
    world.reader != Reader::Lacked
}

/// No document carries more entries than it may.
#[must_use]
pub(crate) fn no_document_is_overloaded(scenario: &Scenario, world: &World) -> bool {
    let documents = world
        .database
        .snapshots()
        .filter_map(|it| it.document.as_ref());
    let mut entries = documents.map(|document| document.entries.len());
    scenario
        .limit
        .is_none_or(|limit| entries.all(|entries| entries <= limit))
}

/// A state is replaced by one write, and that of a tombstone by none.
#[must_use]
pub(crate) fn lives_do_not_fork(scenario: &Scenario, world: &World) -> bool {
    world.database.snapshots().all(|snapshot| {
        let replaced = snapshot
            .ghost
            .applied
            .iter()
            .map(|applied| applied.previous);
        let mut seen = 0;
        replaced
            .filter(|operation| *operation != NONE)
            .all(|operation| {
                let bit = only(operation);
                let is_first = seen & bit == 0;
                seen |= bit;
                is_first && !scenario.ends_a_life(operation)
            })
    })
}

/// Where all processes die now, a recovery finds an entry for each write, and finishes what was
/// begun.
#[must_use]
pub(crate) fn a_recovery_finds_everything(scenario: &Scenario, world: &World) -> bool {
    world.database.snapshots().all(|snapshot| {
        let mut recovered = snapshot.clone();
        if let Some(document) = &snapshot.document {
            for entry in &document.entries {
                if scenario.refused != Some(entry.operation) {
                    recovered.insert(entry.for_the_log(scenario, document));
                }
            }
            let due = operations(&document.entries);
            if document.tombstone && recovered.has_logged_all(due) {
                recovered.document = None;
            }
        }
        let is_finished = |document: &Document| !document.tombstone || scenario.refused.is_some();
        let is_logged = |operation| {
            recovered.has_logged(operation)
                || scenario.refused == Some(operation)
                || scenario.mode_of(operation) == Mode::AfterWrite
        };
        recovered.document.as_ref().is_none_or(is_finished)
            && recovered
                .log
                .iter()
                .all(|entry| is_true(*entry, &recovered))
            && recovered
                .ghost
                .applied
                .iter()
                .all(|it| is_logged(it.operation))
    })
}
