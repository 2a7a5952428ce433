//! Pages show what one sorted read shows, whatever the values are.

use futures_util::TryStreamExt;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, Bson, DateTime, Document, Timestamp, doc, oid::ObjectId};
use monguard::prelude::*;
use monguard::{Cursor, Sort};
use monguard_tests::fixture::TestDb;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::stage::{collection, insert};

/// A model whose fields hold anything, and may be missing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "things")]
struct Thing {
    #[serde(rename = "_id")]
    #[monguard(id)]
    number: Bson,
    a: Option<Bson>,
    b: Option<Bson>,
    #[monguard(nested)]
    inner: Option<Inner>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
struct Inner {
    c: Option<Bson>,
}

/// No least and greatest key: of two, the embedded server's `$eq` says that they differ, and its
/// `$cmp` that they do not.
fn scalar() -> impl Strategy<Value = Bson> {
    prop_oneof![
        4 => (-1_i32..3).prop_map(Bson::Int32),
        2 => (-1_i64..3).prop_map(Bson::Int64),
        2 => select(&[0.5, 1.0, -0.0, f64::NAN, f64::INFINITY, -1e300][..]).prop_map(Bson::Double),
        1 => select(&["1", "0.5", "NaN", "-2"][..]).prop_map(|text| Bson::Decimal128(text.parse().unwrap())),
        3 => select(&["", "x", "xy", "$a", "ü"][..]).prop_map(Bson::from),
        3 => Just(Bson::Null),
        1 => any::<bool>().prop_map(Bson::Boolean),
        2 => (0_i64..2).prop_map(|millis| DateTime::from_millis(millis).into()),
        1 => (0_u8..2).prop_map(|byte| Bson::ObjectId(ObjectId::from_bytes([byte; 12]))),
        1 => vec(0_u8..2, 0..2).prop_map(|bytes| Bson::Binary(Binary { subtype: BinarySubtype::Generic, bytes })),
        1 => (0_u32..2).prop_map(|time| Bson::Timestamp(Timestamp { time, increment: 1 })),
        1 => (0_i32..2).prop_map(|x| Bson::Document(doc! { "x": x })),
    ]
}

/// Documents of mixed types, with equal, null and missing values.
fn documents() -> impl Strategy<Value = Vec<Document>> {
    let field = || proptest::option::weighted(0.8, scalar());
    vec((field(), field(), field(), any::<bool>()), 0..30).prop_map(|rows| {
        let documents = rows.into_iter().enumerate();
        documents
            .map(|(number, (a, b, c, has_inner))| {
                let id = if number % 3 == 0 {
                    Bson::from(format!("n{number}"))
                } else {
                    Bson::Int32(number.try_into().unwrap())
                };
                let mut document = doc! { "_id": id };
                document.extend(a.map(|a| ("a".to_owned(), a)));
                document.extend(b.map(|b| ("b".to_owned(), b)));
                let inner = c.map(|c| doc! { "c": c }).unwrap_or_default();
                document.extend(has_inner.then(|| ("inner".to_owned(), inner.into())));
                document
            })
            .collect()
    })
}

/// A field, and whether it is sorted downwards.
type Key = (u8, bool);

fn sort(keys: &[Key]) -> Option<Sort<Thing>> {
    let fields = Thing::fields();
    let key = |(field, down): &Key| match (field, down) {
        (0, false) => fields.a.ascending(),
        (0, true) => fields.a.descending(),
        (1, false) => fields.b.ascending(),
        (1, true) => fields.b.descending(),
        (2, false) => fields.inner.c.ascending(),
        (2, true) => fields.inner.c.descending(),
        (_, false) => fields.number.ascending(),
        (_, true) => fields.number.descending(),
    };
    keys.iter().map(key).reduce(Sort::then)
}

/// The sort that pages have, as the driver takes it.
fn whole_sort(keys: &[Key]) -> Document {
    let mut sort = Document::new();
    let mut direction = 1;
    for (field, down) in keys {
        let path = ["a", "b", "inner.c", "_id"][usize::from(*field)];
        if !sort.contains_key(path) && !sort.contains_key("_id") {
            direction = if *down { -1 } else { 1 };
            sort.insert(path, direction);
        }
    }
    if !sort.contains_key("_id") {
        sort.insert("_id", direction);
    }
    sort
}

async fn ids_in_order(db: &TestDb, sort: Document) -> Vec<Bson> {
    let things = db.database().collection::<Document>("things");
    let cursor = things.find(doc! {}).sort(sort).await.unwrap();
    let found: Vec<Document> = cursor.try_collect().await.unwrap();
    let ids = found.into_iter();
    ids.map(|document| document.get("_id").cloned().unwrap())
        .collect()
}

/// All pages forward, then all pages back from the last, and what each way showed.
async fn walk(things: &Collection<Thing>, keys: &[Key], size: u32) -> (Vec<Bson>, Vec<Bson>) {
    let page = |cursor: Option<Cursor>, back: bool| async move {
        let find = things.find(|_| Filter::all());
        let find = match sort(keys) {
            Some(sort) => find.sort(|_| sort),
            None => find,
        };
        let page = find.page(size).select(|t| t.number);
        match (cursor, back) {
            (None, _) => page.await.unwrap(),
            // Through its text, as a client hands it in.
            (Some(cursor), false) => page
                .after(cursor.to_string().parse().unwrap())
                .await
                .unwrap(),
            (Some(cursor), true) => page.before(cursor).await.unwrap(),
        }
    };
    let mut forward = Vec::new();
    let mut last = page(None, false).await;
    forward.append(&mut last.items.clone());
    while let Some(next) = last.next.clone() {
        last = page(Some(next), false).await;
        forward.append(&mut last.items.clone());
    }
    let mut back = last.items.clone();
    while let Some(previous) = last.previous.clone() {
        last = page(Some(previous), true).await;
        back.splice(0..0, last.items.clone());
    }
    (forward, back)
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_mixed_types_are_one_sorted_read_forward_and_back() {
    const CASES: u32 = 60;
    let db = TestDb::new().await;
    let things = collection::<Thing>(&db).await;
    let mut runner = TestRunner::default();
    let cases = (documents(), vec((0_u8..4, any::<bool>()), 0..3), 1_u32..8);
    for _ in 0..CASES {
        let (documents, keys, size) = cases.new_tree(&mut runner).unwrap().current();
        things
            .driver_unchecked()
            .delete_many(doc! {})
            .await
            .unwrap();
        if !documents.is_empty() {
            insert(&db, "things", documents.clone()).await;
        }
        let expected = ids_in_order(&db, whole_sort(&keys)).await;
        let (forward, back) = walk(&things, &keys, size).await;
        assert_eq!(forward, expected, "{keys:?} by {size} of {documents:?}");
        assert_eq!(back, expected, "back, {keys:?} by {size} of {documents:?}");
    }
}
