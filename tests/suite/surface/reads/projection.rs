//! Parts of documents, read as the model reads them.

use std::collections::BTreeMap;

use mongodb::bson::{DateTime, doc, oid::ObjectId};
use monguard::error::InvalidReadReason;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Fulfilment, Order, OrderStatus};
use serde::{Deserializer, Serializer};

use super::stage::{collection, insert, last};

/// A model that serde reads in every way that an attribute can say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "parcels")]
struct Parcel {
    name: String,
    /// Stored as a date, held as milliseconds.
    #[serde(with = "millis")]
    sent_at: i64,
    #[serde(deserialize_with = "shouted")]
    label: String,
    #[serde(default = "seven")]
    days: i32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    #[serde(alias = "kilos")]
    weight: f64,
    note: Option<String>,
    #[monguard(nested)]
    #[serde(default)]
    place: Place,
    #[monguard(nested)]
    stops: Vec<Place>,
    prices: BTreeMap<String, i64>,
    #[monguard(nested)]
    #[serde(deserialize_with = "somewhere")]
    from: Place,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
#[serde(default)]
struct Place {
    street: String,
    door: Option<i32>,
}

impl Default for Place {
    fn default() -> Self {
        let street = "nowhere".to_owned();
        Place {
            street,
            door: Some(1),
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands it over like this
mod millis {
    use super::{DateTime, Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(millis: &i64, to: S) -> Result<S::Ok, S::Error> {
        DateTime::from_millis(*millis).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
        Ok(DateTime::deserialize(from)?.timestamp_millis())
    }
}

fn shouted<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(String::deserialize(from)?.to_uppercase())
}

fn somewhere<'de, D: Deserializer<'de>>(from: D) -> Result<Place, D::Error> {
    let street = String::deserialize(from)?;
    Ok(Place { street, door: None })
}

fn seven() -> i32 {
    7
}

fn place(street: &str, door: i32) -> mongodb::bson::Document {
    doc! { "street": street, "door": door }
}

async fn parcels(db: &TestDb) -> Collection<Parcel> {
    let parcels = collection::<Parcel>(db).await;
    let full = doc! {
        "_id": ObjectId::from_bytes([1; 12]), "name": "full", "sentAt": DateTime::from_millis(5),
        "label": "handle", "days": 2, "notes": ["a"], "weight": 1.5, "note": "n",
        "place": place("a", 1), "stops": [place("b", 2), place("c", 3)],
        "prices": { "eu": 5_i64, "a.b": 6_i64 }, "from": "d", "__v": 3,
    };
    let bare = doc! {
        "_id": ObjectId::from_bytes([2; 12]), "name": "small", "sentAt": DateTime::from_millis(6),
        "label": "x", "kilos": 2.5, "stops": [], "prices": {}, "from": "e",
    };
    insert(db, "parcels", vec![full, bare]).await;
    parcels
}

/// Every field that can be selected, one by one, beside the whole documents.
#[tokio::test(flavor = "multi_thread")]
async fn a_selected_field_is_what_the_whole_document_has() {
    let db = TestDb::new().await;
    let parcels = parcels(&db).await;
    let find = || parcels.find(|_| Filter::all()).sort(|p| p.id.ascending());
    let whole = find().await.unwrap();
    assert_eq!(
        (whole[1].days, whole[1].place.street.as_str()),
        (7, "nowhere")
    );
    macro_rules! assert_same {
        ($($($name:ident).+),*) => {$({
            let selected = find().select(|p| p.$($name).+).await.unwrap();
            let expected: Vec<_> = whole.iter().map(|p| p.$($name).+.clone()).collect();
            assert_eq!(selected, expected, stringify!($($name).+));
        })*};
    }
    assert_same!(
        name,
        sent_at,
        label,
        days,
        notes,
        weight,
        note,
        place.street,
        place.door,
        prices
    );
    let wholes = find().select(|p| (p.place, p.stops, p.from)).await.unwrap();
    for (row, parcel) in wholes.iter().zip(&whole) {
        assert_eq!(
            (&row.0, &row.1, &row.2),
            (&parcel.place, &parcel.stops, &parcel.from)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn elements_and_values_of_maps_are_selected() {
    let db = TestDb::new().await;
    let parcels = parcels(&db).await;
    let full = ObjectId::from_bytes([1; 12]);
    let one = || parcels.find_by_id(full);
    let second = one().select(|p| (p.stops.index(1).street, p.notes.index(0)));
    assert_eq!(
        second.await.unwrap(),
        Some(("c".to_owned(), "a".to_owned()))
    );
    let prices = one().select(|p| (p.prices.key("eu"), p.prices.key("a.b")));
    assert_eq!(prices.await.unwrap(), Some((5, 6)));
    match one().select(|p| p.stops.index(7).street).await.unwrap_err() {
        Error::Decode(error) => assert_eq!(error.path(), Some("stops.7.street")),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_or_wrong_is_an_error_that_names_it() {
    let db = TestDb::new().await;
    let parcels = parcels(&db).await;
    let (id, odd) = (
        ObjectId::from_bytes([3; 12]),
        doc! { "name": 5, "stops": [{ "street": 1 }] },
    );
    let mut odd = odd;
    odd.insert("_id", id);
    insert(&db, "parcels", vec![odd]).await;
    let decode = |error: Error| match error {
        Error::Decode(error) => {
            assert_eq!(error.subject().id(), Some(&id.into()));
            (
                error.path().unwrap().to_owned(),
                error.expected().unwrap().to_owned(),
            )
        }
        other => panic!("{other:?}"),
    };
    let one = || parcels.find_by_id(id);
    let (path, _) = decode(one().select(|p| (p.note, p.name)).await.unwrap_err());
    assert_eq!(path, "name");
    let (path, _) = decode(one().select(|p| p.stops).await.unwrap_err());
    assert_eq!(path, "stops[0].street");
    let missing = decode(one().select(|p| p.sent_at).await.unwrap_err());
    assert_eq!(
        missing,
        ("sentAt".to_owned(), "a field `sentAt`".to_owned())
    );
    // A field whose reader is its own has no inside that could be told.
    match one().select(|p| p.from.street).await.unwrap_err() {
        Error::InvalidRead(error) => {
            assert_eq!(error.path(), "from.street");
            assert_eq!(error.reason(), &InvalidReadReason::ReadAsAWhole);
        }
        other => panic!("{other:?}"),
    }
}

#[derive(Debug, PartialEq, Projection)]
#[monguard(model = "Parcel")]
struct Label {
    #[monguard(path = "label")]
    text: String,
    sent_at: i64,
    #[monguard(path = "id")]
    parcel: ObjectId,
    #[monguard(path = "place.street")]
    street: String,
    #[monguard(path = "place")]
    whole: Place,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_struct_is_read_by_the_names_and_ways_of_its_model() {
    let db = TestDb::new().await;
    let parcels = parcels(&db).await;
    let label = parcels.find_one(|p| p.name.eq("full")).select_as::<Label>();
    let expected = Label {
        text: "HANDLE".to_owned(),
        sent_at: 5,
        parcel: ObjectId::from_bytes([1; 12]),
        street: "a".to_owned(),
        whole: Place {
            street: "a".to_owned(),
            door: Some(1),
        },
    };
    assert_eq!(label.await.unwrap(), Some(expected));
    // The parent is asked for, and not its child beside it, which the server refuses.
    assert_eq!(
        last(&db, "find").get_document("projection").unwrap(),
        &doc! { "_id": 1, "label": 1, "place": 1, "sentAt": 1 }
    );
    let page = parcels
        .find(|_| Filter::all())
        .page(1)
        .select_as::<Label>()
        .await
        .unwrap();
    assert_eq!(page.items[0].text, "HANDLE");
}

#[tokio::test(flavor = "multi_thread")]
async fn selections_leave_out_what_reads_leave_out() {
    let db = TestDb::new().await;
    let orders = collection::<Order>(&db).await;
    let desk = orders.by("desk");
    let made = desk
        .create(Order::placed("c-1"))
        .await
        .unwrap()
        .into_stored();
    desk.delete(&made).await.unwrap();
    insert(
        &db,
        "orders",
        vec![doc! { "amount": 1_i64, "__tombstone": true }],
    )
    .await;
    let find = || orders.find(|_| Filter::all()).select(|o| o.amount);
    assert_eq!(find().await.unwrap(), [0_i64; 0]);
    assert_eq!(find().including_deleted().await.unwrap(), [100]);
    assert_eq!(
        orders
            .find_by_id(made.id())
            .select(|o| o.amount)
            .await
            .unwrap(),
        None
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_beside_a_selection_is_a_base_for_writes() {
    let db = TestDb::new().await;
    let orders = collection::<Order>(&db).await;
    let desk = orders.by("desk");
    let order = Order {
        fulfilment: Fulfilment {
            tracking: Some("T-1".to_owned()),
            ..Fulfilment::default()
        },
        ..Order::placed("c-1")
    };
    let made = desk.create(order).await.unwrap().into_stored();
    let rows = orders.find(|o| o.status.eq(OrderStatus::Pending));
    let rows = rows
        .select(|o| (o.amount, o.fulfilment.tracking))
        .with_revision()
        .await
        .unwrap();
    let (revision, (amount, tracking)) = &rows[0];
    assert!(revision.is_whole());
    assert_eq!((*amount, tracking.as_deref()), (100, Some("T-1")));
    let updated = desk
        .update(revision)
        .set(|o| o.amount, amount + 1)
        .await
        .unwrap();
    assert_eq!((updated.amount, updated.version()), (101, 2.into()));
    // It is the state as read, and no later one.
    assert!(
        desk.update(revision)
            .set(|o| o.amount, 5)
            .await
            .unwrap_err()
            .is_conflict()
    );
    assert_eq!(made.version(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_streamed() {
    use futures_util::TryStreamExt;
    let db = TestDb::new().await;
    let parcels = parcels(&db).await;
    let stream = parcels
        .find(|_| Filter::all())
        .select(|p| p.name)
        .stream()
        .await
        .unwrap();
    let mut names: Vec<String> = stream.try_collect().await.unwrap();
    names.sort_unstable();
    assert_eq!(names, ["full", "small"]);
}
