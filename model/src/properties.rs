//! What must hold in every state.

use crate::database::Snapshot;
use crate::process::reader::Reader;
use crate::rules::Mode;
use crate::scenario::Scenario;
use crate::world::World;

fn snapshots(world: &World) -> impl Iterator<Item = &Snapshot> {
    std::iter::once(&world.database.committed).chain(&world.database.tail)
}

/// Each write has its entry, on the document or in the log. Where entries come after the write, one
/// may be missing.
#[must_use]
pub(crate) fn every_write_has_its_entry(scenario: &Scenario, world: &World) -> bool {
    scenario.mode == Mode::AfterWrite
        || snapshots(world).all(|snapshot| {
            snapshot.ghost.applied.iter().all(|applied| {
                snapshot.carries(applied.operation) || snapshot.has_logged(applied.operation)
            })
        })
}

/// No entry is of a write that did not take effect.
#[must_use]
pub(crate) fn every_entry_has_its_write(_: &Scenario, world: &World) -> bool {
    snapshots(world).all(|snapshot| {
        snapshot
            .log
            .iter()
            .all(|entry| snapshot.ghost.has(entry.operation))
    })
}

/// An entry says what its write replaced.
#[must_use]
pub(crate) fn entries_say_what_was_replaced(_: &Scenario, world: &World) -> bool {
    snapshots(world).all(|snapshot| {
        let carried = snapshot
            .document
            .iter()
            .flat_map(|document| &document.entries);
        snapshot.log.iter().chain(carried).all(|entry| {
            let replaced = snapshot.ghost.replaced_by(entry.operation);
            replaced.is_none_or(|replaced| replaced == entry.replaced)
        })
    })
}

/// No operation takes effect twice.
#[must_use]
pub(crate) fn no_operation_applies_twice(_: &Scenario, world: &World) -> bool {
    snapshots(world).all(|snapshot| {
        let applied = &snapshot.ghost.applied;
        applied
            .iter()
            .all(|applied| snapshot.ghost.count(applied.operation) == 1)
    })
}

/// What is reported to have landed stays, and what is reported not to have never does.
#[must_use]
pub(crate) fn reports_are_true(_: &Scenario, world: &World) -> bool {
    let mut reports = world.writers.iter().flat_map(|writer| &writer.reports);
    reports.all(|report| {
        if report.landed {
            world.database.committed.ghost.has(report.operation)
        } else {
            snapshots(world).all(|snapshot| !snapshot.ghost.has(report.operation))
        }
    })
}

/// A history has an entry for each write that it is about.
#[must_use]
pub(crate) fn histories_are_complete(_: &Scenario, world: &World) -> bool {
    world.reader != Reader::Done { lacked: true }
}
