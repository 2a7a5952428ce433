//! What may happen in a state.

use crate::command::Command;
use crate::database::{Document, Operation, Operations, operations};
use crate::draft::{Draft, draft};
use crate::process::relay::Relay;
use crate::process::writer::{Step, Writer};
use crate::rules::Rule;
use crate::scenario::Scenario;
use crate::world::{Action, Fate, Sender, World};

/// Everything that may happen next.
pub(crate) fn actions(scenario: &Scenario, world: &World, out: &mut Vec<Action>) {
    server(world, out);
    for index in 0..world.flight.len() {
        run(world, index, out);
    }
    for (index, writer) in world.writers.iter().enumerate() {
        of_writer(scenario, world, (index, writer), out);
    }
    inserts(scenario, world, out);
    for (index, relay) in world.relays().enumerate() {
        if may_remove(scenario, world, relay) {
            out.push(Action::Remove(index));
        }
    }
    for (index, (relay, looks)) in world.recoveries.iter().enumerate() {
        if *looks > 0 && relay.removing.is_none() {
            out.push(Action::Recover(world.writers.len() + index));
        }
    }
    if world.faults.deaths > 0 {
        out.extend((0..world.relays().count()).map(Action::Die));
    }
    if scenario.reads_history && !world.reader.is_done() {
        out.push(Action::Read);
    }
}

fn server(world: &World, out: &mut Vec<Action>) {
    if !world.database.is_settled() {
        out.push(Action::Commit);
        if world.faults.failovers > 0 {
            out.push(Action::FailOver);
        }
    }
    let document = world.database.latest().document.as_ref();
    if document.is_none_or(|document| document.tombstone) {
        return;
    }
    if world.is_foreign_undone {
        out.push(Action::ForeignAgain);
    }
    if world.faults.foreign > 0 {
        out.push(Action::Foreign { counts: false });
        out.push(Action::Foreign { counts: true });
    }
}

fn run(world: &World, index: usize, out: &mut Vec<Action>) {
    let (sender, command) = &world.flight[index];
    let mut push = |fate| out.push(Action::Run { index, fate });
    push(Fate::Heard);
    if world.faults.meets_twice > 0 && matches!(command, Command::Many { .. }) {
        push(Fate::MeetsAgain);
    }
    // Nobody else notices.
    if world.is_awaited(*sender, command) {
        if world.faults.losses > 0 {
            push(Fate::Lost);
        }
        if world.faults.repeats > 0 && command.is_repeated_by_driver() {
            push(Fate::Repeated);
        }
    }
}

fn of_writer(
    scenario: &Scenario,
    world: &World,
    (index, writer): (Sender, &Writer),
    out: &mut Vec<Action>,
) {
    match &writer.step {
        Step::Idle if writer.relay.removing.is_none() => begin(scenario, world, index, out),
        Step::Idle => {}
        Step::Waiting(sent) => {
            if !sent.made && world.faults.losses > 0 {
                look(world, index, out);
            }
        }
        Step::Settling {
            document: Some(_), ..
        }
        | Step::Settling { log: Some(_), .. } => {
            // What a linearizable read sees is committed.
            if world.database.is_settled() {
                out.push(Action::Look {
                    writer: index,
                    over: false,
                });
            }
        }
        Step::Settling { .. } => look(world, index, out),
    }
}

/// A first look, before or after so much time that nothing which was sent is left.
fn look(world: &World, index: Sender, out: &mut Vec<Action>) {
    if !world.database.is_settled() {
        return;
    }
    let may_be_left = match &world.writers[index].step {
        Step::Waiting(_) => true,
        Step::Settling { sent, .. } => sent.lost && !sent.over,
        Step::Idle => false,
    };
    for over in [false, true] {
        if !over || may_be_left {
            out.push(Action::Look {
                writer: index,
                over,
            });
        }
    }
}

fn begin(scenario: &Scenario, world: &World, index: Sender, out: &mut Vec<Action>) {
    let writer = &world.writers[index];
    if scenario.intent(index, writer.intent).is_none() {
        return;
    }
    let latest = world.database.latest();
    let carried = latest.document.iter().flat_map(|it| &it.entries);
    let logged = logged(scenario, world);
    let learnable = operations(&writer.relay.queue) & logged & operations(carried);
    let mut is_full = false;
    for learned in subsets(learnable) {
        match draft(scenario, world, index, learned) {
            Draft::Full => is_full = true,
            Draft::Nothing | Draft::Command(_) => out.push(Action::Begin {
                writer: index,
                learned,
            }),
        }
    }
    let taken = operations(&writer.relay.queue) | writer.relay.known;
    let is_new = |document: &Document| operations(&document.entries) & !taken != 0;
    if is_full && seen(scenario, world, Rule::BringWhatIsCommitted).is_some_and(is_new) {
        out.push(Action::Bring(index));
    }
}

/// The document as a relay reads it.
pub(crate) fn seen<'w>(scenario: &Scenario, world: &'w World, rule: Rule) -> Option<&'w Document> {
    let read = if scenario.keeps(rule) {
        &world.database.committed
    } else {
        world.database.latest()
    };
    read.document.as_ref()
}

/// The entries of which a relay may learn that the log has them.
fn logged(scenario: &Scenario, world: &World) -> Operations {
    let read = if scenario.keeps(Rule::KnowWhatIsCommitted) {
        &world.database.committed
    } else {
        world.database.latest()
    };
    operations(&read.log)
}

fn subsets(of: Operations) -> impl Iterator<Item = Operations> {
    let mut next = Some(of);
    std::iter::from_fn(move || {
        let subset = next?;
        next = (subset != 0).then(|| (subset - 1) & of);
        Some(subset)
    })
}

fn inserts(scenario: &Scenario, world: &World, out: &mut Vec<Action>) {
    let latest = world.database.latest();
    let is_refused = |operation: Operation| {
        scenario.refused == Some(operation) && scenario.keeps(Rule::OwnIdOnly)
    };
    let queued = world.relays().flat_map(|relay| &relay.queue);
    let mut entries: Vec<_> = queued
        .filter(|entry| !latest.has_logged(entry.operation) && !is_refused(entry.operation))
        .copied()
        .collect();
    entries.sort_unstable();
    entries.dedup();
    out.extend(entries.into_iter().map(Action::Insert));
}

fn may_remove(scenario: &Scenario, world: &World, relay: &Relay) -> bool {
    let logged = logged(scenario, world) | relay.known;
    relay.removing.is_some_and(|removal| {
        removal.due & !logged == 0 || !scenario.keeps(Rule::LogBeforeRemoval)
    })
}
