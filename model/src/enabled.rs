//! What may happen in a state.

use crate::command::{Answer, Command};
use crate::process::writer::{Sent, Step};
use crate::rules::Rule;
use crate::scenario::Scenario;
use crate::world::{Action, Sender, World};

/// Everything that may happen next.
pub(crate) fn actions(scenario: &Scenario, world: &World, out: &mut Vec<Action>) {
    server(world, out);
    for writer in 0..world.writers.len() {
        of_writer(scenario, world, writer, out);
    }
    for sender in world.senders() {
        of_relay(scenario, world, sender, out);
    }
    for (index, (relay, looks)) in world.recoveries.iter().enumerate() {
        let is_free = relay.queue.is_empty() && relay.removing.is_none();
        if *looks > 0 && is_free {
            out.push(Action::Recover(world.writers.len() + index));
        }
    }
    if scenario.reads_history && !world.reader.is_done() {
        out.push(Action::Read);
    }
}

fn server(world: &World, out: &mut Vec<Action>) {
    for (index, (_, command)) in world.flight.iter().enumerate() {
        let run = |repeated, twice| Action::Run {
            index,
            repeated,
            twice,
        };
        out.push(run(false, false));
        if world.faults.repeats > 0 && command.is_repeated_by_driver() {
            out.push(run(true, false));
        }
        if world.faults.meets_twice > 0 && matches!(command, Command::Many { .. }) {
            out.push(run(false, true));
        }
    }
    if !world.database.is_settled() {
        out.push(Action::Commit);
        if world.faults.failovers > 0 {
            out.push(Action::FailOver);
        }
    }
    let is_there = |document: &crate::database::Document| !document.tombstone;
    if world.faults.foreign > 0
        && world
            .database
            .latest()
            .document
            .as_ref()
            .is_some_and(is_there)
    {
        out.push(Action::Foreign);
    }
}

fn of_writer(scenario: &Scenario, world: &World, index: Sender, out: &mut Vec<Action>) {
    let Some(writer) = world.writers.get(index) else {
        return;
    };
    let has_intent = scenario
        .writers
        .get(index)
        .is_some_and(|intents| writer.intent < intents.len());
    match &writer.step {
        Step::Idle if has_intent => out.push(Action::Begin(index)),
        Step::Waiting(sent) => waiting(world, index, sent, out),
        Step::Settling {
            sent,
            document,
            log,
        } => {
            // What a linearizable read sees is committed.
            if world.database.is_settled() {
                out.push(Action::Look(index));
            }
            let has_begun = document.is_some() || log.is_some();
            if sent.lost && !sent.over && !has_begun {
                out.push(Action::Expire(index));
            }
            let is_blind = !scenario.keeps(Rule::WaitBeforeRepeating);
            let is_versioned = matches!(sent.command, Command::Write(_));
            if is_blind && !is_versioned && !has_begun && world.faults.resends > 0 {
                out.push(Action::Repeat(index));
            }
        }
        Step::Removing(_) => {
            if writer.relay.queue.is_empty() || !scenario.keeps(Rule::LogBeforeRemoval) {
                out.push(Action::Remove(index));
            }
        }
        Step::Idle | Step::Crashed => {}
    }
    if world.faults.crashes > 0 && !matches!(writer.step, Step::Crashed) && has_something(writer) {
        out.push(Action::Crash(index));
    }
}

/// A writer that has nothing to lose need not die.
fn has_something(writer: &crate::process::writer::Writer) -> bool {
    !matches!(writer.step, Step::Idle) || !writer.relay.queue.is_empty()
}

fn waiting(world: &World, index: Sender, sent: &Sent, out: &mut Vec<Action>) {
    match sent.answer {
        // The answer to a write comes when the majority has it.
        Some(Answer::Made) => {
            let ghost = &world.database.committed.ghost;
            if ghost.has(sent.command.operation()) {
                out.push(Action::Answer(index));
            }
        }
        Some(Answer::NoMatch | Answer::Duplicate) => out.push(Action::Answer(index)),
        None => {}
    }
    if world.faults.losses > 0 {
        out.push(Action::Lose(index));
    }
}

fn of_relay(scenario: &Scenario, world: &World, sender: Sender, out: &mut Vec<Action>) {
    let Some(relay) = world.relay(sender) else {
        return;
    };
    for entry in &relay.queue {
        if world.database.committed.has_logged(entry.operation) {
            out.push(Action::Learn(sender, *entry));
        } else if !world.is_sent(sender, &Command::Insert { entry: *entry })
            && !world.database.latest().has_logged(entry.operation)
        {
            out.push(Action::Relay(sender, *entry));
        }
    }
    let is_recovery = sender >= world.writers.len();
    let may_remove = relay.queue.is_empty() || !scenario.keeps(Rule::LogBeforeRemoval);
    if is_recovery && relay.removing.is_some() && may_remove {
        out.push(Action::Remove(sender));
    }
}
