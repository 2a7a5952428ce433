//! Filters in MongoDB's own words, and the names in them.

use mongodb::bson::{Document, doc};
use monguard::error::InvalidFilterReason;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;

use super::stage::{Sale, line, sale, sales};

/// What the error says: the path, and the name that was meant.
async fn refused(sales: &Collection<Sale>, filter: Document) -> (String, Option<&'static str>) {
    let count = sales.count(|_| Filter::all()).filter_document(filter);
    match count.await {
        Err(Error::InvalidFilter(error)) => match error.reason() {
            InvalidFilterReason::UnknownField(meant) => (error.path().to_owned(), *meant),
            reason => panic!("{reason:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raw_filter_narrows_what_a_read_finds() {
    let db = TestDb::new().await;
    let sales = sales(&db, (1..=6).map(sale)).await;
    let odd = || doc! { "number": { "$mod": [2, 1] } };
    let found = sales
        .find(|s| s.number.gt(1))
        .filter_document(odd())
        .sort(|s| s.number.ascending())
        .await
        .unwrap();
    let numbers: Vec<i64> = found.iter().map(|sale| sale.number).collect();
    assert_eq!(numbers, [3, 5]);
    let count = sales.count(|_| Filter::all()).filter_document(odd()).await;
    assert_eq!(count.unwrap(), 3);
    let exists = sales
        .exists(|s| s.number.eq(2))
        .filter_document(odd())
        .await;
    assert!(!exists.unwrap());
    let one = sales
        .find_one(|s| s.number.gt(2))
        .filter_document(odd())
        .filter_document(doc! { "$expr": { "$lt": ["$number", 5] } })
        .await
        .unwrap();
    assert_eq!(one.unwrap().number, 3);
    // As a part of a filter, and negated.
    let even = sales.count(|s| !Filter::document(odd()).or(s.number.eq(6)));
    assert_eq!(even.await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raw_filter_shows_no_deleted_document() {
    let db = TestDb::new().await;
    let sales = sales(&db, (1..=2).map(sale)).await;
    let first = sales.find_one(|s| s.number.eq(1)).await.unwrap().unwrap();
    sales.by("desk").delete(&first).await.unwrap();
    let any = doc! { "$or": [{ "deletedAt": { "$exists": true } }, { "number": 2_i64 }] };
    let live = sales.count(|_| Filter::all()).filter_document(any.clone());
    assert_eq!(live.await.unwrap(), 1);
    let all = sales.count(|_| Filter::all()).filter_document(any);
    assert_eq!(all.including_deleted().await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_monguard_owns_may_be_named() {
    let db = TestDb::new().await;
    let sales = sales(&db, [sale(1)]).await;
    let owned = doc! { "__v": 1, "createdBy": "desk", "updatedAt": { "$type": "date" }, "_id": { "$exists": true } };
    assert!(sales.exists(|_| Filter::document(owned)).await.unwrap());
}

/// The bug that monguard exists against: phase 2 filters on `version`, where the field is called
/// `__v`, matches nothing, and the workflow silently stops.
#[tokio::test(flavor = "multi_thread")]
async fn a_phase_that_filters_on_version_is_refused() {
    let db = TestDb::new().await;
    let sales = sales(&db, [sale(1)]).await;
    let desk = sales.by("desk");
    let placed = sales.find_one(|s| s.number.eq(1)).await.unwrap().unwrap();
    let phase_1 = desk.update(&placed).set(|s| s.note, "taken").await.unwrap();

    let by_version = || doc! { "version": phase_1.version().get() };
    let found = sales
        .find_one(|s| s.number.eq(1))
        .filter_document(by_version())
        .await;
    assert_eq!(
        found.unwrap_err().to_string(),
        "filter on `Sale` in `sales` refused: `version` is not a field of the model: did you mean `__v`?"
    );
    let phase_2 = desk
        .update(&phase_1)
        .when_document(by_version())
        .set(|s| s.note, "packed")
        .await;
    assert!(matches!(phase_2, Err(Error::InvalidFilter(_))));
    let phase_2 = desk
        .update(&phase_1)
        .when_document(doc! { "__v": phase_1.version().get() })
        .set(|s| s.note, "packed")
        .await;
    assert_eq!(phase_2.unwrap().version(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_the_model_lacks_is_refused_with_the_one_that_was_meant() {
    let db = TestDb::new().await;
    let sales = sales(&db, [sale(1)]).await;
    for (filter, path, meant) in [
        (doc! { "part_code": "a" }, "part_code", Some("partCode")),
        (doc! { "partCoed": "a" }, "partCoed", Some("partCode")),
        (doc! { "sum": 5 }, "sum", Some("total")),
        (doc! { "id": 5 }, "id", Some("_id")),
        (doc! { "colour": 5 }, "colour", None),
        (
            doc! { "lines.0.sku_code": "a" },
            "lines.0.sku_code",
            Some("skuCode"),
        ),
        (
            doc! { "lines.$[].cuont": 1 },
            "lines.$[].cuont",
            Some("count"),
        ),
        (
            doc! { "$or": [{ "number": 1 }, { "$and": [{ "lines": { "$elemMatch": { "cuont": 1 } } }] }] },
            "lines.cuont",
            Some("count"),
        ),
        (
            doc! { "$expr": { "$eq": ["$version", 1] } },
            "version",
            Some("__v"),
        ),
        (
            doc! { "byRegion.eu.amuont": 1 },
            "byRegion.eu.amuont",
            Some("amount"),
        ),
    ] {
        let expected = (path.to_owned(), meant);
        assert_eq!(refused(&sales, filter).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_shows_no_key_of_a_hidden_map() {
    let db = TestDb::new().await;
    let sales = sales(&db, [sale(1)]).await;
    let filter = doc! { "accounts.SECRET.amuont": "SECRET" };
    let error = sales.find(|_| Filter::document(filter)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "filter on `Sale` in `sales` refused: `accounts` is not a field of the model: did you mean `amount`?"
    );
    assert!(!format!("{error:?}").contains("SECRET"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_runs_javascript_or_computes_names_is_refused() {
    let db = TestDb::new().await;
    let sales = sales(&db, [sale(1)]).await;
    let scripted = sales.find(|_| Filter::document(doc! { "$where": "this.version > 1" }));
    assert_eq!(
        scripted.await.unwrap_err().to_string(),
        "filter on `Sale` in `sales` refused: `$where` may name fields that cannot be compared with the model's: use `$expr` or other operators, or read through `driver_unchecked`"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_write_takes_a_raw_condition() {
    let db = TestDb::new().await;
    let sales = sales(&db, [sale(1)]).await;
    let desk = sales.by("desk");
    let (holds, fails) = (
        || doc! { "number": { "$mod": [2, 1] } },
        || doc! { "lines": { "$size": 1 } },
    );
    let failed = |error| matches!(error, Err(Error::ConditionFailed(_)));
    let placed = sales.find_one(|_| Filter::all()).await.unwrap().unwrap();

    let stopped = desk.update(&placed).when_document(fails());
    assert!(failed(stopped.push(|s| s.lines, line("a", 1)).await));
    let updated = desk.update(&placed).when_document(holds());
    let updated = updated.set(|s| s.note, "x").await.unwrap();

    let other = || Sale {
        note: Some("y".into()),
        ..sale(1)
    };
    assert!(failed(
        desk.replace(&updated, other()).when_document(fails()).await
    ));
    let replaced = desk.replace(&updated, other()).when_document(holds()).await;
    let replaced = replaced.unwrap();

    assert!(failed(desk.delete(&replaced).when_document(fails()).await));
    let deleted = desk.delete(&replaced).when_document(holds()).await.unwrap();
    assert!(failed(desk.restore(&deleted).when_document(fails()).await));
    let restored = desk.restore(&deleted).when_document(holds()).await.unwrap();
    let removed = desk.hard_delete(&restored).when_document(fails()).await;
    assert!(matches!(removed, Err(Error::ConditionFailed(_))));
    let removed = desk.hard_delete(&restored).when_document(holds()).await;
    removed.unwrap();
    assert_eq!(sales.count(|_| Filter::all()).await.unwrap(), 0);
}
