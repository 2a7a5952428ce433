//! One state for all that go on alike.

use crate::command::Command;
use crate::database::{Entry, FOREIGN, Image, NONE, Operations, Snapshot, only, operations};
use crate::process::relay::Relay;
use crate::process::writer::{Step, Writer};
use crate::properties::is_true;
use crate::renaming::Renaming;
use crate::rules::Rule;
use crate::scenario::{Intent, Scenario};
use crate::world::World;

/// The same state, without what nothing depends on any more, and with writers that nothing tells
/// apart in the first of their orders.
#[must_use]
pub(crate) fn canonical(scenario: &Scenario, symmetries: &[Renaming], world: World) -> World {
    let mut world = world;
    if scenario.in_full {
        return world;
    }
    forget_knowledge(scenario, &mut world);
    forget_reports(&mut world);
    forget_commands(scenario, &mut world);
    forget_entries(scenario, &mut world);
    world.recoveries.sort_unstable();
    if world.faults.failovers == 0 && !world.is_foreign_undone {
        world.foreign = None;
    }
    first_order(symmetries, world)
}

/// The first of the orders of writers that nothing tells apart. What can be told of a writer without
/// a look at the others decides first, since that needs no other state to be made.
fn first_order(symmetries: &[Renaming], world: World) -> World {
    if symmetries.is_empty() {
        return world;
    }
    let looks: Vec<u64> = (0..world.writers.len())
        .map(|index| look_of(&world, index))
        .collect();
    let orders = symmetries
        .iter()
        .map(|renaming| (renaming.order(&looks), renaming));
    let orders: Vec<_> = orders.collect();
    let first = orders.iter().map(|(order, _)| order).min();
    let is_among_first = first.is_none_or(|first| looks <= *first);
    let first = if is_among_first { Some(&looks) } else { first };
    let others = orders.iter().filter(|(order, _)| Some(order) == first);
    let other = others.map(|(_, renaming)| renaming.of(&world)).min();
    match other {
        Some(other) if !is_among_first || other < world => other,
        _ => world,
    }
}

/// What a writer looks like, whichever it is.
fn look_of(world: &World, index: usize) -> u64 {
    let writer = &world.writers[index];
    let own = |operations: Operations| u64::from(operations >> (2 + index * 4) & 15);
    let latest = world.database.latest();
    let document = latest.document.as_ref();
    let carried = document.map_or(0, |document| own(operations(&document.entries)));
    let head = document.map_or(0, |document| own(only(document.base.operation)));
    let swept = world.recoveries.iter().map(|(relay, _)| relay);
    let swept = swept.map(|relay| own(operations(&relay.queue)).count_ones());
    let step = match &writer.step {
        Step::Idle => 0,
        Step::Waiting(sent) => 1 + u64::from(sent.made),
        Step::Settling { sent, document, .. } => {
            let flags = [sent.lost, sent.over, document.is_some()];
            flags.iter().fold(1, |all, flag| all * 2 + u64::from(*flag))
        }
    };
    let sent = world.flight.iter().filter(|(sender, _)| *sender == index);
    let parts = [
        u64::try_from(writer.intent).unwrap_or(0),
        step,
        u64::try_from(writer.relay.queue.len()).unwrap_or(0),
        own(operations(&latest.log)),
        carried,
        head,
        own(writer.denied),
        u64::from(swept.sum::<u32>()),
        u64::try_from(sent.count()).unwrap_or(0),
    ];
    parts.iter().fold(0, |all, part| all << 4 | (part & 15))
}

/// Only who begins another write minds which entries are known to be in the log.
fn forget_knowledge(scenario: &Scenario, world: &mut World) {
    if !scenario.keeps(Rule::KnowWhatIsCommitted) {
        return;
    }
    let logged = operations(&world.database.committed.log);
    for (index, writer) in world.writers.iter_mut().enumerate() {
        if !begins_again(scenario, index, writer) {
            forget_logged(&mut writer.relay, logged);
        }
    }
    for (relay, _) in &mut world.recoveries {
        forget_logged(relay, logged);
    }
}

