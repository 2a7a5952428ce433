use mongodb::bson::{Bson, DateTime, Document, bson, doc, oid::ObjectId};
use proptest::prelude::*;

use super::{Carrier, Trail, lighten, names, owed_by, stamps_of};
use crate::audit::delta::DeltaOptions;
use crate::audit::entry::{DraftChange, EntryDraft, EntryLimits, entry_of_many};
use crate::audit::models::{ACCOUNT, OPEN, SECRET, account};
use crate::audit::{Delta, mask};
use crate::document::Meta;
use crate::value::Measure;

fn draft(number: u8, change: DraftChange) -> EntryDraft {
    EntryDraft {
        id: ObjectId::from_bytes([number; 12]),
        collection: "orders".to_owned(),
        document_id: Bson::Int32(7),
        user: Some(Bson::String("cs-001".to_owned())),
        timestamp: DateTime::from_millis(1_000),
        trace_id: Some("req".to_owned()),
        custom_data: Some(bson!({ "why": "$asked" })),
        version: i64::from(number).into(),
        from: (number > 1).then(|| i64::from(number - 1).into()),
        prev: (number > 1).then(|| ObjectId::from_bytes([number - 1; 12])),
        image_omitted: false,
        change,
    }
}

fn carrier<'a>(meta: &'a Meta, document: &'a Document) -> Carrier<'a> {
    Carrier {
        meta,
        version_field: "__v",
        collection: "orders",
        document,
        source: None,
    }
}

fn drafts(meta: &Meta, document: &Document) -> Vec<EntryDraft> {
    let (drafts, unknown) = Trail::of(document).unwrap().drafts(carrier(meta, document));
    assert_eq!(unknown, 0);
    drafts
}

/// A document that carries the entry of its creation.
fn created() -> (Document, EntryDraft) {
    let mut document = doc! { "_id": 7, "__v": 1, "updatedBy": "a", "n": 1 };
    let entry = draft(
        1,
        DraftChange::Created {
            after: Some(mask::image(&OPEN, &document)),
        },
    );
    let owed = owed_by(&entry.change, Document::new);
    let trail = Trail::default().with(&entry, owed);
    document.insert("__audit", trail.to_bson());
    (document, entry)
}

#[test]
fn the_image_of_a_creation_is_that_of_the_document() {
    let (document, entry) = created();
    let element = document.get_array("__audit").unwrap()[0]
        .as_document()
        .unwrap();
    assert!(!element.contains_key("after"), "{element}");
    assert_eq!(drafts(&OPEN, &document), [entry]);
}

#[test]
fn who_moves_a_document_on_puts_its_image_in() {
    let (document, entry) = created();
    let mut next = document.clone();
    next.extend(doc! { "__v": 2, "n": 2 });
    let kept = Trail::of(&document)
        .unwrap()
        .kept(carrier(&OPEN, &document), |_| false);
    next.insert("__audit", kept.to_bson());
    assert_eq!(drafts(&OPEN, &next), [entry]);
}

#[test]
fn an_image_that_another_tool_has_changed_is_not_guessed() {
    let (document, _) = created();
    let mut foreign = document.clone();
    foreign.insert("n", 2);
    let without = DraftChange::Created { after: None };
    assert_eq!(drafts(&OPEN, &foreign)[0].change, without);
    let kept = Trail::of(&foreign)
        .unwrap()
        .kept(carrier(&OPEN, &foreign), |_| false);
    foreign.insert("__audit", kept.to_bson());
    assert_eq!(drafts(&OPEN, &foreign)[0].change, without);
}

