//! A writer finds out what became of its command, and does what follows from that.

use crate::command::{Command, creation};
use crate::database::{Document, Entry, Image};
use crate::effect::landed;
use crate::process::verdict::{DocumentSeen, LogSeen, Verdict, judge};
use crate::process::writer::{Sent, Step, Writer};
use crate::rules::{Mode, Rule};
use crate::scenario::{Intent, Scenario};
use crate::world::{Sender, World};

/// Looks at the document, or at the log, and concludes where that is enough.
pub(crate) fn look(scenario: &Scenario, world: &mut World, index: Sender, over: bool) {
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
    let found = world.database.latest().document.clone();
    let writer = &mut world.writers[index];
    match verdict {
        Verdict::Landed => landed(scenario, world, index, &sent.command),
        Verdict::NotLanded => {
            if matches!(sent.command, Command::Create { .. }) {
                complete(scenario, writer, found.as_ref());
            }
            writer.deny(sent.command.operation());
        }
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
            if let Some(tombstone) = &found
                && tombstone.tombstone
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

/// A create that finds the document of an earlier request writes its entry, which comes after it and
/// may never have.
fn complete(scenario: &Scenario, writer: &mut Writer, found: Option<&Document>) {
    let Some(document) = found else {
        return;
    };
    let base = document.base;
    let is_owed = scenario.does(base.operation, Intent::Create)
        && scenario.mode_of(base.operation) == Mode::AfterWrite;
    let is_as_created = base.stamp == base.operation && base.version == 1;
    if is_owed && (is_as_created || !scenario.keeps(Rule::CompleteAsCreated)) {
        let image = Image::Put {
            digest: document.content,
            content: document.content,
        };
        writer.relay.take(Entry {
            image,
            ..creation(base.operation)
        });
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