fn begins_again(scenario: &Scenario, index: usize, writer: &Writer) -> bool {
    let next = match writer.step {
        Step::Idle => writer.intent,
        Step::Waiting(_) | Step::Settling { .. } => writer.intent + 1,
    };
    let is_many = scenario.intent(index, writer.intent) == Some(Intent::UpdateMany);
    is_many || scenario.intent(index, next).is_some()
}

fn forget_logged(relay: &mut Relay, logged: Operations) {
    relay.known = 0;
    relay
        .queue
        .retain(|entry| only(entry.operation) & logged == 0);
}

/// A write that was denied can only land if a command of its operation is on its way.
fn forget_reports(world: &mut World) {
    let mut possible: Operations = 0;
    for (_, command) in &world.flight {
        possible |= only(command.operation());
    }
    for snapshot in world.database.snapshots() {
        possible |= snapshot.ghost.operations();
    }
    for writer in &mut world.writers {
        writer.denied &= possible;
    }
}

/// A state that the document has left for good comes back only if an operation applies twice, which
/// is a counterexample of its own: a command of which nobody awaits the answer, and which matches such a
/// state, does nothing.
fn forget_commands(scenario: &Scenario, world: &mut World) {
    if !scenario.keeps(Rule::WholeBase) || !scenario.keeps(Rule::RemovalOfItsTombstone) {
        return;
    }
    let flight = std::mem::take(&mut world.flight);
    let is_of_use = |(sender, command): &(usize, Command)| {
        let base = match command {
            Command::Write(write) => write.base,
            Command::Remove { base } => *base,
            Command::Create { .. } | Command::Many { .. } => return true,
        };
        let mut documents = world
            .database
            .snapshots()
            .filter_map(|it| it.document.as_ref());
        let may_be_foreign = world.is_foreign_undone && base.stamp >= FOREIGN;
        let may_come = may_be_foreign || !world.database.committed.ghost.has(base.operation);
        may_come || documents.any(|it| it.base == base) || world.is_awaited(*sender, command)
    };
    let flight: Vec<_> = flight.into_iter().filter(is_of_use).collect();
    world.flight = flight;
}

/// What an entry says that is in the log for good, and nowhere else, is true or not by now.
fn forget_entries(scenario: &Scenario, world: &mut World) {
    let mut open: Operations = 0;
    for document in world
        .database
        .snapshots()
        .filter_map(|it| it.document.as_ref())
    {
        open |= operations(&document.entries) | only(document.base.operation);
    }
    let sent = world.writers.iter().filter_map(|it| it.step.sent());
    let commands = sent.map(|sent| &sent.command);
    for command in commands.chain(world.flight.iter().map(|(_, command)| command)) {
        if let Command::Write(write) = command {
            open |= operations(&write.kept) | only(write.base.operation);
        }
    }
    let committed = &world.database.committed;
    let is_over = |entry: &&Entry| only(entry.operation) & open == 0 && is_true(**entry, committed);
    let over = operations(committed.log.iter().filter(is_over));
    let forgets_chains = scenario.forgets_chains();
    for snapshot in world.database.snapshots_mut() {
        forget_in(snapshot, over, forgets_chains);
    }
    for relay in world.relays_mut() {
        for entry in &mut relay.queue {
            forget_entry(entry, over, forgets_chains);
        }
    }
}

fn forget_in(snapshot: &mut Snapshot, over: Operations, forgets_chains: bool) {
    for entry in &mut snapshot.log {
        forget_entry(entry, over, forgets_chains);
    }
    for applied in &mut snapshot.ghost.applied {
        if only(applied.operation) & over != 0 {
            applied.version = 0;
            applied.replaced = NONE;
            applied.content = NONE;
            applied.touched = false;
            if forgets_chains {
                applied.previous = NONE;
            }
        }
    }
}

fn forget_entry(entry: &mut Entry, over: Operations, forgets_chains: bool) {
    if only(entry.operation) & over != 0 {
        entry.version = 0;
        entry.replaced = NONE;
        entry.image = Image::None;
        if forgets_chains {
            entry.previous = NONE;
        }
    }
}
