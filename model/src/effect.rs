//! What an action makes of a state.

use crate::command::{Answer, Command, Kind, Write, creation, stamp};
use crate::database::{Base, Document, Entry, FOREIGN, Image, Operations, only, operations};
use crate::enabled::seen;
use crate::process::relay::Removal;
use crate::process::verdict::{DocumentSeen, LogSeen, Verdict, judge};
use crate::process::writer::{Sent, Step, Writer};
use crate::rules::{Mode, Rule};
use crate::scenario::{Intent, Scenario};
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

/// What an intent comes to.
#[derive(Debug)]
pub(crate) enum Draft {
    /// There is nothing to write to.
    Nothing,
    /// The document can carry no other entry.
    Full,
    /// This is sent.
    Command(Command),
}

/// Works out the command of a writer's next intent, from what the primary shows.
#[must_use]
pub(crate) fn draft(
    scenario: &Scenario,
    world: &World,
    index: Sender,
    learned: Operations,
) -> Draft {
    let writer = &world.writers[index];
    let operation = Scenario::operation(index, writer.intent);
    let kind = match (scenario.intent(index, writer.intent), writer.singly) {
        (Some(Intent::Create), _) => return Draft::Command(Command::Create { operation }),
        (Some(Intent::UpdateMany), None) => {
            return Draft::Command(Command::Many {
                operation,
                attempt: 0,
            });
        }
        (Some(Intent::Update | Intent::UpdateMany), _) => Kind::Update,
        (Some(Intent::SoftDelete), _) => Kind::SoftDelete,
        (Some(Intent::HardDelete), _) => Kind::Tombstone,
        (None, _) => return Draft::Nothing,
    };
    let document = world.database.latest().document.as_ref();
    let Some(document) = document.filter(|document| scenario.is_open(document)) else {
        return Draft::Nothing;
    };
    let mode = scenario.mode_of(operation);
    let known = writer.relay.known | learned;
    let kept = kept(scenario, mode, document, known);
    let adds = mode == Mode::Carried || kind == Kind::Tombstone;
    if adds && scenario.is_full(kept.len()) && scenario.keeps(Rule::LogAtTheLimit) {
        return Draft::Full;
    }
    let entry = Entry {
        operation,
        version: document.base.version + 1,
        previous: document.base.operation,
        replaced: document.content,
        image: match kind {
            Kind::SoftDelete => Image::Owed {
                digest: document.content,
            },
            Kind::Update | Kind::Tombstone => Image::None,
        },
    };
    Draft::Command(Command::Write(Write {
        kind,
        base: document.base,
        stamp: stamp(scenario, operation, writer.singly.unwrap_or(0)),
        entry,
        kept,
    }))
}

/// The entries that a write keeps.
fn kept(scenario: &Scenario, mode: Mode, document: &Document, known: Operations) -> Vec<Entry> {
    let (keeps, puts) = match mode {
        Mode::Carried => (Rule::KeepEntries, Rule::PutImageIn),
        Mode::AfterWrite | Mode::Transactional => {
            (Rule::KeepEntriesInEveryMode, Rule::ImageInEveryMode)
        }
    };
    let is_kept = |entry: &&Entry| scenario.keeps(keeps) && known & only(entry.operation) == 0;
    let keep = |entry: &Entry| {
        if scenario.keeps(puts) && entry.operation == document.base.operation {
            entry.moved_past(document.content)
        } else {
            *entry
        }
    };
    document.entries.iter().filter(is_kept).map(keep).collect()
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
    if world.faults.failovers == 0 {
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
fn landed(scenario: &Scenario, world: &mut World, index: Sender, command: &Command) {
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

fn look(scenario: &Scenario, world: &mut World, index: Sender, over: bool) {
    let (mut sent, mut document, mut log) = match world.writers[index].step.clone() {
        Step::Waiting(sent) => {
            world.faults.losses -= 1;
            (Sent { lost: true, ..sent }, None, None)
        }
        Step::Settling {
            sent,
            document,
            log,
        } => (sent, document, log),
        Step::Idle => return,
    };
    if over {
        sent.over = true;
        world.flight.retain(|(sender, _)| *sender != index);
    }
    let latest = world.database.latest();
    let is_first = document.is_none() && log.is_none();
    if is_first == scenario.keeps(Rule::DocumentBeforeLog) {
        document = Some(DocumentSeen::of(&sent.command, scenario, latest));
    } else {
        log = Some(LogSeen::of(&sent.command, latest));
    }
    let is_proven = document.is_some_and(|document| document.own);
    let log_seen = log.or(is_proven.then(LogSeen::default));
    let (Some(seen), Some(log_seen)) = (document, log_seen) else {
        world.writers[index].step = Step::Settling {
            sent,
            document,
            log,
        };
        return;
    };
    let command = &sent.command;
    let mut verdict = judge(command, scenario, (seen, log_seen), (sent.lost, sent.over));
    let is_many = matches!(command, Command::Many { .. });
    if is_many && sent.lost && sent.over && !scenario.keeps(Rule::RepeatWhatIsMissing) {
        verdict = Verdict::SendAgain;
    }
    conclude(scenario, world, (index, sent), verdict);
}

/// Does what follows from a verdict.
fn conclude(
    scenario: &Scenario,
    world: &mut World,
    (index, sent): (Sender, Sent),
    verdict: Verdict,
) {
    let tombstone = world.database.latest().document.clone();
    let tombstone = tombstone.filter(|document| document.tombstone);
    let writer = &mut world.writers[index];
    match verdict {
        Verdict::Landed => landed(scenario, world, index, &sent.command),
        Verdict::NotLanded => writer.deny(sent.command.operation()),
        Verdict::SendAgain if world.faults.resends > 0 => {
            world.faults.resends -= 1;
            send_again(world, index, sent);
        }
        // It has not landed, and is pursued no further.
        Verdict::SendAgain if !sent.lost || sent.over => writer.deny(sent.command.operation()),
        Verdict::WriteSingly => {
            writer.step = Step::Idle;
            writer.singly = Some(1);
        }
        Verdict::SendAgain | Verdict::Open => {
            // A create finishes the hard delete that is in its way.
            if let Some(tombstone) = &tombstone
                && matches!(sent.command, Command::Create { .. })
                && writer.relay.removing.is_none()
            {
                writer.relay.finish(scenario, tombstone);
            }
            writer.step = Step::settling(sent);
        }
        Verdict::Unsettled => writer.go_on(),
    }
}

fn send_again(world: &mut World, index: Sender, mut sent: Sent) {
    sent.over = false;
    if let Command::Many { attempt, .. } = &mut sent.command {
        *attempt += 1;
    }
    let command = sent.command.clone();
    world.writers[index].step = Step::Waiting(sent);
    world.send(index, command);
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
