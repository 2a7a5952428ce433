use mongodb::bson::{Bson, Document, bson, doc, oid::ObjectId};

use super::{Delta, DeltaOptions, changed_names};
use crate::{
    audit::models::{ACCOUNT, OPEN, SECRET},
    document::Meta,
};

/// A model that stores its version under another name.
const RENAMED: Meta = Meta::new("Renamed", &[]).version_field("rowVersion");

fn delta(before: &Document, after: &Document) -> Document {
    Delta::between(&OPEN, before, after, DeltaOptions::default()).into_document()
}

fn hidden(before: &Document, after: &Document) -> Document {
    let delta = Delta::between(&ACCOUNT, before, after, DeltaOptions::default());
    assert!(!format!("{delta:?}").contains(SECRET));
    delta.into_document()
}

#[test]
fn every_transition_of_a_list_has_a_delta_of_its_own() {
    let states = [
        doc! {},
        doc! { "t": null },
        doc! { "t": [] },
        doc! { "t": {} },
        doc! { "t": [1] },
        doc! { "t": [null] },
        doc! { "t": { "0": 1 } },
        doc! { "t": [[]] },
        doc! { "t": [[1]] },
        doc! { "t": 1 },
        doc! { "t": [1, 2] },
    ];
    let mut seen = Vec::new();
    for before in &states {
        for after in &states {
            let delta = (before.clone(), delta(before, after));
            assert_eq!(delta.1.is_empty(), before == after);
            assert!(!seen.contains(&delta), "{delta:?}");
            seen.push(delta);
        }
    }
}

#[test]
fn only_what_differs_is_shown_at_any_depth() {
    let before =
        doc! { "a": { "same": 1, "b": { "same": "x", "c": 1 } }, "l": [{ "same": 1, "c": 1 }] };
    let after =
        doc! { "a": { "same": 1, "b": { "same": "x", "c": 2 } }, "l": [{ "same": 1, "c": 2 }] };
    let change = doc! { "old": 1, "new": 2 };
    let expected = doc! { "a.b.c": &change, "l.0.c": &change };
    assert_eq!(delta(&before, &after), expected);

    let before =
        doc! { "address": { "door": SECRET, "street": "a", "former": [{ "door": SECRET }] } };
    let mut after = before.clone();
    after.insert(
        "address",
        doc! { "door": SECRET, "street": "b", "former": [{ "door": SECRET }] },
    );
    let expected = doc! { "address.street": { "old": "a", "new": "b" } };
    assert_eq!(hidden(&before, &after), expected);
}

#[test]
fn a_name_that_a_path_cannot_hold_is_shown_with_its_parent() {
    let cases = [
        (
            doc! { "m": { "a.b": 1, "c": 1 } },
            doc! { "m": { "a.b": 2, "c": 1 } },
            "m",
        ),
        (doc! { "m": { "": 1 } }, doc! { "m": {} }, "m"),
        (
            doc! { "m": { "$set": 1 }, "n": 1 },
            doc! { "m": { "$set": { "x": 1 } }, "n": 1 },
            "m",
        ),
        (doc! { "a.b": 1 }, doc! { "a.b": 2 }, ""),
        (
            doc! { "l": [1, { "a.b": { "c": 1 } }] },
            doc! { "l": [1, { "a.b": { "c": 2 } }] },
            "l.1",
        ),
    ];
    for (before, after, path) in cases {
        let delta = delta(&before, &after);
        assert_eq!(delta.keys().collect::<Vec<_>>(), [path]);
        assert_eq!(
            delta.get_document(path).unwrap().get("fullDocument"),
            Some(&Bson::Boolean(true))
        );
    }
    let beside = delta(&doc! { "a.b": 1, "c": 1 }, &doc! { "a.b": 1, "c": 2 });
    assert_eq!(beside, doc! { "c": { "old": 1, "new": 2 } });
}

