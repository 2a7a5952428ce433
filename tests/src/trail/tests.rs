//! What the check must not overlook.

use mongodb::bson::{Bson, DateTime, Document, doc, oid::ObjectId};
use monguard::audit::RawEntry;

use super::{Promise, Trail};

fn operation(number: u8) -> ObjectId {
    ObjectId::from_bytes([number; 12])
}

fn entry(number: u8, action: &str, version: i32, rest: Document) -> Document {
    let mut metadata = doc! { "version": version };
    if version > 1 {
        metadata.insert("from", version - 1);
        metadata.insert("prev", operation(number - 1));
    }
    metadata.extend(rest);
    doc! {
        "_id": operation(number),
        "ref": { "collection": "orders", "id": 7 },
        "action": action,
        "userId": "us",
        "timestamp": DateTime::from_millis(i64::from(number)),
        "metadata": metadata,
    }
}

fn delta(path: &str, old: i32, new: i32) -> Document {
    let change = doc! { "old": old, "new": new };
    doc! { "deltaChanges": { path: change }, "storageMode": "delta" }
}

fn image(version: i32, n: i32) -> Document {
    doc! { "_id": 7, "__v": version, "n": n }
}

/// A life that ended, and one that has not: created, updated, removed; created, updated, deleted.
fn log() -> Vec<Document> {
    let mut again = entry(4, "create", 1, doc! { "after": image(1, 5) });
    again.insert("traceId", "again");
    vec![
        entry(1, "create", 1, doc! { "after": image(1, 0) }),
        entry(2, "update", 2, delta("n", 0, 1)),
        entry(
            3,
            "delete",
            3,
            doc! { "hardDelete": true, "before": image(2, 1) },
        ),
        again,
        entry(5, "update", 2, delta("n", 5, 6)),
        entry(
            6,
            "delete",
            3,
            doc! { "softDelete": true, "before": image(2, 6) },
        ),
    ]
}

fn document() -> Document {
    doc! {
        "_id": 7, "__v": 3, "__w": operation(6), "n": 6,
        "deletedAt": DateTime::from_millis(6), "deletedBy": "us",
        "__audit": [{ "f": 1, "o": operation(6), "v": 3, "from": 2, "prev": operation(5), "a": "delete" }],
    }
}

fn trail(document: Option<Document>, log: Vec<Document>) -> Trail {
    let mut trail = Trail::default();
    let id = Bson::Int32(7).to_string();
    trail
        .documents
        .extend(document.map(|document| (id.clone(), document)));
    let entries = log.into_iter().map(RawEntry::from_document);
    trail
        .entries
        .insert(id, entries.map(Result::unwrap).collect());
    trail
}

/// Changes an entry, by its number.
fn changed(number: u8, change: impl FnOnce(&mut Document)) -> Vec<Document> {
    let mut log = log();
    change(&mut log[usize::from(number) - 1]);
    log
}

fn metadata(entry: &mut Document) -> &mut Document {
    entry.get_document_mut("metadata").unwrap()
}

#[track_caller]
fn assert_faulty(document: Option<Document>, log: Vec<Document>, expected: &str) {
    let faults = trail(document, log).faults(Promise::EveryVersion);
    let is_told = faults.iter().any(|fault| fault.contains(expected));
    assert!(is_told, "{expected}: {faults:#?}");
}

#[test]
fn a_whole_trail_has_no_fault() {
    for promise in [Promise::EveryVersion, Promise::GapsAllowed] {
        let whole = trail(Some(document()), log());
        assert_eq!(whole.faults(promise), Vec::<String>::new());
        assert_eq!((whole.len(), whole.lives()), (6, 2));
        assert_eq!(whole.traced("again").len(), 1);
        assert!(whole.entry(operation(6)).is_some());
        // The first life alone, and its document is gone.
        let ended = trail(None, log()[..3].to_vec());
        assert_eq!(ended.faults(promise), Vec::<String>::new());
    }
}

