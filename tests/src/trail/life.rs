//! The lives of one document.

use std::collections::{BTreeMap, BTreeSet};

use mongodb::bson::{Bson, Document, oid::ObjectId};
use monguard::Version;
use monguard::audit::{Action, EntryChange, RawEntry};

use super::alike::whole;
use super::many::entry_of_many;
use super::replay::Replayed;
use super::stored::Promise;

/// What does not hold of one document and its entries.
pub(super) fn faults(
    document: Option<&Document>,
    entries: &[RawEntry],
    promise: Promise,
    left_out: &BTreeSet<String>,
) -> Vec<String> {
    let mut lives = Lives {
        document,
        promise,
        left_out,
        entries: BTreeMap::new(),
        next: BTreeMap::new(),
        reached: 0,
        open: Vec::new(),
        faults: Vec::new(),
    };
    lives.link(entries);
    lives.walk();
    lives.compare_with_document();
    lives.faults
}

struct Lives<'a> {
    document: Option<&'a Document>,
    promise: Promise,
    left_out: &'a BTreeSet<String>,
    entries: BTreeMap<ObjectId, &'a RawEntry>,
    /// The entry that follows an operation.
    next: BTreeMap<ObjectId, &'a RawEntry>,
    reached: usize,
    /// The ends of lives that are not over.
    open: Vec<(&'a RawEntry, Replayed<'a>)>,
    faults: Vec<String>,
}

impl<'a> Lives<'a> {
    fn fault(&mut self, entry: &RawEntry, fault: &str) {
        let version = version(entry).unwrap_or_default();
        let (id, action) = (&entry.id, &entry.action);
        self.faults
            .push(format!("entry {id} ({action}, version {version}): {fault}"));
    }

    fn link(&mut self, entries: &'a [RawEntry]) {
        for entry in entries {
            let Bson::ObjectId(id) = entry.id else {
                self.fault(entry, "its id is no operation");
                continue;
            };
            // The server does not let one `_id` in twice.
            self.entries.insert(id, entry);
        }
        for entry in entries {
            let Some(prev) = self.before(entry) else {
                continue;
            };
            if let Some(other) = self.next.insert(prev, entry) {
                let fault = format!("follows {prev}, as {} does", other.id);
                self.fault(entry, &fault);
            }
        }
    }

    fn walk(&mut self) {
        let entries: Vec<_> = self.entries.values().copied().collect();
        for entry in entries {
            let begins = match self.before(entry) {
                None => self.begins_life(entry),
                Some(prev) => !self.entries.contains_key(&prev) && self.begins_after_gap(entry),
            };
            if begins {
                self.follow(entry);
            }
        }
        if self.reached != self.entries.len() {
            let (reached, all) = (self.reached, self.entries.len());
            self.faults
                .push(format!("only {reached} of {all} entries are linked"));
        }
    }

    /// The entry that this one says it follows: that of the operation that it names.
    fn before(&self, entry: &RawEntry) -> Option<ObjectId> {
        Some(self.entry_of(entry.prev?, &entry.collection, &entry.document_id))
    }

    /// The entry of an operation: under its own id, or as one of many.
    fn entry_of(&self, operation: ObjectId, collection: &str, id: &Bson) -> ObjectId {
        if self.entries.contains_key(&operation) {
            return operation;
        }
        let of_many = entry_of_many(operation, collection, id);
        let of_many = of_many.filter(|entry| self.entries.contains_key(entry));
        of_many.unwrap_or(operation)
    }

    fn begins_life(&mut self, entry: &RawEntry) -> bool {
        if entry.action != Action::Create || entry.from.is_some() || version(entry) != Some(1) {
            self.fault(entry, "begins a life that no create began");
        }
        true
    }

    fn begins_after_gap(&mut self, entry: &RawEntry) -> bool {
        if self.promise == Promise::EveryVersion {
            self.fault(entry, "the entry before it is missing");
        }
        true
    }

    /// One life, or the part of it behind a gap, to its end.
    fn follow(&mut self, first: &'a RawEntry) {
        let mut told = Replayed::leaving_out(self.left_out);
        let mut last = first;
        loop {
            self.reached += 1;
            for fault in told.take(last) {
                self.fault(last, &fault);
            }
            let next = operation(last).and_then(|id| self.next.get(&id).copied());
            let Some(next) = next else { break };
            if ends_life(last) {
                self.fault(next, "follows the end of a life");
            }
            if next.from != last.version || version(next) != version(last).map(|at| at + 1) {
                let fault = format!("from {:?}, it follows {:?}", next.from, last.version);
                self.fault(next, &fault);
            }
            last = next;
        }
        if !ends_life(last) {
            self.open.push((last, told));
        }
    }

    fn compare_with_document(&mut self) {
        let open = std::mem::take(&mut self.open);
        let Some(document) = self.document else {
            if self.promise == Promise::EveryVersion {
                for (last, _) in open {
                    self.fault(last, "is the last, and the document is gone");
                }
            }
            return;
        };
        let id = document.get("_id").unwrap_or(&Bson::Null);
        let collection = self.entries.values().next();
        let collection = collection.map_or("", |entry| entry.collection.as_str());
        let head = document.get_object_id("__w").ok();
        let head = head.map(|operation| self.entry_of(operation, collection, id));
        let (heads, others): (Vec<_>, Vec<_>) = open
            .into_iter()
            .partition(|(last, _)| operation(last) == head);
        if self.promise == Promise::EveryVersion {
            if document.contains_key("__tombstone") {
                self.faults.push("is a tombstone still".to_owned());
            }
            if heads.is_empty() {
                self.faults
                    .push(format!("its last operation {head:?} has no entry"));
            }
            for (last, _) in others {
                self.fault(last, "nothing follows it, and the document is not of it");
            }
            self.look_for_carried(document);
        } else if heads.is_empty() && head.is_some_and(|head| self.entries.contains_key(&head)) {
            self.faults
                .push("its last operation has an entry that others follow".to_owned());
        }
        for (last, told) in heads {
            if document.get("__v").and_then(whole) != version(last) {
                self.fault(last, "the document of this operation has another version");
            }
            if document.contains_key("__tombstone") {
                continue;
            }
            if let Some(fault) = told.unlike(document, "the document") {
                self.fault(last, &fault);
            }
        }
    }

    /// What the document carries is in the log.
    fn look_for_carried(&mut self, document: &Document) {
        let carried = document.get_array("__audit").ok();
        for element in carried.into_iter().flatten() {
            let element = element.as_document();
            let Some(version) = element.and_then(|e| whole(e.get("v")?)) else {
                self.faults
                    .push(format!("carries what is no entry: {element:?}"));
                continue;
            };
            let prev = element.and_then(|element| element.get_object_id("prev").ok());
            let mut entries = self.entries.values();
            if !entries.any(|entry| entry.prev == prev && self::version(entry) == Some(version)) {
                self.faults.push(format!(
                    "carries an entry of version {version} that the log lacks"
                ));
            }
        }
    }
}

fn version(entry: &RawEntry) -> Option<i64> {
    entry.version.and_then(Version::as_i64)
}

fn operation(entry: &RawEntry) -> Option<ObjectId> {
    entry.id.as_object_id()
}

fn ends_life(entry: &RawEntry) -> bool {
    matches!(entry.change, EntryChange::HardDeleted { .. })
}
