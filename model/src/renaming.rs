//! Writers that take each other's places, with the ids of all their operations.

use crate::command::{ANEW, Command, Write};
use crate::database::{
    Base, Content, Document, Entry, FOREIGN, Image, Operation, Operations, Snapshot,
};
use crate::process::reader::Reader;
use crate::process::relay::Relay;
use crate::process::writer::{Sent, Step, Writer};
use crate::scenario::Scenario;
use crate::world::World;

/// As many operations as an [`Operations`] has bits.
const MOST: usize = 16;

/// Which writer takes whose place.
#[derive(Clone, Debug)]
pub(crate) struct Renaming {
    writers: Vec<usize>,
    operations: [Operation; MOST],
}

impl Renaming {
    /// All that make an equal scenario of it, but for the one that changes nothing.
    #[must_use]
    pub(crate) fn all(scenario: &Scenario) -> Vec<Renaming> {
        let renaming = |writers: Vec<usize>| {
            let mut operations = [0; MOST];
            for (operation, renamed) in operations.iter_mut().enumerate() {
                *renamed = u8::try_from(operation).unwrap_or(0);
            }
            for (from, to) in writers.iter().enumerate() {
                for intent in 0..4 {
                    let operation = usize::from(Scenario::operation(from, intent));
                    if let Some(renamed) = operations.get_mut(operation) {
                        *renamed = Scenario::operation(*to, intent);
                    }
                }
            }
            Renaming {
                writers,
                operations,
            }
        };
        scenario.symmetries().into_iter().map(renaming).collect()
    }

    /// The state with the writers in each other's places.
    #[must_use]
    pub(crate) fn of(&self, world: &World) -> World {
        let mut renamed = world.clone();
        for (from, writer) in world.writers.iter().enumerate() {
            let mut writer = writer.clone();
            self.writer(&mut writer);
            renamed.writers[self.place(from)] = writer;
        }
        for snapshot in renamed.database.snapshots_mut() {
            self.snapshot(snapshot);
        }
        for (relay, _) in &mut renamed.recoveries {
            self.relay(relay);
        }
        renamed.recoveries.sort_unstable();
        self.reader(&mut renamed.reader);
        for (sender, command) in &mut renamed.flight {
            *sender = self.place(*sender);
            self.command(command);
        }
        renamed.flight.sort_unstable();
        renamed
    }

    /// Something of each writer, with the writers in each other's places.
    #[must_use]
    pub(crate) fn order(&self, of_writers: &[u64]) -> Vec<u64> {
        let mut order = of_writers.to_vec();
        for (from, of_writer) in of_writers.iter().enumerate() {
            order[self.place(from)] = *of_writer;
        }
        order
    }

    fn place(&self, sender: usize) -> usize {
        self.writers.get(sender).copied().unwrap_or(sender)
    }

    fn operation(&self, operation: &mut Operation) {
        if let Some(renamed) = self.operations.get(usize::from(*operation)) {
            *operation = *renamed;
        }
    }

    /// A stamp, or what fields are: an operation's, sent so often before, or another tool's.
    fn content(&self, content: &mut Content) {
        if *content < FOREIGN {
            let (attempts, mut operation) = (*content / ANEW, *content % ANEW);
            self.operation(&mut operation);
            *content = attempts * ANEW + operation;
        }
    }

    fn operations(&self, operations: &mut Operations) {
        let before = *operations;
        *operations = 0;
        for (operation, renamed) in self.operations.iter().enumerate() {
            *operations |= (before >> operation & 1) << renamed;
        }
    }

    fn base(&self, base: &mut Base) {
        self.operation(&mut base.operation);
        self.content(&mut base.stamp);
    }

    fn entry(&self, entry: &mut Entry) {
        self.operation(&mut entry.operation);
        self.operation(&mut entry.previous);
        self.content(&mut entry.replaced);
        match &mut entry.image {
            Image::None | Image::Missing => {}
            Image::Owed { digest } => self.content(digest),
            Image::Put { digest, content } => {
                self.content(digest);
                self.content(content);
            }
        }
    }

    fn entries(&self, entries: &mut [Entry]) {
        for entry in entries {
            self.entry(entry);
        }
    }

    fn document(&self, document: &mut Document) {
        self.base(&mut document.base);
        self.content(&mut document.content);
        self.entries(&mut document.entries);
    }

    fn snapshot(&self, snapshot: &mut Snapshot) {
        if let Some(document) = &mut snapshot.document {
            self.document(document);
        }
        self.entries(&mut snapshot.log);
        snapshot.log.sort_unstable();
        for applied in &mut snapshot.ghost.applied {
            self.operation(&mut applied.operation);
            self.operation(&mut applied.previous);
            self.content(&mut applied.replaced);
            self.content(&mut applied.content);
        }
        snapshot.ghost.applied.sort_unstable();
    }

    fn relay(&self, relay: &mut Relay) {
        self.entries(&mut relay.queue);
        relay.queue.sort_unstable();
        self.operations(&mut relay.known);
        if let Some(removal) = &mut relay.removing {
            self.base(&mut removal.base);
            self.operations(&mut removal.due);
        }
    }

    fn command(&self, command: &mut Command) {
        match command {
            Command::Create { operation } | Command::Many { operation, .. } => {
                self.operation(operation);
            }
            Command::Write(write) => self.write(write),
            Command::Remove { base } => self.base(base),
        }
    }

    fn write(&self, write: &mut Write) {
        self.base(&mut write.base);
        self.content(&mut write.stamp);
        self.entry(&mut write.entry);
        self.entries(&mut write.kept);
    }

    fn writer(&self, writer: &mut Writer) {
        self.relay(&mut writer.relay);
        self.operations(&mut writer.denied);
        match &mut writer.step {
            Step::Idle => {}
            Step::Waiting(Sent { command, .. })
            | Step::Settling {
                sent: Sent { command, .. },
                ..
            } => self.command(command),
        }
    }

    fn reader(&self, reader: &mut Reader) {
        if let Reader::Half { found, head, due } = reader {
            for (operation, previous) in found.iter_mut() {
                self.operation(operation);
                self.operation(previous);
            }
            found.sort_unstable();
            self.operation(head);
            self.operations(due);
        }
    }
}
