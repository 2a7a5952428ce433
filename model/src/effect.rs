//! What an action makes of a state.

use crate::command::{Answer, Command, Write};
use crate::database::{Base, Entry};
use crate::process::verdict::{DocumentSeen, LogSeen, Verdict, judge};
use crate::process::writer::{Sent, Step};
use crate::rules::Rule;
use crate::scenario::{Intent, Scenario};
use crate::world::{Action, Sender, World};

/// The state after an action.
#[must_use]
pub(crate) fn next(scenario: &Scenario, world: &World, action: &Action) -> World {
    let mut world = world.clone();
    match action {
        Action::Begin(writer) => begin(scenario, &mut world, *writer),
        Action::Run {
            index,
            repeated,
            twice,
        } => run(scenario, &mut world, *index, (*repeated, *twice)),
        Action::Answer(writer) => answer(scenario, &mut world, *writer),
        Action::Lose(writer) => lose(&mut world, *writer),
        Action::Expire(writer) => expire(&mut world, *writer),
        Action::Look(writer) => look(scenario, &mut world, *writer),
        Action::Repeat(writer) => {
            world.faults.resends -= 1;
            resend(scenario, &mut world, *writer);
        }
        Action::Relay(sender, entry) => world.send(*sender, Command::Insert { entry: *entry }),
        Action::Learn(sender, entry) => {
            if let Some(relay) = world.relay_mut(*sender) {
                relay.learn(entry.operation);
            }
        }
        Action::Remove(sender) => remove(&mut world, *sender),
        Action::Recover(sender) => recover(scenario, &mut world, *sender),
        Action::Read => world.reader = world.reader.read(scenario, &world.database.committed),
        Action::Commit => world.database.commit(),
        Action::FailOver => {
            world.faults.failovers -= 1;
            world.fail_over();
        }
        Action::Crash(writer) => {
            world.faults.crashes -= 1;
            if let Some(writer) = world.writers.get_mut(*writer) {
                writer.crash();
            }
        }
        Action::Foreign => {
            world.write_foreign();
            world.faults.foreign -= 1;
        }
    }
    world
}

/// Reads the primary, and sends what the intent comes to.
fn begin(scenario: &Scenario, world: &mut World, index: Sender) {
    let latest = world.database.latest();
    let Some(writer) = world.writers.get_mut(index) else {
        return;
    };
    let operation = Scenario::operation(index, writer.intent);
    let intent = scenario
        .writers
        .get(index)
        .and_then(|intents| intents.get(writer.intent));
    let document = latest
        .document
        .as_ref()
        .filter(|document| !document.tombstone);
    let versioned = |tombstone: bool| {
        let document = document?;
        let is_kept = |entry: &&Entry| {
            scenario.keeps(Rule::KeepEntries) && !writer.relay.knows(entry.operation)
        };
        let entry = Entry {
            operation,
            version: document.base.version + 1,
            previous: document.base.operation,
            replaced: document.content,
        };
        Some(Command::Write(Write {
            base: document.base,
            entry,
            kept: document.entries.iter().filter(is_kept).copied().collect(),
            tombstone,
        }))
    };
    let command = match intent {
        Some(Intent::Create) => Some(Command::Create { operation }),
        Some(Intent::Update) => versioned(false),
        Some(Intent::HardDelete) => versioned(true),
        Some(Intent::UpdateMany) => Some(Command::Many {
            operation,
            attempt: 0,
        }),
        None => None,
    };
    let Some(command) = command else {
        // There is nothing to write to.
        return writer.go_on();
    };
    writer.step = Step::Waiting(Sent::new(command.clone()));
    world.send(index, command);
}

fn run(scenario: &Scenario, world: &mut World, index: usize, (repeated, twice): (bool, bool)) {
    let (sender, command) = world.flight[index].clone();
    let mut answer = Answer::NoMatch;
    world.database.write(|snapshot| {
        answer = command.run(scenario, snapshot);
        if twice {
            command.run(scenario, snapshot);
        }
    });
    if twice {
        world.faults.meets_twice -= 1;
    }
    if repeated {
        // The driver has not heard this answer.
        world.faults.repeats -= 1;
        return;
    }
    world.flight.remove(index);
    if let Command::Insert { entry } = &command
        && answer == Answer::Duplicate
        && let Some(relay) = world.relay_mut(sender)
    {
        if scenario.keeps(Rule::OwnIdOnly) {
            relay.drop_from_queue(entry.operation);
        } else {
            relay.learn(entry.operation);
        }
    }
    if let Some(writer) = world.writers.get_mut(sender)
        && let Step::Waiting(sent) = &mut writer.step
        && sent.command == command
    {
        sent.answer = Some(answer);
    }
}

