//! A map that takes the fields which the model does not declare.

use std::collections::BTreeMap;

use mongodb::bson::{Binary, Bson, DateTime, Document, Regex, Timestamp, doc, oid::ObjectId};
use monguard::error::InvalidReason;
use monguard::prelude::*;

use super::stage::{Random, Specimen, Stage, plain};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "unknown")]
struct Product {
    name: String,
    #[serde(alias = "remark", skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(rename = "createdBy", skip_serializing)]
    #[monguard(created_by)]
    created_by: Option<String>,
    #[serde(flatten)]
    #[monguard(nested)]
    size: Size,
    #[serde(flatten)]
    extra: BTreeMap<String, Bson>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
struct Size {
    width: i32,
}

impl Specimen for Product {
    fn any(random: &mut Random) -> Self {
        product(&random.word(), Document::new())
    }
}

fn product(name: &str, extra: Document) -> Product {
    Product {
        name: name.to_owned(),
        note: None,
        created_by: None,
        size: Size { width: 1 },
        extra: extra.into_iter().collect(),
    }
}

/// A value of each type.
fn everything() -> Document {
    doc! {
        "double": 0.5, "text": "a", "document": { "a": { "b": 1_i64 } }, "list": [1, "a", null],
        "bytes": Binary { subtype: 0_u8.into(), bytes: vec![1] },
        "typed_bytes": Binary { subtype: 0x80_u8.into(), bytes: vec![1] },
        "id": ObjectId::from_bytes([7; 12]), "bool": true, "date": DateTime::from_millis(5), "null": null,
        "regex": Regex { pattern: "a".try_into().unwrap(), options: "i".try_into().unwrap() },
        "code": Bson::JavaScriptCode("a".into()), "int": 1_i32,
        "timestamp": Timestamp { time: 1, increment: 2 }, "long": 1_i64,
        "decimal": "1.50".parse::<mongodb::bson::Decimal128>().unwrap(),
        "least": Bson::MinKey, "most": Bson::MaxKey,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_fields_are_read_and_written_whole_without_what_monguard_owns() {
    let stage = Stage::<Product>::new().await;
    let created = stage.desk.create(product("n", everything())).await.unwrap();
    let created = created.into_stored();
    let extra: Document = created.extra.clone().into_iter().collect();
    assert_eq!(plain(&extra), plain(&everything()));
    assert_eq!(created.created_by.as_deref(), Some("keeper"));
    let stored = stage.stored(&created).await;
    assert!(stored.contains_key("__v") && stored.contains_key("createdAt"));

    let mut edited = (*created).clone();
    edited.extra.remove("double");
    edited.extra.insert("text".to_owned(), Bson::Int32(1));
    edited.extra.insert("new".to_owned(), Bson::Null);
    edited.size.width = 2;
    let saved = stage.desk.replace(&created, edited.clone()).await.unwrap();
    let stored = plain(&stage.stored(&saved).await);
    assert_eq!(stored.get("double"), None);
    assert_eq!(stored.get("text"), Some(&Bson::Int32(1)));
    assert_eq!(stored.get("new"), Some(&Bson::Null));
    assert_eq!(stored.get("width"), Some(&Bson::Int32(2)));
    assert_eq!((saved.version(), &saved.extra), (2.into(), &edited.extra));
    assert!(stage.desk.update(&saved).set(|p| p.name, "m").await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_was_read_is_unchanged_when_it_is_written_back() {
    let stage = Stage::<Product>::new().await;
    let created = stage.desk.create(product("n", everything())).await.unwrap();
    let replaced = stage
        .desk
        .replace(&created, (**created).clone())
        .await
        .unwrap();
    assert!(matches!(replaced.outcome(), Outcome::Unchanged));
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_taken_are_refused_before_anything_is_sent() {
    let stage = Stage::<Product>::new().await;
    let created = stage
        .desk
        .create(product("n", Document::new()))
        .await
        .unwrap();
    for name in [
        "_id",
        "__v",
        "__w",
        "__audit",
        "createdAt",
        "deletedAt",
        "createdBy",
        "name",
        "note",
        "remark",
        "width",
    ] {
        let value = product("n", doc! { name: 1 });
        let create = stage.desk.create(value.clone()).await.map(|_| ());
        let replace = stage
            .desk
            .replace(&created, value.clone())
            .await
            .map(|_| ());
        let by_hand = Stored::from_parts(ObjectId::new(), 1, value).map(|_| ());
        let find = stage
            .desk
            .collection()
            .find(|p| p.extra.key(name).eq(Bson::Null))
            .await;
        for (index, result) in [create, replace, by_hand].into_iter().enumerate() {
            match result {
                Err(Error::InvalidUpdate(error)) => {
                    assert_eq!(
                        (error.path(), error.reason()),
                        (name, &InvalidReason::NameTaken),
                        "{index}"
                    );
                }
                other => panic!("{name}: {other:?}"),
            }
        }
        assert!(
            matches!(find, Err(Error::InvalidFilter(_))),
            "{name}: {find:?}"
        );
    }
    let count = stage
        .desk
        .collection()
        .count(|_| Filter::all())
        .await
        .unwrap();
    assert_eq!(count, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_field_is_found_by_its_name() {
    let stage = Stage::<Product>::new().await;
    stage
        .desk
        .create(product("a", doc! { "colour": "red" }))
        .await
        .unwrap();
    stage
        .desk
        .create(product("b", doc! { "colour": "blue" }))
        .await
        .unwrap();
    let find = stage
        .desk
        .collection()
        .find(|p| p.extra.key("colour").eq(Bson::from("red")));
    let found = find.await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].name, "a");
}
