//! A flattened struct whose values are hidden, in whatever can fail.

use std::collections::BTreeMap;

use mongodb::bson::{Bson, doc, oid::ObjectId};
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};
use monguard_tests::traces::Traces;

use super::{collection, entries, raw};

/// Stands in hidden places only.
const SECRET: &str = "SENTINEL-41fe";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "safes", index(fields(lock.serial_no), unique))]
struct Safe {
    #[monguard(index(unique))]
    name: String,
    #[serde(flatten)]
    #[monguard(nested, audit = "redact")]
    lock: Lock,
    #[monguard(audit = "redact")]
    pins: BTreeMap<String, i64>,
    #[serde(flatten)]
    extra: BTreeMap<String, Bson>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
#[serde(rename_all = "camelCase")]
struct Lock {
    #[serde(alias = "no")]
    serial_no: String,
    turns: i64,
}

fn safe(name: &str, serial: &str) -> Safe {
    Safe {
        name: name.to_owned(),
        lock: Lock {
            serial_no: serial.to_owned(),
            turns: 1,
        },
        pins: BTreeMap::from([(SECRET.to_owned(), 1)]),
        extra: BTreeMap::from([("more".to_owned(), Bson::from("m"))]),
    }
}

fn assert_hides(text: &str) {
    assert!(!text.contains(SECRET), "{text}");
}

fn assert_error_hides(error: &Error) {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        assert_hides(&format!("{error} {error:?} {error:#?}"));
        next = error.source();
    }
}

fn failed<R: std::fmt::Debug>(result: monguard::Result<R>) -> Error {
    match result {
        Ok(done) => panic!("nothing failed: {done:?}"),
        Err(error) => {
            assert_error_hides(&error);
            error
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_of_hidden_flattened_values_show_them_nowhere() {
    let traces = Traces::record();
    let db = TestDb::new().await;
    let unindexed = collection_without_indexes(&db).await.by("desk");
    let missing = failed(
        unindexed
            .get_or_create(|s| s.lock.serial_no, safe("a", SECRET))
            .await,
    );
    assert!(matches!(missing, Error::MissingIndex(_)), "{missing:?}");
    let safes = collection::<Safe>(&db).await;
    let desk = safes.by("desk");
    assert_hides(&format!("{:?}", safes.index_plan().await.unwrap()));
    let first = desk
        .get_or_create(|s| s.lock.serial_no, safe("a", SECRET))
        .await
        .unwrap();
    assert!(first.is_new());
    let taken = failed(desk.create(safe("b", SECRET)).await);
    assert!(matches!(taken, Error::DuplicateKey(_)));
    let taken = failed(desk.get_or_create(|s| s.name, safe("b", SECRET)).await);
    assert!(matches!(taken, Error::DuplicateKey(_)));
    let first = first.into_stored();
    refuses(&desk, &first).await;
    let second = desk
        .update(&first)
        .set(|s| s.lock.turns, 2)
        .set(|s| s.extra.key("more"), Bson::from(2));
    let second = second.when(|s| s.lock.serial_no.eq(SECRET)).await.unwrap();
    failed(
        desk.update(&first)
            .when(|s| s.lock.serial_no.eq(SECRET))
            .inc(|s| s.lock.turns, 1)
            .await,
    );
    failed(
        desk.update(&second)
            .when(|s| s.pins.key(SECRET).gt(5))
            .inc(|s| s.lock.turns, 1)
            .await,
    );
    let etag = second.revision().to_etag();
    assert_hides(&format!("{etag} {:?}", second.revision()));
    desk.delete_latest(first.id()).await.unwrap();
    let deleted = failed(
        desk.get_or_create(|s| s.lock.serial_no, safe("a", SECRET))
            .await,
    );
    assert!(matches!(deleted, Error::Deleted(_)));
    let hidden = second.changes_since(&first).unwrap();
    assert_hides(&format!("{hidden:?}"));
    for entry in entries(&db).await {
        assert_hides(&format!("{entry:?}"));
    }
    for line in traces.lines() {
        assert_hides(&line);
    }
}

/// Creates and updates that fail.
async fn refuses(desk: &Writer<Safe>, first: &Stored<Safe>) {
    let request = desk.get_or_create(|s| s.pins.key(SECRET), safe("c", "c"));
    assert_hides(&format!("{request:?} {request:#?}"));
    failed(request.await);
    let request = desk.create_or_modify(|s| s.pins.key(SECRET), safe("c", "c"), |_, update| update);
    assert_hides(&format!("{request:?} {request:#?}"));
    failed(request.await);
    for refused in [
        desk.update(first)
            .update_document(doc! { "$set": { "turns": SECRET } })
            .await,
        desk.update(first)
            .update_document(doc! { "$inc": { "serialNo": 1 } })
            .await,
        desk.update(first)
            .update_document(doc! { "$set": { "no": SECRET } })
            .await,
        desk.update(first)
            .update_document(doc! { "$inc": { format!("pins.{SECRET}.x"): 1 } })
            .await,
        desk.update(first)
            .inc(|s| s.pins.key(SECRET), i64::MAX)
            .await,
        desk.update(first)
            .update_document(doc! { "$push": { "serialNo": SECRET } })
            .await,
    ] {
        assert!(matches!(failed(refused), Error::InvalidUpdate(_)));
    }
}

async fn collection_without_indexes(db: &TestDb) -> Collection<Safe> {
    let guard = after_write(db.database().clone()).build().await;
    guard.unwrap().collection()
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_of_hidden_flattened_values_show_them_in_no_error() {
    let traces = Traces::record();
    let db = TestDb::new().await;
    let safes = collection::<Safe>(&db).await;
    let odd = doc! {
        "_id": ObjectId::new(), "name": "x", "serialNo": [SECRET], "turns": SECRET,
        "pins": { SECRET: SECRET }, "more": "m",
    };
    raw(&db, "safes").insert_one(odd).await.unwrap();
    let all = || safes.find(|_| Filter::all());
    failed(all().await);
    failed(all().select(|s| s.lock.serial_no).await);
    failed(all().select(|s| s.lock.turns).with_revision().await);
    failed(all().select(|s| s.pins).await);
    failed(all().select(|s| s.pins.key(SECRET)).await);
    failed(safes.distinct(|s| s.lock.turns).await);
    failed(safes.distinct(|s| s.pins.key(SECRET)).await);
    failed(all().page(1).await.map(drop));
    for sort in [
        Safe::fields().lock.serial_no.ascending(),
        Safe::fields().lock.turns.descending(),
        Safe::fields().extra.key("more").ascending(),
        Safe::fields().pins.key(SECRET).ascending(),
    ] {
        let error = failed(all().sort(|_| sort).page(1).await.map(drop));
        assert!(matches!(error, Error::InvalidRead(_)), "{error:?}");
    }
    for filter in [
        doc! { "serialNoo": SECRET },
        doc! { "lock": { "serialNo": SECRET } },
        doc! { format!("pins.{SECRET}.$x"): 1 },
        doc! { "turns": { "$gtt": SECRET } },
        doc! { "$where": SECRET },
        doc! { "turns": { "$regex": format!("({SECRET}") } },
    ] {
        // Found or not: an old server may take what a new one refuses.
        if let Err(error) = all().filter_document(filter).await {
            assert_error_hides(&error);
        }
    }
    for line in traces.lines() {
        assert_hides(&line);
    }
}