fn answer(scenario: &Scenario, world: &mut World, index: Sender) {
    let Some(writer) = world.writers.get_mut(index) else {
        return;
    };
    let Step::Waiting(sent) = writer.step.clone() else {
        return;
    };
    match sent.answer {
        Some(Answer::Made) => landed(world, index, &sent.command),
        Some(Answer::NoMatch | Answer::Duplicate) if scenario.keeps(Rule::Settle) => {
            writer.step = Step::settling(sent);
        }
        Some(Answer::NoMatch | Answer::Duplicate) => {
            writer.report(sent.command.operation(), false);
        }
        None => {}
    }
}

/// Tells the caller, and brings the entry on its way.
fn landed(world: &mut World, index: Sender, command: &Command) {
    let Some(writer) = world.writers.get_mut(index) else {
        return;
    };
    writer.report(command.operation(), true);
    match command {
        Command::Create { operation } => writer.relay.take([Entry {
            operation: *operation,
            version: 1,
            previous: 0,
            replaced: 0,
        }]),
        Command::Write(write) => {
            // The majority has the whole document, and so what it carries.
            writer.relay.take(write.kept.iter().copied());
            writer.relay.take([write.entry]);
            if write.tombstone {
                writer.step = Step::Removing(Base {
                    version: write.entry.version,
                    operation: write.entry.operation,
                    stamp: write.entry.operation,
                });
            }
        }
        // What each document recorded is for whoever reads it.
        Command::Many { .. } | Command::Remove { .. } | Command::Insert { .. } => {}
    }
}

fn lose(world: &mut World, index: Sender) {
    world.faults.losses -= 1;
    if let Some(writer) = world.writers.get_mut(index)
        && let Step::Waiting(sent) = &writer.step
    {
        let sent = Sent {
            lost: true,
            ..sent.clone()
        };
        writer.step = Step::settling(sent);
    }
}

/// The commands that write a document and have a time limit are off the network.
fn expire(world: &mut World, index: Sender) {
    world.flight.retain(|(sender, command)| {
        *sender != index || matches!(command, Command::Insert { .. } | Command::Remove { .. })
    });
    if let Some(writer) = world.writers.get_mut(index)
        && let Step::Settling { sent, .. } = &mut writer.step
    {
        sent.over = true;
    }
}

fn look(scenario: &Scenario, world: &mut World, index: Sender) {
    let latest = world.database.latest();
    let Some(writer) = world.writers.get_mut(index) else {
        return;
    };
    let Step::Settling {
        sent,
        document,
        log,
    } = &mut writer.step
    else {
        return;
    };
    let is_first = document.is_none() && log.is_none();
    if is_first == scenario.keeps(Rule::DocumentBeforeLog) {
        *document = Some(DocumentSeen::of(&sent.command, scenario, latest));
    } else {
        *log = Some(LogSeen::of(&sent.command, latest));
    }
    let (Some(document), Some(log)) = (*document, *log) else {
        return;
    };
    let sent = sent.clone();
    let verdict = judge(
        &sent.command,
        scenario,
        (document, log),
        (sent.lost, sent.over),
    );
    match verdict {
        Verdict::Landed => landed(world, index, &sent.command),
        Verdict::NotLanded => writer.report(sent.command.operation(), false),
        Verdict::SendAgain if world.faults.resends > 0 => {
            world.faults.resends -= 1;
            resend(scenario, world, index);
        }
        // It has not landed, and is pursued no further.
        Verdict::SendAgain if !sent.lost || sent.over => {
            writer.report(sent.command.operation(), false);
        }
        Verdict::SendAgain | Verdict::Open => writer.step = Step::settling(sent),
        Verdict::Unsettled => writer.go_on(),
    }
}

fn resend(scenario: &Scenario, world: &mut World, index: Sender) {
    let Some(writer) = world.writers.get_mut(index) else {
        return;
    };
    let Step::Settling { sent, .. } = &writer.step else {
        return;
    };
    let mut sent = Sent {
        over: false,
        ..sent.clone()
    };
    if let Command::Many { attempt, .. } = &mut sent.command
        && scenario.keeps(Rule::StampAnew)
    {
        *attempt += 1;
    }
    let command = sent.command.clone();
    writer.step = Step::Waiting(sent);
    world.send(index, command);
}

fn remove(world: &mut World, sender: Sender) {
    let base = match world.writers.get_mut(sender) {
        Some(writer) => match writer.step {
            Step::Removing(base) => {
                writer.step = Step::Idle;
                Some(base)
            }
            _ => None,
        },
        None => world
            .relay_mut(sender)
            .and_then(|relay| relay.removing.take()),
    };
    if let Some(base) = base {
        world.send(sender, Command::Remove { base });
    }
}

fn recover(scenario: &Scenario, world: &mut World, sender: Sender) {
    let read = if scenario.keeps(Rule::RelayCommitted) {
        &world.database.committed
    } else {
        world.database.latest()
    };
    let document = read.document.clone();
    let index = sender - world.writers.len();
    if let Some((relay, looks)) = world.recoveries.get_mut(index) {
        *looks -= 1;
        if let Some(document) = document {
            relay.take(document.entries.iter().copied());
            relay.removing = document.tombstone.then_some(document.base);
        }
    }
}