#[test]
fn a_missing_entry_is_a_fault_where_each_version_has_one() {
    let missing = [
        "begins",
        "is missing",
        "the document is gone",
        "lacks",
        "has no entry",
    ];
    for index in 0..6 {
        let mut log = log();
        log.remove(index);
        let trail = trail(Some(document()), log);
        let faults = trail.faults(Promise::EveryVersion);
        let is_told = |fault: &String| missing.iter().any(|told| fault.contains(told));
        // Of the end of a life: the one before it goes on, and no document is of it.
        let is_told = faults.iter().any(is_told) || index == 2 && faults.len() == 1;
        assert!(is_told, "{index}: {faults:#?}");
        assert_eq!(trail.faults(Promise::GapsAllowed), Vec::<String>::new());
    }
}

#[test]
fn a_second_entry_of_a_version_is_a_fault_whatever_was_promised() {
    for number in [2_u8, 3, 5, 6] {
        let mut log = log();
        let mut double = log[usize::from(number) - 1].clone();
        double.insert("_id", operation(100));
        log.push(double);
        for promise in [Promise::EveryVersion, Promise::GapsAllowed] {
            let faults = trail(Some(document()), log.clone()).faults(promise);
            let is_told = faults.iter().any(|fault| fault.contains("follows"));
            assert!(is_told, "{number}: {faults:#?}");
        }
    }
    let mut log = log();
    let mut double = log[3].clone();
    double.insert("_id", operation(100));
    log.push(double);
    assert_faulty(Some(document()), log, "the document is not of it");
}

#[test]
fn an_entry_that_says_something_else_is_a_fault() {
    let set = |number, name: &'static str, value: Bson| {
        changed(number, |entry| {
            metadata(entry).insert(name, value);
        })
    };
    let now = || Some(document());
    assert_faulty(now(), set(5, "version", 3.into()), "it follows");
    assert_faulty(now(), set(5, "from", 2.into()), "it follows");
    assert_faulty(now(), set(4, "version", 2.into()), "no create began");
    assert_faulty(now(), set(1, "after", image(2, 0).into()), "is of version");
    let other = delta("n", 5, 7).get("deltaChanges").unwrap().clone();
    assert_faulty(now(), set(5, "deltaChanges", other), "before differs");
    let absent = delta("m", 5, 7).get("deltaChanges").unwrap().clone();
    assert_faulty(now(), set(5, "deltaChanges", absent), "does not fit");
    assert_faulty(
        now(),
        set(3, "before", image(2, 0).into()),
        "before differs",
    );
    let without = changed(3, |entry| drop(metadata(entry).remove("before")));
    assert_faulty(now(), without, "no image before");
    let after_the_end = changed(4, |entry| {
        metadata(entry).extend(doc! { "prev": operation(3), "from": 3, "version": 4 });
    });
    assert_faulty(now(), after_the_end, "follows the end");
    let circle = changed(4, |entry| {
        metadata(entry).insert("prev", operation(6));
    });
    assert_faulty(now(), circle, "are linked");
}

#[test]
fn a_document_that_is_otherwise_is_a_fault() {
    for (name, value, expected) in [
        ("n", Bson::Int32(7), "the document differs"),
        ("__v", Bson::Int32(4), "another version"),
        ("__w", Bson::ObjectId(operation(5)), "has no entry"),
        ("__tombstone", Bson::Boolean(true), "a tombstone"),
        ("extra", Bson::Null, "the document differs"),
    ] {
        let mut other = document();
        other.insert(name, value);
        assert_faulty(Some(other), log(), expected);
    }
    assert_faulty(None, log(), "the document is gone");
    let mut other = document();
    let carried = other.get_array_mut("__audit").unwrap();
    carried[0].as_document_mut().unwrap().insert("v", 4);
    assert_faulty(Some(other), log(), "the log lacks");
}

#[test]
fn an_entry_behind_the_document_is_a_fault_whatever_was_promised() {
    let mut behind = document();
    behind.extend(doc! { "__v": 2, "__w": operation(5) });
    let faults = trail(Some(behind), log()).faults(Promise::GapsAllowed);
    assert_eq!(faults.len(), 1, "{faults:#?}");
}
