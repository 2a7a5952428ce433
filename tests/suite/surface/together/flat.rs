//! Flattened structs and unknown fields, and changes that are applied.

use std::collections::BTreeMap;

use mongodb::bson::{Bson, Document, doc};
use monguard::error::InvalidReason;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;

use super::{collection, entries, only, raw};

/// A part whose makers flatten into it, one of them hidden, with whatever else is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "parts")]
pub(super) struct PartOf {
    pub(super) name: String,
    #[serde(flatten)]
    #[monguard(nested)]
    pub(super) size: Size,
    #[serde(flatten)]
    #[monguard(nested, audit = "redact")]
    pub(super) seal: Seal,
    #[serde(flatten)]
    pub(super) extra: BTreeMap<String, Bson>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
#[serde(rename_all = "camelCase")]
pub(super) struct Size {
    pub(super) width_mm: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) height: Option<i32>,
    #[monguard(nested)]
    pub(super) corners: Vec<Corner>,
    #[monguard(nested, audit = "redact")]
    pub(super) inner: Option<Corner>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
pub(super) struct Corner {
    pub(super) at: i32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
pub(super) struct Seal {
    pub(super) code: String,
    #[monguard(nested)]
    pub(super) marks: Vec<Corner>,
}

const SECRET: &str = "hunter2";

pub(super) fn part(name: &str, extra: Document) -> PartOf {
    PartOf {
        name: name.to_owned(),
        size: Size {
            width_mm: 1,
            height: Some(2),
            corners: vec![Corner { at: 1 }, Corner { at: 2 }],
            inner: None,
        },
        seal: Seal {
            code: SECRET.to_owned(),
            marks: vec![Corner { at: 1 }],
        },
        extra: extra.into_iter().collect(),
    }
}

/// The states that are changed from and to.
fn states() -> Vec<PartOf> {
    let first = part(
        "n",
        doc! { "colour": "red", "old": 1, "deep": { "a": 1, "b": [1] } },
    );
    let mut second = first.clone();
    second.size.width_mm = 9;
    second.size.height = None;
    second.size.corners.push(Corner { at: 3 });
    second.size.corners[0].at = 7;
    second.size.inner = Some(Corner { at: 4 });
    second.extra.remove("old");
    second.extra.insert("colour".to_owned(), Bson::Null);
    second
        .extra
        .insert("deep".to_owned(), doc! { "b": [2] }.into());
    let mut third = second.clone();
    third.name.replace_range(.., "m");
    third.seal.code = format!("{SECRET}!");
    third.seal.marks = vec![Corner { at: 5 }, Corner { at: 6 }];
    third.size.corners.truncate(1);
    third.extra = BTreeMap::from([("new".to_owned(), Bson::Int64(1))]);
    let fourth = part("n", doc! {});
    vec![first, second, third, fourth]
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_between_any_two_states_lead_from_one_to_the_other() {
    let db = TestDb::new().await;
    let desk = collection::<PartOf>(&db).await.by("desk");
    let states = states();
    for from in &states {
        for to in &states {
            let first = desk.create(from.clone()).await.unwrap().into_stored();
            let second = desk.replace(&first, to.clone()).await.unwrap();
            let there = second.changes_since(&first).unwrap();
            assert_eq!(there.is_empty(), from == to);
            assert!(!format!("{there:?}").contains(SECRET), "{there:?}");
            let back = first.changes_since(&second).unwrap();
            let update = desk.update(&second).apply(back);
            let third = update.await.unwrap();
            assert_eq!(*third, *from);
            let latest = desk.update_latest(first.id()).apply(there);
            assert_eq!(*latest.await.unwrap(), *to);
        }
    }
    let entries = format!("{:?}", entries(&db).await);
    assert!(!entries.contains(SECRET));
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_apply_to_a_state_that_has_other_unknown_fields() {
    let db = TestDb::new().await;
    let desk = collection::<PartOf>(&db).await.by("desk");
    let first = desk.create(part("n", doc! { "a": 1, "b": 1 })).await;
    let first = first.unwrap().into_stored();
    let mut to = (*first).clone();
    to.extra.insert("a".to_owned(), 2.into());
    to.extra.remove("b");
    let second = desk.replace(&first, to).await.unwrap();
    let changes = second.changes_since(&first).unwrap();
    // Another writer's field, which no model knows.
    let id = first.id();
    let parts = raw(&db, "parts");
    let more = parts.update_one(doc! { "_id": id }, doc! { "$set": { "c": 5, "b": 7 } });
    more.await.unwrap();
    let third = desk.update_latest(id).apply(changes).await.unwrap();
    assert_eq!(
        third.extra,
        BTreeMap::from([("a".to_owned(), 2.into()), ("c".to_owned(), 5.into())])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_fields_are_updated_one_by_one_and_audited() {
    let db = TestDb::new().await;
    let desk = collection::<PartOf>(&db).await.by("desk");
    let first = desk.create(part("n", doc! { "a": 1, "gone": 1 })).await;
    let first = first.unwrap().into_stored();
    let update = desk
        .update(&first)
        .set(|p| p.extra.key("b"), Bson::from("x"))
        .unset(|p| p.extra.key("gone"))
        .set(|p| p.size.width_mm, 5)
        .set(|p| p.seal.code, SECRET.to_owned() + "2");
    let second = update.await.unwrap();
    let extra = doc! { "a": 1, "b": "x" };
    assert_eq!(second.extra, extra.into_iter().collect());
    assert_eq!((second.size.width_mm, second.version().get()), (5, Some(2)));
    let stored = only(&db, "parts").await;
    assert_eq!(stored.get_i32("widthMm").unwrap(), 5);
    assert!(!stored.contains_key("gone") && !stored.contains_key("extra"));
    let entries = entries(&db).await;
    assert_eq!(entries.len(), 2);
    let entry = format!("{:?}", entries[1]);
    assert!(!entry.contains(SECRET), "{entry}");
    for path in ["\"b\"", "\"gone\"", "\"widthMm\"", "\"code\""] {
        assert!(entry.contains(path), "no {path} in {entry}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_taken_are_no_unknown_fields() {
    let db = TestDb::new().await;
    let desk = collection::<PartOf>(&db).await.by("desk");
    let first = desk.create(part("n", doc! {})).await.unwrap();
    let first = first.into_stored();
    db.commands().clear();
    for name in [
        "_id",
        "__v",
        "__w",
        "updatedAt",
        "deletedAt",
        "name",
        "widthMm",
        "code",
        "a.b",
        "$a",
        "",
    ] {
        let update = desk
            .update(&first)
            .set(|p| p.extra.key(name), Bson::Int32(1))
            .await;
        assert!(
            matches!(update, Err(Error::InvalidUpdate(_))),
            "{name}: {update:?}"
        );
        let update = desk.update(&first).unset(|p| p.extra.key(name)).await;
        assert!(
            matches!(update, Err(Error::InvalidUpdate(_))),
            "{name}: {update:?}"
        );
        let mut value = (*first).clone();
        value.extra.insert(name.to_owned(), Bson::Int32(1));
        if name.is_empty() {
            continue;
        }
        let replaced = desk.replace(&first, value.clone()).await;
        let Err(Error::InvalidUpdate(error)) = replaced else {
            panic!("{name}: {replaced:?}")
        };
        let is_name = matches!(
            error.reason(),
            InvalidReason::NameTaken | InvalidReason::Name
        );
        assert!(is_name, "{name}: {error:?}");
        let created = desk.create(value).await;
        assert!(
            matches!(created, Err(Error::InvalidUpdate(_))),
            "{name}: {created:?}"
        );
    }
    assert_eq!(db.commands().count("findAndModify"), 0);
}