#[test]
fn the_whole_document_leaves_out_what_monguard_owns() {
    let before = doc! { "a.b": 1, "__v": 1, "updatedAt": 1, "deletedAt": 1, "__w": 1 };
    let after = doc! { "a.b": 2, "__v": 2, "updatedAt": 2, "deletedAt": 1, "__w": 2 };
    let whole = doc! { "old": { "a.b": 1, "deletedAt": 1 }, "new": { "a.b": 2, "deletedAt": 1 }, "fullDocument": true };
    assert_eq!(delta(&before, &after), doc! { "": whole });
}

#[test]
fn owned_names_are_left_out_at_the_top_only() {
    let owned = [
        "createdAt",
        "updatedAt",
        "createdBy",
        "updatedBy",
        "__v",
        "__w",
        "__audit",
        "__tombstone",
        "idempotentHash",
    ];
    for name in owned {
        assert!(
            delta(&doc! { name: 1 }, &doc! { name: 2 }).is_empty(),
            "{name}"
        );
        let path = format!("data.{name}");
        let nested = delta(&doc! { "data": { name: 1 } }, &doc! { "data": { name: 2 } });
        assert_eq!(nested, doc! { path: { "old": 1, "new": 2 } });
    }
    for name in ["deletedAt", "deletedBy", "_id", "idempotentKey"] {
        assert!(
            !delta(&doc! { name: 1 }, &doc! { name: 2 }).is_empty(),
            "{name}"
        );
    }
    let (before, after) = (
        doc! { "rowVersion": 1, "__v": 1 },
        doc! { "rowVersion": 2, "__v": 2 },
    );
    let delta = Delta::between(&RENAMED, &before, &after, DeltaOptions::default());
    assert_eq!(
        delta.into_document(),
        doc! { "__v": { "old": 1, "new": 2 } }
    );
}

#[test]
fn values_that_are_worth_the_same_do_not_change() {
    let before = doc! { "n": 1, "nan": f64::NAN, "o": { "a": 1, "b": [1_i64] }, "zero": -0.0 };
    let after = doc! { "zero": 0, "o": { "b": [1.0], "a": 1.0 }, "nan": f64::NAN, "n": 1.0 };
    assert!(delta(&before, &after).is_empty());
}

#[test]
fn an_object_id_is_one_value() {
    let (a, b) = (ObjectId::from_bytes([1; 12]), ObjectId::from_bytes([2; 12]));
    assert_eq!(
        delta(&doc! { "r": a }, &doc! { "r": b }),
        doc! { "r": { "old": a, "new": b } }
    );
    let deep = delta(&doc! { "o": { "l": [a] } }, &doc! { "o": { "l": [b] } });
    assert_eq!(
        deep,
        doc! { "o.l.0": { "old": a, "new": b, "fullDocument": true } }
    );
}

#[test]
fn redacted_values_are_masked_and_skipped_ones_left_out() {
    let marker = bson!({ "redacted": true });
    let before =
        doc! { "name": "a", "cardToken": SECRET, "note": SECRET, "oldNote": 1, "oldPin": null };
    let after = doc! { "name": "b", "cardToken": [SECRET], "note": 1, "pin": SECRET };
    let expected = doc! {
        "name": { "old": "a", "new": "b" },
        "cardToken": { "old": marker.clone(), "new": marker.clone() },
        "oldPin": { "old": marker.clone() },
        "pin": { "new": marker.clone() },
    };
    assert_eq!(hidden(&before, &after), expected);
}

#[test]
fn hidden_values_inside_lists_maps_and_wholes_stay_hidden() {
    let marker = bson!({ "redacted": true });
    let before = doc! {
        "address": { "door": SECRET, "memo": SECRET, "former": [{ "door": SECRET, "street": 1 }] },
        "contacts": [{ "door": 1 }, { "memo": SECRET }],
        "byName": { "x.y": { "door": SECRET } },
    };
    let after = doc! {
        "address": { "door": 2, "memo": 2, "former": [{ "door": SECRET, "street": 2 }] },
        "contacts": [{ "door": SECRET }, { "memo": 2 }, { "door": SECRET, "memo": 1, "street": "s" }],
        "byName": { "x.y": { "door": 1 } },
    };
    let whole = bson!({ "x.y": { "door": marker.clone() } });
    let former = |street: i32| bson!({ "door": marker.clone(), "street": street });
    let expected = doc! {
        "address.door": { "old": marker.clone(), "new": marker.clone() },
        "address.former.0": { "old": former(1), "new": former(2), "fullDocument": true },
        "contacts.0.door": { "old": marker.clone(), "new": marker.clone() },
        "contacts.2": { "new": { "door": marker.clone(), "street": "s" } },
        "byName": { "old": whole.clone(), "new": whole, "fullDocument": true },
    };
    assert_eq!(hidden(&before, &after), expected);
}

