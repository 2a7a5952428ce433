//! What an action makes of a state.

use crate::command::{Answer, Command, Kind, Write, creation};
use crate::database::{Base, Entry, FOREIGN, Operations, only, operations};
use crate::draft::{Draft, draft};
use crate::enabled::seen;
use crate::process::relay::Removal;

use crate::process::writer::{Sent, Step, Writer};
use crate::rules::{Mode, Rule};
use crate::scenario::Scenario;
use crate::settle::look;
use crate::world::{Action, Fate, NOBODY, Sender, World};

/// The state after an action.
#[must_use]
pub(crate) fn next(scenario: &Scenario, world: &World, action: &Action) -> World {
    let mut world = world.clone();
    match action {
        Action::Begin { writer, learned } => begin(scenario, &mut world, *writer, *learned),
        Action::Run { index, fate } => run(scenario, &mut world, *index, *fate),
        Action::Look { writer, over } => look(scenario, &mut world, *writer, *over),
        Action::Bring(writer) => {
            let document = seen(scenario, &world, Rule::BringWhatIsCommitted).cloned();
            if let Some(document) = document {
                world.writers[*writer].relay.take_all(scenario, &document);
            }
        }
        Action::Insert(entry) => insert(scenario, &mut world, *entry),
        Action::Remove(sender) => {
            let removing = world.relays_mut().nth(*sender);
            if let Some(removal) = removing.and_then(|relay| relay.removing.take()) {
                world.send(NOBODY, Command::Remove { base: removal.base });
            }
        }
        Action::Recover(sender) => recover(scenario, &mut world, *sender),
        Action::Read => world.reader = world.reader.read(scenario, &world.database.committed),
        Action::Die(process) => {
            world.faults.deaths -= 1;
            world.die(scenario, *process);
        }
        Action::Commit => world.database.commit(),
        Action::FailOver => {
            world.faults.failovers -= 1;
            world.fail_over(scenario);
        }
        Action::Foreign { counts } => {
            world.write_foreign((FOREIGN + world.faults.foreign, *counts));
            world.faults.foreign -= 1;
        }
        Action::ForeignAgain => {
            if let Some(foreign) = world.foreign {
                world.write_foreign(foreign);
            }
        }
    }
    answer(scenario, &mut world);
    world
}

/// Reads the primary, and sends what the intent comes to.
fn begin(scenario: &Scenario, world: &mut World, index: Sender, learned: Operations) {
    let draft = draft(scenario, world, index, learned);
    let writer = &mut world.writers[index];
    writer.relay.learn(learned);
    if let Draft::Command(command) = draft {
        writer.step = Step::Waiting(Sent::new(command.clone()));
        world.send(index, command);
    } else {
        writer.go_on();
    }
}

fn run(scenario: &Scenario, world: &mut World, index: usize, fate: Fate) {
    let (sender, command) = world.flight[index].clone();
    let answer = world
        .database
        .write(|snapshot| command.run(scenario, snapshot));
    match fate {
        Fate::Repeated => {
            world.faults.repeats -= 1;
            return;
        }
        Fate::MeetsAgain => {
            world.faults.meets_twice -= 1;
            return;
        }
        Fate::Heard | Fate::Lost => {
            world.flight.remove(index);
        }
    }
    if !world.is_awaited(sender, &command) {
        return;
    }
    let writer = &mut world.writers[sender];
    let mut sent = Sent::new(command);
    if let Some(before) = writer.step.sent() {
        sent.lost = before.lost;
    }
    if fate == Fate::Lost {
        world.faults.losses -= 1;
        sent.lost = true;
        writer.step = Step::settling(sent);
    } else if answer == Answer::Made {
        sent.made = true;
        writer.step = Step::Waiting(sent);
    } else if scenario.keeps(Rule::Settle) {
        writer.step = Step::settling(sent);
    } else {
        writer.deny(sent.command.operation());
    }
}

/// The answer to a write comes when the majority has it.
fn answer(scenario: &Scenario, world: &mut World) {
    if world.faults.failovers == 0 && !scenario.in_full {
        // Whatever is to happen before the majority has it may as well happen before the write.
        world.database.commit_all();
    }
    for index in 0..world.writers.len() {
        if let Step::Waiting(sent) = &world.writers[index].step
            && sent.made
            && world.database.committed.ghost.has(sent.command.operation())
        {
            let command = sent.command.clone();
            landed(scenario, world, index, &command);
        }
    }
}

/// Tells the caller, and brings the entry on its way.
pub(crate) fn landed(scenario: &Scenario, world: &mut World, index: Sender, command: &Command) {
    let operation = command.operation();
    world.has_lied |= !world.database.committed.ghost.has(operation);
    let writer = &mut world.writers[index];
    writer.go_on();
    let mode = scenario.mode_of(operation);
    match command {
        Command::Create { .. } if mode != Mode::Transactional => {
            writer.relay.take(creation(operation).of_writer());
        }
        Command::Write(write) => record(scenario, writer, mode, write),
        // What each document recorded is for whoever reads it.
        Command::Create { .. } | Command::Many { .. } | Command::Remove { .. } => {}
    }
}

fn record(scenario: &Scenario, writer: &mut Writer, mode: Mode, write: &Write) {
    let is_tombstone = write.kind == Kind::Tombstone;
    if mode == Mode::Carried || is_tombstone {
        // The majority has the whole document, and so what it carries.
        for entry in &write.kept {
            writer.relay.take(entry.checked(scenario));
        }
    }
    if mode != Mode::Transactional || is_tombstone {
        writer.relay.take(write.entry.of_writer());
    }
    if is_tombstone {
        writer.relay.removing = Some(Removal {
            base: Base {
                version: write.entry.version,
                operation: write.entry.operation,
                stamp: write.stamp,
            },
            due: operations(&write.kept) | only(write.entry.operation),
        });
    }
}

fn insert(scenario: &Scenario, world: &mut World, entry: Entry) {
    if scenario.refused == Some(entry.operation) {
        // Taken for "already there".
        for relay in world.relays_mut() {
            relay.learn(only(entry.operation));
        }
        return;
    }
    world.database.write(|snapshot| snapshot.insert(entry));
}

fn recover(scenario: &Scenario, world: &mut World, sender: Sender) {
    let document = seen(scenario, world, Rule::LogWhatIsCommitted).cloned();
    let index = sender - world.writers.len();
    if let Some((relay, looks)) = world.recoveries.get_mut(index) {
        *looks -= 1;
        if let Some(document) = document {
            if document.tombstone {
                relay.finish(scenario, &document);
            } else {
                relay.take_all(scenario, &document);
            }
        }
    }
}