#[test]
fn an_image_that_the_server_put_in_is_checked() {
    let (document, entry) = created();
    for (n, expected) in [(1, entry.change), (2, DraftChange::Created { after: None })] {
        let mut elements = document.get_array("__audit").unwrap().clone();
        let element = elements[0].as_document_mut().unwrap();
        element.insert(
            "after",
            doc! { "_id": 7, "__v": 1, "updatedBy": "a", "n": n },
        );
        elements.push(bson!({ "f": 1, "o": ObjectId::new(), "v": 2, "a": "update", "at": DateTime::now(), "d": [] }));
        let mut next = doc! { "_id": 7, "__v": 2, "n": 3, "__audit": elements };
        assert_eq!(drafts(&OPEN, &next)[0].change, expected);
        let kept = Trail::of(&next)
            .unwrap()
            .kept(carrier(&OPEN, &next), |_| false);
        next.insert("__audit", kept.to_bson());
        assert_eq!(drafts(&OPEN, &next)[0].change, expected);
    }
}

#[test]
fn the_image_before_a_deletion_is_that_of_the_document_without_the_stamps() {
    let before = doc! { "_id": 7, "__v": 1, "updatedAt": 5, "updatedBy": "a", "n": 1 };
    for (change, extra) in [
        (
            DraftChange::SoftDeleted {
                before: Some(mask::image(&OPEN, &before)),
            },
            doc! {},
        ),
        (
            DraftChange::HardDeleted {
                before: Some(mask::image(&OPEN, &before)),
            },
            doc! { "__tombstone": true, "__replaced": { "__v": 1 } },
        ),
    ] {
        let entry = draft(2, change);
        let owed = owed_by(&entry.change, || stamps_of(&before, "__v"));
        let mut after = before.clone();
        after.extend(
            doc! { "__v": 2, "updatedAt": 6, "updatedBy": "b", "deletedAt": 6, "deletedBy": "b" },
        );
        after.extend(extra);
        let trail = Trail::default().with(&entry, owed);
        after.insert("__audit", trail.to_bson());
        assert_eq!(drafts(&OPEN, &after), [entry]);
    }
}

#[test]
fn what_is_known_to_be_in_the_log_is_not_kept() {
    let (mut document, first) = created();
    let second = draft(2, DraftChange::UpdatedDelta(Delta::default()));
    let trail = Trail::of(&document).unwrap().with(&second, None);
    document.insert("__audit", trail.to_bson());
    let kept = |is_known: fn(ObjectId) -> bool| {
        let kept = Trail::of(&document)
            .unwrap()
            .kept(carrier(&OPEN, &document), is_known);
        let (drafts, _) = kept.drafts(carrier(&OPEN, &document));
        drafts.into_iter().map(|draft| draft.id).collect::<Vec<_>>()
    };
    assert_eq!(kept(|_| false), [first.id, second.id]);
    assert_eq!(kept(|id| id.bytes() == [1; 12]), [second.id]);
    assert!(kept(|_| true).is_empty());
}

#[test]
fn a_trail_that_only_grew_is_what_it_was_and_one_more() {
    let (document, _) = created();
    let second = draft(2, DraftChange::UpdatedDelta(Delta::default()));
    let third = draft(3, DraftChange::UpdatedDelta(Delta::default()));
    let next = |trail: &Trail, entry, is_known: fn(ObjectId) -> bool| {
        trail
            .kept(carrier(&OPEN, &document), is_known)
            .with(entry, None)
    };
    let first = Trail::of(&document).unwrap();
    let two = next(&first, &second, |_| false);
    assert_eq!(two.added_to(&first), None, "it has the image of the first");
    let three = next(&two, &third, |_| false);
    assert_eq!(three.added_to(&two), three.elements().last());
    assert_eq!(three.added_to(&first), None);
    assert_eq!(next(&two, &third, |_| true).added_to(&two), None);
    assert_eq!(two.added_to(&two), None);
    assert_eq!(Trail::NONE.added_to(&two), None);
}