#[test]
fn a_value_of_the_wrong_kind_is_masked_as_a_whole() {
    let marker = bson!({ "redacted": true });
    let before = doc! { "address": SECRET, "contacts": [SECRET], "byName": { "a": null } };
    let after = doc! { "address": { "street": 1, "door": SECRET }, "contacts": { "0": SECRET }, "byName": { "a": [SECRET] } };
    let expected = doc! {
        "address": { "old": marker.clone(), "new": { "street": 1, "door": marker.clone() } },
        "contacts": { "old": [marker.clone()], "new": marker.clone() },
        "byName.a": { "old": null, "new": marker },
    };
    assert_eq!(hidden(&before, &after), expected);
}

#[test]
fn where_only_skipped_fields_changed_nothing_shows() {
    let long = |memo: i32| vec![bson!({ "street": 1, "memo": memo }); 21];
    let before = doc! { "note": 1, "contacts": long(1), "address": { "former": [{ "memo": 1 }] }, "byName": { "a.b": { "memo": 1 } } };
    let after = doc! { "note": 2, "contacts": long(2), "address": { "former": [{ "memo": 2 }] }, "byName": { "a.b": {} } };
    assert_eq!(hidden(&before, &after), doc! {});
    assert_eq!(
        changed_names(&ACCOUNT, &before, &after),
        Vec::<String>::new()
    );
}

#[test]
fn changed_names_are_in_order_with_the_version() {
    let before = doc! { "name": "a", "pin": SECRET, "__v": 1, "updatedAt": 1, "updatedBy": 1, "__w": 1, "z": 1, "note": 1, "createdAt": 1 };
    let after = doc! { "b": 1, "z": 1.0, "name": "b", "pin": 2, "__v": 2, "updatedAt": 2, "updatedBy": 2, "__w": 2, "__audit": 1, "createdAt": 1 };
    assert_eq!(
        changed_names(&ACCOUNT, &before, &after),
        ["name", "pin", "__v", "b"]
    );
}

#[test]
fn bytes_in_a_delta_of_typescript_are_an_unknown_change() {
    let bytes = doc! {
        "r.buffer.10": { "old": 1, "new": 255 },
        "r.buffer.11": { "old": 1, "new": 2 },
        "p.bytes.0": { "old": 110, "new": 120 },
        "range.low": { "old": 1, "new": 2 },
        "buffer.1": { "old": 1, "new": 2 },
        "x.buffer.1": { "old": 1, "new": "a" },
    };
    let delta = Delta::from_typescript(bytes.clone()).unwrap();
    let read: Vec<_> = delta
        .iter()
        .map(|change| (change.path.as_str(), change.unrecoverable))
        .collect();
    assert_eq!(
        read,
        [
            ("r", true),
            ("p", true),
            ("range.low", false),
            ("buffer.1", false),
            ("x.buffer.1", false)
        ]
    );
    assert_eq!(
        Delta::from_document(bytes.clone()).unwrap().into_document(),
        bytes
    );
    assert!(crate::audit::replay::replay(&delta, doc! { "r": 1 }).is_err());
}

#[test]
fn a_stored_delta_that_is_none_is_an_error() {
    let error = Delta::from_document(doc! { "a": { "old": 1 }, "b": 5 }).unwrap_err();
    assert_eq!(error.to_string(), "the change at `b` is no document");
}
