//! What is asked for at the edges: times, numbers of documents, sizes of what an entry carries.

use std::time::Duration;

use mongodb::bson::{Bson, doc};
use monguard::error::InvalidReason;
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};
use monguard_tests::models::Tally;

use super::stage::{Contents, collection, entries, refusal};

#[tokio::test(flavor = "multi_thread")]
async fn no_command_is_sent_without_a_time_limit() {
    let db = TestDb::new().await;
    let builder = after_write(db.database().clone());
    let monguard = builder
        .time_limit(Duration::MAX)
        .margin(Duration::MAX)
        .build();
    let tallies = monguard.await.unwrap().collection::<Tally>();
    let desk = tallies.by("desk");
    let created = desk.create(Tally::default()).await.unwrap();
    let largest = desk.update(&created).inc(|t| t.total, 1);
    let largest = largest.time_limit(Duration::MAX).await.unwrap();
    assert_eq!(largest.version(), 2);
    tallies
        .find_by_id(created.id())
        .time_limit(Duration::MAX)
        .await
        .unwrap();

    // A millisecond may be too short for the server, so what comes of it is not looked at.
    let tiny = Duration::from_nanos(1);
    let _ = tallies.find_by_id(created.id()).time_limit(tiny).await;
    let _ = tallies
        .find(|_| Filter::all())
        .time_limit(Duration::ZERO)
        .await;
    let _ = tallies.count(|_| Filter::all()).time_limit(tiny).await;
    for command in db.commands().all() {
        let Some(limit) = command.body.get("maxTimeMS") else {
            continue;
        };
        let limit = match limit {
            Bson::Int32(limit) => i64::from(*limit),
            Bson::Int64(limit) => *limit,
            other => panic!("{other}"),
        };
        assert!(
            limit >= 1 && limit <= i64::from(i32::MAX),
            "{}",
            command.body
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_may_skip_and_limit_by_any_number() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    tallies.by("desk").create(Tally::default()).await.unwrap();
    let limited = tallies.find(|_| Filter::all()).limit(u32::MAX).await;
    assert_eq!(limited.unwrap().len(), 1);
    let far = i64::MAX.unsigned_abs();
    let skipped = tallies.find(|_| Filter::all()).skip(far).await;
    assert!(skipped.unwrap().is_empty());
    let beyond = tallies.find(|_| Filter::all()).skip(u64::MAX).await;
    assert!(beyond.is_err() || beyond.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_entry_carries_may_not_be_larger_than_the_log_takes() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let created = tallies.by("desk").create(Tally::default()).await.unwrap();
    let contents = Contents::of(&db).await;
    let long = "x".repeat(17 * 1024 * 1024);
    let by_data = tallies.by("desk").custom_data(doc! { "long": &long });
    let by_trace = tallies.by("desk").trace(&long);
    let by_actor = tallies.by(long);
    for desk in [by_data, by_trace, by_actor] {
        for result in [
            desk.create(Tally::default()).await.map(|_| ()),
            desk.update(&created).inc(|t| t.total, 1).await.map(|_| ()),
            desk.delete(&created).await.map(|_| ()),
            desk.hard_delete(&created).await.map(|_| ()),
        ] {
            let reason = refusal(result).0;
            let is_size = matches!(
                reason,
                InvalidReason::EntryTooLarge(..) | InvalidReason::TooLarge(..)
            );
            assert!(is_size, "{reason:?}");
        }
    }
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn custom_data_may_have_any_names() {
    let db = TestDb::new().await;
    let data = doc! { "a.b": 1, "$set": { "x": 1 }, "": null };
    let desk = collection::<Tally>(&db)
        .await
        .by("desk")
        .custom_data(data.clone());
    let created = desk.create(Tally::default()).await.unwrap();
    assert!(matches!(created.outcome(), Outcome::Written), "{created:?}");
    let metadata = entries(&db).await[0]
        .get_document("metadata")
        .unwrap()
        .clone();
    assert_eq!(metadata.get_document("customData").unwrap(), &data);
}