#[test]
fn the_largest_values_leave_an_entry_that_is_too_large_first() {
    let (before, after) = (
        doc! { "a": "x".repeat(300), "b": 1 },
        doc! { "a": "y".repeat(900), "b": 2 },
    );
    let delta = Delta::between(&OPEN, &before, &after, DeltaOptions::default());
    let mut entry = draft(2, DraftChange::UpdatedDelta(delta));
    let mut sizes = Vec::new();
    while lighten(&mut entry) {
        let trail = Trail::default().with(&entry, None).to_bson();
        sizes.push(Measure::of(&trail).bytes);
    }
    assert_eq!(
        sizes.len(),
        2,
        "a number is as small as what would stand for it"
    );
    assert!(sizes[0] < 700 && sizes[1] < 400, "{sizes:?}");
    let trail = Trail::default().with(&entry, None);
    let document = doc! { "_id": 7, "__audit": trail.to_bson() };
    assert_eq!(drafts(&OPEN, &document), [entry.clone()]);
    let limits = EntryLimits::default();
    let shown = entry.into_document(limits).unwrap();
    let metadata = shown.get_document("metadata").unwrap();
    assert!(metadata.get_bool("imageOmitted").unwrap());
    let changes = metadata.get_document("deltaChanges").unwrap();
    assert_eq!(
        changes.get_document("b").unwrap(),
        &doc! { "old": 1, "new": 2 }
    );
}

#[test]
fn what_is_no_entry_of_ours_stays_as_it_is() {
    let (mut document, entry) = created();
    let mut later = document.get_array("__audit").unwrap()[0].clone();
    later.as_document_mut().unwrap().insert("f", 2);
    let foreign = [bson!("text"), bson!({ "o": 1 }), later];
    let mut elements = foreign.to_vec();
    elements.extend(document.get_array("__audit").unwrap().clone());
    document.insert("__audit", elements);
    let trail = Trail::of(&document).unwrap();
    let (drafts, unknown) = trail.drafts(carrier(&OPEN, &document));
    assert_eq!((drafts, unknown), (vec![entry], 3));
    let kept = Trail::of(&document)
        .unwrap()
        .kept(carrier(&OPEN, &document), |_| true);
    assert_eq!(kept.to_bson(), Bson::Array(foreign.to_vec()));
    assert!(Trail::of(&doc! { "__audit": "text" }).is_err());
    assert!(Trail::of(&doc! { "__audit": 1 }).is_err());
    assert_eq!(Trail::of(&doc! {}), Ok(Trail::default()));
}

#[test]
fn the_entry_of_an_operation_over_many_has_an_id_of_its_own() {
    let (mut document, entry) = created();
    let elements = document.get_array_mut("__audit").unwrap();
    elements[0].as_document_mut().unwrap().insert("m", true);
    let id = drafts(&OPEN, &document)[0].id;
    assert_eq!(id, entry_of_many(entry.id, "orders", &bson!(7)));
    assert!(Trail::document_holds(&document, entry.id));
    assert!(!Trail::document_holds(&document, ObjectId::new()));
}

/// The names and types in the table of the page about the format.
fn documented() -> Vec<(String, String)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/audit-format.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (_, section) = page.split_once("## What a document carries").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = rows.map(|row| {
        let (name, rest) = row.split_once("` | ").unwrap();
        let (kind, _) = rest.split_once(" | ").unwrap();
        (name.to_owned(), kind.to_owned())
    });
    cells.collect()
}

/// The names in an element, with the types of their values, as the page has them.
fn shown(parent: &str, element: &Document, names: &mut Vec<(String, String)>) {
    for (name, value) in element {
        let path = format!("{parent}{name}");
        let kind = match (path.as_str(), value) {
            ("v" | "from", _) => "version",
            ("by" | "data" | "d[].o" | "d[].n", _) => "any",
            (_, Bson::Int32(_)) => "Int32",
            (_, Bson::ObjectId(_)) => "ObjectId",
            (_, Bson::Boolean(_)) => "Boolean",
            (_, Bson::String(_)) => "String",
            (_, Bson::DateTime(_)) => "Date",
            (_, Bson::Array(_)) => "Array",
            (_, Bson::Document(_)) => "Document",
            (_, Bson::Binary(_)) => "Binary",
            (path, other) => panic!("{path}: {other:?}"),
        };
        let inside = match (path.as_str(), value) {
            ("d", Bson::Array(places)) => places.iter().filter_map(Bson::as_document).collect(),
            ("owed", Bson::Document(owed)) => vec![owed],
            _ => Vec::new(),
        };
        for place in inside {
            let parent = if path == "d" { "d[]." } else { "owed." };
            shown(parent, place, names);
        }
        names.push((path, kind.to_owned()));
    }
}

