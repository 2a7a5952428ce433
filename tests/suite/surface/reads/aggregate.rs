//! Pipelines over the documents.

use futures_util::TryStreamExt;
use mongodb::bson::{Document, doc};
use monguard::error::InvalidReadReason;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models::Tally;

use super::stage::{collection, insert};

#[derive(Debug, Deserialize, PartialEq)]
struct Sum {
    n: i64,
    total: i64,
}

fn sum() -> Document {
    doc! { "$group": { "_id": null, "n": { "$sum": 1_i64 }, "total": { "$sum": "$total" } } }
}

/// Totals 1, 2 and 4; one of 8 that is soft-deleted, and one of 16 that is being removed.
async fn tallies(db: &TestDb) -> Collection<Tally> {
    let tallies = collection::<Tally>(db).await;
    let desk = tallies.by("desk");
    for total in [1, 2, 4] {
        desk.create(Tally { total }).await.unwrap();
    }
    let gone = desk.create(Tally { total: 8 }).await.unwrap();
    desk.delete(&gone).await.unwrap();
    insert(
        db,
        "tallies",
        vec![doc! { "total": 16_i64, "__tombstone": true }],
    )
    .await;
    tallies
}

#[tokio::test(flavor = "multi_thread")]
async fn results_are_read_into_the_callers_type() {
    let db = TestDb::new().await;
    let tallies = tallies(&db).await;
    let all: Vec<Sum> = tallies.aggregate([sum()]).await.unwrap();
    assert_eq!(all, [Sum { n: 3, total: 7 }]);
    let some = tallies.aggregate::<Sum>([sum()]).filter(|t| t.total.gt(1));
    assert_eq!(some.await.unwrap(), [Sum { n: 2, total: 6 }]);
    let matched = [doc! { "$match": { "total": { "$lt": 4 } } }, sum()];
    let matched = tallies
        .aggregate::<Sum>(matched)
        .matching(filter!(Tally { total.gt(1) }));
    assert_eq!(matched.await.unwrap(), [Sum { n: 1, total: 2 }]);
    let deleted = tallies.aggregate::<Sum>([sum()]).including_deleted();
    assert_eq!(deleted.await.unwrap(), [Sum { n: 4, total: 15 }]);
}

#[tokio::test(flavor = "multi_thread")]
async fn results_are_streamed_each_on_its_own() {
    let db = TestDb::new().await;
    let tallies = tallies(&db).await;
    let stages = [
        doc! { "$sort": { "total": 1 } },
        doc! { "$project": { "n": { "$cond": [{ "$eq": ["$total", 2] }, "two", 1_i64] }, "total": 1 } },
    ];
    let stream = tallies
        .aggregate::<Sum>(stages)
        .batch_size(1)
        .stream()
        .await
        .unwrap();
    let read: Vec<_> = futures_util::StreamExt::collect(stream).await;
    assert_eq!(read.len(), 3);
    assert!(read[0].is_ok() && read[2].is_ok());
    match &read[1] {
        Err(Error::Decode(error)) => assert_eq!(error.path(), Some("n")),
        other => panic!("{other:?}"),
    }
    let documents = tallies.aggregate::<Document>([]).stream().await.unwrap();
    let documents: Vec<Document> = documents.try_collect().await.unwrap();
    assert_eq!(documents.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_collection_is_filtered_where_a_stage_reads_it_again() {
    let db = TestDb::new().await;
    let tallies = tallies(&db).await;
    let union = [doc! { "$unionWith": "tallies" }, sum()];
    let union = tallies.aggregate::<Sum>(union).await.unwrap();
    assert_eq!(union, [Sum { n: 6, total: 14 }]);
    let lookup = [
        doc! { "$limit": 1 },
        doc! { "$lookup": { "from": "tallies", "pipeline": [], "as": "all" } },
        doc! { "$unwind": "$all" },
        doc! { "$replaceWith": "$all" },
        sum(),
    ];
    let lookup = tallies.aggregate::<Sum>(lookup).await.unwrap();
    assert_eq!(lookup, [Sum { n: 3, total: 7 }]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stage_that_writes_is_refused_and_nothing_is_sent() {
    let db = TestDb::new().await;
    let tallies = tallies(&db).await;
    db.commands().clear();
    for stage in [
        doc! { "$out": "copy" },
        doc! { "$facet": { "a": [{ "$merge": "copy" }] } },
    ] {
        let error = tallies.aggregate::<Document>([stage]).await.unwrap_err();
        assert!(error.to_string().contains("driver_unchecked()"), "{error}");
        match error {
            Error::InvalidRead(error) => {
                assert!(matches!(error.reason(), InvalidReadReason::WritingStage(_)));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(db.commands().count("aggregate"), 0);
}
