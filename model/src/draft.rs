//! What a writer sends, worked out from what it reads.

use crate::command::{Command, Kind, Write, stamp};
use crate::database::{Document, Entry, Image, Operations, only};
use crate::rules::{Mode, Rule};
use crate::scenario::{Intent, Scenario};
use crate::world::{Sender, World};

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
            Kind::SoftDelete | Kind::Tombstone => Image::Owed {
                digest: document.content,
            },
            Kind::Update => Image::None,
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
