//! Flattened structs: handles one level down, fields at the level of the struct around them.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use mongodb::bson::{Bson, DateTime, doc, oid::ObjectId};
use monguard::prelude::*;

use super::stage::{ROUNDS, Random, Specimen, Stage, check_fields, plain};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "flat")]
struct Flat {
    own_field: i64,
    #[serde(flatten)]
    #[monguard(nested)]
    address: Address,
    #[serde(flatten)]
    #[monguard(nested)]
    boxed: Box<Outer>,
    #[monguard(nested)]
    holder: Holder,
    #[monguard(nested)]
    holders: Vec<Holder>,
    #[serde(flatten)]
    #[monguard(nested, audit = "redact")]
    card: Card,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
#[serde(rename_all = "camelCase")]
struct Address {
    street_name: String,
    #[serde(alias = "postcode", skip_serializing_if = "Option::is_none")]
    zip: Option<String>,
    since: DateTime,
    owner: ObjectId,
    kind: Kind,
    labels: BTreeMap<String, i32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "t")]
enum Kind {
    Home,
    Work { floor: i32 },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
#[serde(rename_all = "UPPERCASE")]
struct Outer {
    #[serde(flatten)]
    #[monguard(nested)]
    deep: Deep,
    #[serde(with = "serde_bytes")]
    bytes: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
struct Deep {
    depth: u32,
    #[monguard(nested)]
    point: Point,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
struct Point {
    x: i32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
struct Holder {
    #[serde(flatten)]
    #[monguard(nested)]
    point: Point,
    #[serde(flatten)]
    #[monguard(nested)]
    pin: Pin,
    name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
struct Pin {
    #[monguard(audit = "redact")]
    pin: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
struct Card {
    token: String,
}

const SECRET: &str = "hunter2";

fn holder(random: &mut Random) -> Holder {
    Holder {
        point: Point { x: random.any() },
        pin: Pin {
            pin: SECRET.to_owned(),
        },
        name: random.word(),
    }
}

impl Specimen for Flat {
    fn any(random: &mut Random) -> Self {
        Flat {
            own_field: random.any(),
            address: Address {
                street_name: random.word(),
                zip: random.any::<bool>().then(|| random.word()),
                since: DateTime::from_millis(random.millis()),
                owner: ObjectId::from_bytes(random.any()),
                kind: if random.any() {
                    Kind::Home
                } else {
                    Kind::Work {
                        floor: random.any(),
                    }
                },
                labels: [(random.word(), random.any())].into(),
            },
            boxed: Box::new(Outer {
                deep: Deep {
                    depth: random.any(),
                    point: Point { x: random.any() },
                },
                bytes: random.of(proptest::collection::vec(proptest::num::u8::ANY, 0..4)),
            }),
            holder: holder(random),
            holders: vec![holder(random)],
            card: Card {
                token: SECRET.to_owned(),
            },
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_of_flattened_structs_are_stored_as_serde_writes_them() {
    check_fields!(Flat: own_field, address.street_name, address.zip, address.since, address.owner, address.kind, address.labels);
    check_fields!(Flat: boxed.deep.depth, boxed.deep.point, boxed.deep.point.x, boxed.bytes);
    check_fields!(Flat: holder.point.x, holder.name);
    let paths = Flat::fields();
    assert_eq!(paths.address.street_name.path(), "streetName");
    assert_eq!(paths.boxed.bytes.path(), "BYTES");
    assert_eq!(paths.boxed.deep.point.x.path(), "point.x");
    assert_eq!(paths.holder.point.x.path(), "holder.x");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flattened_field_moves_from_its_old_name_and_keeps_what_is_unknown() {
    let mut stage = Stage::<Flat>::new().await;
    let mut value = stage.pair().0;
    value.address.zip = Some("1".to_owned());
    let created = stage.desk.create(value).await.unwrap().into_stored();
    let raw = stage
        .db
        .database()
        .collection::<mongodb::bson::Document>("flat");
    let rename =
        doc! { "$rename": { "zip": "postcode" }, "$set": { "extra": 1, "holder.extra": 2 } };
    raw.update_one(doc! { "_id": created.id() }, rename)
        .await
        .unwrap();
    let found = stage
        .desk
        .collection()
        .find_by_id(created.id())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.address.zip.as_deref(), Some("1"));

    let mut edited = (*found).clone();
    edited.address.zip = Some("2".to_owned());
    edited.holder.name = "new".to_owned();
    let saved = stage.desk.replace(&found, edited.clone()).await.unwrap();
    let document = stage.stored(&saved).await;
    assert_eq!(document.get_str("zip").ok(), Some("2"));
    assert_eq!(
        (document.get("postcode"), document.get("extra")),
        (None, Some(&Bson::Int32(1)))
    );
    assert_eq!(
        document.get_document("holder").unwrap().get("extra"),
        Some(&Bson::Int32(2))
    );
    let mut known = document.clone();
    known.remove("extra");
    known.get_document_mut("holder").unwrap().remove("extra");
    assert_eq!(plain(&known), plain(&super::stage::written(&edited)));
}

#[tokio::test(flavor = "multi_thread")]
async fn history_and_typed_changes_know_flattened_fields() {
    let mut stage = Stage::<Flat>::new().await;
    let mut value = stage.pair().0;
    value.address.street_name = "old".to_owned();
    let created = stage.desk.create(value).await.unwrap().into_stored();
    let update = stage
        .desk
        .update(&created)
        .set(|o| o.address.street_name, "new");
    let updated = update.await.unwrap();

    let history = stage.desk.collection().history(created.id()).await.unwrap();
    let change = history[1]
        .changed(|o| o.address.street_name)
        .unwrap()
        .unwrap();
    assert_eq!((change.old.as_str(), change.new.as_str()), ("old", "new"));
    assert!(history[1].changed(|o| o.address.zip).unwrap().is_none());
    let replayed = history[1].change.clone();
    assert!(format!("{replayed:?}").contains("streetName"));

    let changes = updated.changes_since(&created).unwrap();
    assert!(
        matches!(&changes[..], [FlatChange::Address(AddressChange::StreetName(change))] if change.new == "new"),
        "{changes:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_flattened_struct_hides_is_in_no_entry_and_no_error() {
    let mut stage = Stage::<Flat>::new().await;
    let value = stage.pair().0;
    let created = stage.desk.create(value).await.unwrap().into_stored();
    let other = "correct horse";
    let update = stage.desk.update(&created);
    let update = update
        .set(|o| o.card.token, other)
        .set(|o| o.holder.pin.pin, other);
    let updated = update.await.unwrap();
    assert_eq!(updated.card.token, other);
    let changes = format!("{:?}", updated.changes_since(&created).unwrap());
    let mut edited = (*updated).clone();
    edited.holders[0].pin.pin = other.to_owned();
    let replaced = stage.desk.replace(&updated, edited).await.unwrap();
    stage.desk.delete(&replaced).await.unwrap();

    let log = entries(&stage.db).await;
    let history = stage.desk.collection().history(created.id()).await.unwrap();
    let error = history[1]
        .changed(|o| o.card.token)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`token`") && error.contains("redacted"),
        "{error}"
    );
    for text in [format!("{log:?}"), format!("{history:?}"), changes, error] {
        assert!(!text.contains(SECRET) && !text.contains(other), "{text}");
    }
    let shown = format!("{log:?}");
    assert!(
        shown.contains("token") && shown.contains("redacted"),
        "{shown}"
    );

    let raw = stage
        .db
        .database()
        .collection::<mongodb::bson::Document>("flat");
    let damage = doc! { "$set": { "token": [other] }, "$unset": { "deletedAt": 1 } };
    raw.update_one(doc! { "_id": created.id() }, damage)
        .await
        .unwrap();
    let error = stage
        .desk
        .collection()
        .find_by_id(created.id())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Decode(_)));
    for text in [format!("{error:?}"), error.to_string()] {
        assert!(!text.contains(other), "{text}");
    }
}

async fn entries(db: &monguard_tests::fixture::TestDb) -> Vec<mongodb::bson::Document> {
    let log = db.database().collection("audit_logs");
    log.find(doc! {})
        .await
        .unwrap()
        .try_collect()
        .await
        .unwrap()
}
