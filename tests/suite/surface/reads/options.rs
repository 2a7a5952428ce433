//! The options that all reads share reach the server.

use std::time::Duration;

use mongodb::bson::doc;
use mongodb::options::{Collation, CollationStrength, Hint, ReadConcern, ReadPreference};
use monguard::Query;
use monguard::prelude::*;
use monguard::read::QueryKind;
use monguard_tests::fixture::TestDb;
use monguard_tests::models::Tally;

use super::stage::{collection, last};

/// The options that every read has.
fn with_options<K: QueryKind>(read: Query<'_, Tally, K>) -> Query<'_, Tally, K> {
    read.time_limit(Duration::from_millis(4321))
        .hint(Hint::Keys(doc! { "_id": 1 }))
        .comment("why")
        .selection_criteria(ReadPreference::Primary)
        .read_concern(ReadConcern::local())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_read_sends_its_options() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let id = tallies
        .by("desk")
        .create(Tally { total: 1 })
        .await
        .unwrap()
        .id();
    let all = |_| Filter::all();
    let check = |command: &str| {
        let sent = last(&db, command);
        assert_eq!(sent.get_str("comment").unwrap(), "why", "{command}");
        let limit = sent
            .get("maxTimeMS")
            .and_then(|limit| limit.as_i64().or_else(|| limit.as_i32().map(i64::from)));
        assert_eq!(limit, Some(4321), "{command}");
        assert_eq!(
            sent.get_document("hint").unwrap(),
            &doc! { "_id": 1 },
            "{command}"
        );
        let concern = sent.get_document("readConcern").unwrap();
        assert_eq!(concern.get_str("level").unwrap(), "local", "{command}");
        db.commands().clear();
    };
    with_options(tallies.find(all)).await.unwrap();
    check("find");
    with_options(tallies.find_one(all)).await.unwrap();
    check("find");
    with_options(tallies.find(all).page(3)).await.unwrap();
    check("find");
    with_options(tallies.find_by_ids([id])).await.unwrap();
    check("find");
    with_options(tallies.exists(all)).await.unwrap();
    check("find");
    with_options(tallies.count(all)).await.unwrap();
    check("aggregate");
    with_options(tallies.aggregate::<Tally>([])).await.unwrap();
    check("aggregate");
    // A server older than 7.1 takes no hint here; what was sent is what counts.
    drop(with_options(tallies.distinct(|t| t.total)).await);
    check("distinct");
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_and_collations_are_asked_for() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let collation = Collation::builder()
        .locale("en")
        .strength(CollationStrength::Primary);
    let find = tallies
        .find(|_| Filter::all())
        .batch_size(7)
        .collation(collation.build());
    drop(find.await);
    let sent = last(&db, "find");
    let size = sent.get("batchSize").unwrap();
    assert!(
        size.as_i32() == Some(7) || size.as_i64() == Some(7),
        "{size}"
    );
    assert_eq!(
        sent.get_document("collation")
            .unwrap()
            .get_str("locale")
            .unwrap(),
        "en"
    );
}
