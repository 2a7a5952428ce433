//! Typed changes, repeated on the document that they were taken from.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use mongodb::bson::{DateTime, RawDocumentBuf, doc};
use monguard_derive::{Auditable, Nested, Versioned};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Operation, Replay, evaluate};
use crate::audit::{Change, Diff as _, Differ};
use crate::document::Versioned as _;
use crate::error::InvalidReason;
use crate::value::{decode_document, document_of};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "zoo")]
struct Zoo {
    #[monguard(idempotency_key)]
    request: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "nick")]
    nick_name: Option<String>,
    note: Option<i64>,
    tags: Vec<String>,
    labels: BTreeMap<String, i64>,
    #[monguard(nested)]
    home: Place,
    #[monguard(nested)]
    away: Option<Place>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[monguard(nested)]
    former: Option<Box<Place>>,
    #[monguard(nested)]
    lines: Vec<Line>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[monguard(nested)]
    maybe: Vec<Option<Line>>,
    #[monguard(nested)]
    queue: VecDeque<Line>,
    #[monguard(nested)]
    pair: [Place; 2],
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[monguard(nested)]
    by_name: BTreeMap<String, Line>,
    #[monguard(nested)]
    deep: BTreeMap<String, Vec<Line>>,
    #[monguard(nested)]
    visited: BTreeSet<Place>,
    #[monguard(nested, audit = "redact")]
    hideout: Place,
    #[monguard(audit = "redact")]
    pin: Option<String>,
    #[monguard(audit = "skip")]
    visits: i64,
    #[monguard(nested)]
    tree: Tree,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Nested)]
struct Place {
    #[serde(rename = "st")]
    street: String,
    zip: Option<i32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
struct Line {
    sku: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[monguard(nested)]
    places: Vec<Place>,
    #[monguard(audit = "redact")]
    code: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
struct Tree {
    label: String,
    #[monguard(nested)]
    children: Vec<Tree>,
}

fn text() -> impl Strategy<Value = String> {
    "[ab]{0,1}"
}

fn place() -> impl Strategy<Value = Place> {
    (text(), option::of(0..2_i32)).prop_map(|(street, zip)| Place { street, zip })
}

fn line() -> impl Strategy<Value = Line> {
    (text(), vec(place(), 0..3), 0..2_i64).prop_map(|(sku, places, code)| Line {
        sku,
        places,
        code,
    })
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = text().prop_map(|label| Tree {
        label,
        children: Vec::new(),
    });
    leaf.prop_recursive(3, 8, 2, |inside| {
        (text(), vec(inside, 0..3)).prop_map(|(label, children)| Tree { label, children })
    })
}

fn plain() -> impl Strategy<Value = Zoo> {
    let texts = (
        text(),
        option::of(text()),
        option::of(0..2_i64),
        option::of(text()),
    );
    let lists = (vec(text(), 0..3), btree_map("[a-c]", 0..2_i64, 0..3));
    let places = (
        place(),
        option::of(place()),
        option::of(place()),
        place(),
        place(),
        place(),
    );
    (texts, lists, places, tree(), 0..3_i64).prop_map(
        |((name, nick_name, note, pin), (tags, labels), places, tree, visits)| {
            let (home, away, former, one, two, hideout) = places;
            Zoo {
                request: "r".to_owned(),
                name,
                nick_name,
                note,
                tags,
                labels,
                home,
                away,
                former: former.map(Box::new),
                lines: Vec::new(),
                maybe: Vec::new(),
                queue: VecDeque::new(),
                pair: [one, two],
                by_name: BTreeMap::new(),
                deep: BTreeMap::new(),
                visited: BTreeSet::new(),
                hideout,
                pin,
                visits,
                tree,
            }
        },
    )
}

fn zoo() -> impl Strategy<Value = Zoo> {
    let lists = (
        vec(line(), 0..4),
        vec(option::of(line()), 0..4),
        vec(line(), 0..3),
    );
    let maps = (
        btree_map("[a-c]", line(), 0..3),
        btree_map("[a-c]", vec(line(), 0..3), 0..3),
    );
    (plain(), lists, maps, btree_set(place(), 0..3)).prop_map(|(zoo, lists, maps, visited)| {
        let (lines, maybe, queue) = lists;
        let (by_name, deep) = maps;
        Zoo {
            lines,
            maybe,
            queue: queue.into(),
            by_name,
            deep,
            visited,
            ..zoo
        }
    })
}

fn operations(changes: Vec<ZooChange>) -> Vec<Operation> {
    let mut replay = Replay::default();
    for change in changes {
        Zoo::replay(&change, crate::field::Fixed::DOCUMENT, &mut replay);
    }
    replay.into_operations()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn changes_make_the_new_value_of_the_old_document(old in zoo(), mut new in zoo()) {
        new.visits = old.visits;
        let mut stored = document_of(&old).unwrap();
        // What the model does not know stays.
        stored.insert("legacy", 1);
        stored.get_document_mut("home").unwrap().insert("legacy", 2);
        let operations = operations(Differ::between(&old, &new));
        prop_assume!(!operations.is_empty());
        let made = evaluate(&Zoo::META, &stored, &operations, DateTime::now()).unwrap();
        let raw = RawDocumentBuf::try_from(&made).unwrap();
        let read: Zoo = decode_document(&raw).unwrap();
        prop_assert_eq!(&read, &new);
        prop_assert_eq!(made.get_i32("legacy").unwrap(), 1);
        prop_assert_eq!(made.get_document("home").unwrap().get_i32("legacy").unwrap(), 2);
    }

    #[test]
    fn a_change_is_written_at_its_place_alone(old in zoo(), name in "[c-d]") {
        let mut new = old.clone();
        new.name.clone_from(&name);
        let operations = operations(Differ::between(&old, &new));
        let stored = document_of(&old).unwrap();
        let made = evaluate(&Zoo::META, &stored, &operations, DateTime::now()).unwrap();
        let mut expected = stored;
        expected.insert("name", name);
        prop_assert_eq!(made, expected);
    }
}

#[test]
fn a_field_that_never_changes_is_not_written() {
    let change = |new: &str| {
        ZooChange::Request(Change {
            old: "r".to_owned(),
            new: new.to_owned(),
        })
    };
    let stored = doc! { "request": "r" };
    let made = |new| {
        evaluate(
            &Zoo::META,
            &stored,
            &operations(vec![change(new)]),
            DateTime::now(),
        )
    };
    assert_eq!(made("r").unwrap(), stored);
    let error = made("s").unwrap_err();
    assert_eq!(*error.reason(), InvalidReason::Immutable);
}