#[test]
fn the_documentation_has_every_name_of_an_element() {
    let before = doc! { "_id": 7, "n": [1], "m": 1 };
    let after = doc! { "_id": 7, "n": "one", "m": 2 };
    let image = |document| Some(mask::image(&OPEN, document));
    let delta = Delta::between(&OPEN, &before, &after, DeltaOptions::default());
    let (before_image, after_image) = (image(&before), image(&after));
    let full = DraftChange::Updated {
        before: before_image.clone(),
        after: after_image,
        changes: vec!["n".to_owned()],
    };
    let deletion = DraftChange::SoftDeleted {
        before: before_image,
    };
    let mut made = Vec::new();
    for (change, is_owed) in [
        (DraftChange::UpdatedDelta(delta), false),
        (full, false),
        (deletion, true),
    ] {
        let mut entry = draft(2, change);
        entry.image_omitted = true;
        let was = is_owed.then(|| owed_by(&entry.change, || stamps_of(&before, "__v")));
        let trail = Trail::default().with(&entry, was.flatten()).to_bson();
        let mut element = trail.as_array().unwrap()[0].as_document().unwrap().clone();
        // As the server makes it.
        element.insert(names::IS_OF_MANY, true);
        shown("", &element, &mut made);
    }
    made.sort();
    made.dedup();
    let mut documented = documented();
    documented.sort();
    assert_eq!(documented, made);
    // Beside the names there are five actions.
    let constants = include_str!("names.rs").matches(" const ").count();
    assert_eq!(constants, documented.len() + 5);
}

proptest! {
    #[test]
    fn every_entry_reads_back_as_it_was_written(before in account(), after in account(), kind in 0..6) {
        let (mut before, mut after) = (before, after);
        before.insert("_id", 7);
        after.insert("_id", 7);
        let image = |document| Some(mask::image(&ACCOUNT, document));
        let delta = || Delta::between(&ACCOUNT, &before, &after, DeltaOptions::default());
        let changes = vec!["name".to_owned()];
        let change = match kind {
            0 => DraftChange::Created { after: image(&after) },
            1 => DraftChange::UpdatedDelta(delta()),
            2 => DraftChange::RestoredDelta(delta()),
            3 => DraftChange::Updated { before: image(&before), after: image(&after), changes },
            4 => DraftChange::Restored { before: image(&before), after: image(&after), changes },
            _ => DraftChange::SoftDeleted { before: image(&after) },
        };
        let entry = draft(2, change);
        let owed = owed_by(&entry.change, || stamps_of(&after, "__v"));
        let trail = Trail::default().with(&entry, owed);
        let shown = trail.clone().to_bson().to_string();
        prop_assert!(!shown.contains(SECRET), "{}", shown);
        let mut document = after.clone();
        document.insert("__audit", trail.clone().to_bson());
        // NaN is not equal to itself, but shown alike.
        let expected = format!("{:?}", [entry]);
        prop_assert_eq!(format!("{:?}", drafts(&ACCOUNT, &document)), expected.clone());
        // And from the entry itself, once the document has moved on.
        let kept = Trail::of(&document).unwrap().kept(carrier(&ACCOUNT, &document), |_| false);
        let moved = doc! { "_id": 7, "__audit": kept.to_bson() };
        prop_assert_eq!(format!("{:?}", drafts(&ACCOUNT, &moved)), expected);
    }
}
