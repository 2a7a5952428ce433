//! Fields that are stored under an old name.

use mongodb::bson::{Bson, Document, doc, oid::ObjectId};
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "old_names")]
struct Renamed {
    #[serde(alias = "sum", alias = "cents")]
    amount: i64,
    #[serde(alias = "place")]
    #[monguard(nested)]
    address: Address,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
struct Address {
    #[serde(alias = "postcode")]
    zip: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn writing_a_field_unsets_its_old_name_in_the_same_command() {
    let db = TestDb::new().await;
    let log = db.commands();
    let monguard = after_write(db.database().clone()).build().await.unwrap();
    let desk = monguard.collection::<Renamed>().by("desk");
    let raw = db.database().collection::<Document>("old_names");
    let id = ObjectId::new();
    let old = doc! { "_id": id, "cents": 5_i64, "place": { "postcode": "1" } };
    raw.insert_one(old).await.unwrap();

    let found = desk.collection().find_by_id(id).await.unwrap().unwrap();
    assert_eq!((found.amount, found.address.zip.as_str()), (5, "1"));
    log.clear();
    let written = desk
        .update(&found)
        .inc(|o| o.amount, 2)
        .set(|o| o.address.zip, "2")
        .await
        .unwrap();
    assert_eq!((written.amount, written.address.zip.as_str()), (7, "2"));
    assert_eq!(log.count_on("findAndModify", "old_names"), 1);
    assert_eq!(log.count("update"), 0);
    let stored = raw.find_one(doc! { "_id": id }).await.unwrap().unwrap();
    assert_eq!(stored.get("amount"), Some(&Bson::Int64(7)));
    assert_eq!(
        stored.get("address"),
        Some(&Bson::Document(doc! { "zip": "2" }))
    );
    assert!(!stored.contains_key("cents") && !stored.contains_key("place"));

    // What was not written stays where it is.
    let other = doc! { "_id": ObjectId::new(), "sum": 1_i64, "place": { "postcode": "1" } };
    raw.insert_one(&other).await.unwrap();
    let id = other.get_object_id("_id").unwrap();
    desk.update_latest(id).set(|o| o.amount, 2).await.unwrap();
    let stored = raw.find_one(doc! { "_id": id }).await.unwrap().unwrap();
    assert_eq!(stored.get("place"), other.get("place"));
    assert_eq!(
        (stored.get("amount"), stored.get("sum")),
        (Some(&Bson::Int64(2)), None)
    );
}

/// Its fields have changed names with each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "swapped")]
struct Swapped {
    #[serde(rename = "net")]
    amount: i64,
    #[serde(rename = "amount", alias = "sum")]
    gross: i64,
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_name_is_that_of_the_field_which_is_stored_so() {
    let db = TestDb::new().await;
    let monguard = after_write(db.database().clone()).build().await.unwrap();
    let desk = monguard.collection::<Swapped>().by("desk");
    let raw = db.database().collection::<Document>("swapped");
    let id = ObjectId::new();
    let old = doc! { "_id": id, "net": 8_i64, "sum": 10_i64 };
    raw.insert_one(old).await.unwrap();

    let written = desk.update_latest(id).inc(|s| s.gross, 2).await.unwrap();

    let expected = Swapped {
        amount: 8,
        gross: 12,
    };
    assert_eq!(*written, expected);
    let stored = raw.find_one(doc! { "_id": id }).await.unwrap().unwrap();
    assert_eq!(stored.get("amount"), Some(&Bson::Int64(12)));
    assert!(!stored.contains_key("sum"));
}
