//! The deltas of TypeScript's monguard, and every place where ours differ.

use mongodb::bson::{Bson, Document};

use super::{Delta, DeltaOptions};
use crate::audit::models::OPEN;

const VECTORS: &str = include_str!("../../../fixtures/delta-vectors.json");

/// Where we show something else: the vector's name, our `deltaChanges`, and why.
#[rustfmt::skip]
const DIFFERENCES: &[(&str, &str, &str)] = &[
    ("array emptied", r#"{"t":{"old":["a"],"new":[],"fullDocument":true}}"#, LIST),
    ("array removed", r#"{"t":{"old":["a"],"fullDocument":true}}"#, LIST),
    ("array added", r#"{"t":{"new":["a"],"fullDocument":true}}"#, LIST),
    ("empty array removed: LOST", r#"{"t":{"old":[],"fullDocument":true}}"#, LIST),
    ("null->empty array: LOST", r#"{"t":{"old":null,"new":[],"fullDocument":true}}"#, LIST),
    ("array->scalar: new scalar LOST", r#"{"t":{"old":["a"],"new":"x","fullDocument":true}}"#, LIST),
    ("array->object: new object LOST", r#"{"t":{"old":["a"],"new":{"k":1},"fullDocument":true}}"#, LIST),
    ("null elem removed", r#"{"t":{"old":[null],"new":[],"fullDocument":true}}"#, LIST),
    ("array obj pushed", r#"{"t":{"old":[],"new":[{"k":1}],"fullDocument":true}}"#, LIST),
    ("21 -> missing: new is []", r#"{"t":{"old":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20],"fullDocument":true}}"#, LIST),
    ("replace mode scalar->array: old is []", r#"{"t":{"old":"x","new":["x"],"fullDocument":true}}"#, LIST),
    ("blacklist applies to nested same name", r#"{"o.updatedAt":{"old":1,"new":2},"l.0.createdAt":{"old":1,"new":2}}"#, "only the fields that monguard owns are left out, at the top level; nested ones are data"),
    ("key with dollar", r#"{"":{"old":{"$x":1},"new":{"$x":2},"fullDocument":true}}"#, "a path cannot lead through the name, so its parent is held as a whole"),
    ("ObjectId d1 -> byte path (TS bug)", r#"{"r":{"old":{"$oid":"64b000000000000000000001"},"new":{"$oid":"64b0000000000000000000ff"}}}"#, SCALAR),
    ("ObjectId d2 -> buffer at depth 3", r#"{"o.r":{"old":{"$oid":"64b000000000000000000001"},"new":{"$oid":"64b0000000000000000000ff"}}}"#, SCALAR),
    ("ObjectId in array (depth 2)", r#"{"l.0":{"old":{"$oid":"64b000000000000000000001"},"new":{"$oid":"64b0000000000000000000ff"}}}"#, SCALAR),
    ("Decimal128 (TS bug)", r#"{"p":{"old":{"$numberDecimal":"1.10"},"new":{"$numberDecimal":"1.20"}}}"#, SCALAR),
    ("Long object (TS bug; driver promotes by default)", r#"{"n":{"old":5,"new":6}}"#, SCALAR),
    ("NaN unchanged is reported", "{}", "NaN equals NaN"),
];

const LIST: &str = "element by element, an array against nothing, null, another kind or an empty array all look alike";
const SCALAR: &str = "the value is one value, not its bytes";

/// What cannot be run: the vector's name and why.
#[rustfmt::skip]
const NOT_RUN: &[(&str, &str)] = &[
    ("deletedAt not blacklistable", PATTERNS),
    ("wildcard whole add LEAKS", PATTERNS),
    ("wildcard mid", PATTERNS),
    ("dotted not suffix-matched", PATTERNS),
    ("plain name whole parent add LEAKS", PATTERNS),
    ("array index name", PATTERNS),
    ("before null (manual audit)", IMAGE),
    ("after null (manual audit)", IMAGE),
];

const PATTERNS: &str = "there are no name patterns: a model's field says whether it is skipped or redacted, and then it is so wherever it sits";
const IMAGE: &str = "there are always two documents; the form is read";

struct Vector {
    name: String,
    before: Option<Document>,
    after: Option<Document>,
    /// TypeScript's `deltaChanges`, empty where it writes no entry.
    theirs: Document,
    options: Document,
}

impl Vector {
    fn ours(&self) -> Document {
        let (before, after) = (self.before.as_ref().unwrap(), self.after.as_ref().unwrap());
        let mut options = DeltaOptions::default();
        for (name, value) in &self.options {
            let number = value
                .as_i32()
                .and_then(|number| usize::try_from(number).ok());
            match (name.as_str(), number, value.as_str()) {
                ("maxDepth", Some(depth), _) => options.max_depth = depth,
                ("arrayDiffMaxSize", Some(size), _) => options.array_diff_max_size = size,
                ("arrayHandling", _, Some("replace")) => options.array_diff_max_size = 0,
                _ => panic!("{}: no option {name}", self.name),
            }
        }
        Delta::between(&OPEN, before, after, options).into_document()
    }
}

fn vectors() -> Vec<Vector> {
    let file: Document = serde_json::from_str(VECTORS).unwrap();
    let vectors = file.get_array("vectors").unwrap().iter();
    let read = vectors.map(|vector| {
        let vector = vector.as_document().unwrap();
        let part = |name| vector.get(name).and_then(Bson::as_document).cloned();
        let metadata = part("metadata").unwrap_or_default();
        Vector {
            name: vector.get_str("name").unwrap().to_owned(),
            before: part("before"),
            after: part("after"),
            theirs: metadata
                .get_document("deltaChanges")
                .cloned()
                .unwrap_or_default(),
            options: part("options").unwrap(),
        }
    });
    read.collect()
}

fn json(document: &Document) -> String {
    serde_json::to_string(document).unwrap()
}

#[test]
fn every_vector_gives_what_it_should() {
    let vectors = vectors();
    let mut verbatim = 0;
    for vector in &vectors {
        let name = vector.name.as_str();
        if NOT_RUN.iter().any(|(not_run, _)| *not_run == name) {
            continue;
        }
        let ours = vector.ours();
        let difference = DIFFERENCES
            .iter()
            .find(|(different, _, _)| *different == name);
        if let Some((_, expected, _)) = difference {
            assert_eq!(json(&ours), *expected, "{name}");
        } else {
            // As text, since NaN differs from itself; widths and order count.
            assert_eq!(
                format!("{ours:?}"),
                format!("{:?}", vector.theirs),
                "{name}"
            );
            verbatim += 1;
        }
    }
    assert_eq!(verbatim + DIFFERENCES.len() + NOT_RUN.len(), vectors.len());
}

#[test]
fn every_delta_of_typescript_can_be_read() {
    for vector in vectors() {
        let paths = vector.theirs.len();
        let delta = Delta::from_typescript(vector.theirs).unwrap();
        assert_eq!(delta.changes().len(), paths, "{}", vector.name);
        let is_bytes = vector.name.starts_with("ObjectId d1")
            || vector.name.starts_with("ObjectId d2")
            || vector.name.starts_with("ObjectId in array")
            || vector.name.starts_with("Decimal128");
        assert_eq!(
            delta.iter().any(|change| change.unrecoverable),
            is_bytes,
            "{}",
            vector.name
        );
    }
}

#[test]
fn the_documentation_lists_the_differences() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/audit-format.md");
    let page = std::fs::read_to_string(path).unwrap();
    let twenty_one = "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20";
    let vectors = vectors();
    let differences = DIFFERENCES.iter().map(|(name, ours, why)| {
        let vector = vectors.iter().find(|vector| vector.name == *name).unwrap();
        let theirs = match *name {
            // JSON has no such number.
            "NaN unchanged is reported" => r#"{"n":{"old":NaN,"new":NaN}}"#.to_owned(),
            _ => json(&vector.theirs),
        };
        format!("| {name} | `{theirs}` | `{ours}` | {why} |").replace(twenty_one, "0,…,20")
    });
    let not_run = NOT_RUN
        .iter()
        .map(|(name, why)| format!("| {name} | {why} |"));
    for rows in [
        differences.collect::<Vec<_>>().join("\n"),
        not_run.collect::<Vec<_>>().join("\n"),
    ] {
        assert!(
            page.contains(&rows),
            "the page should have this table:\n{rows}"
        );
    }
}
