//! Dates of another crate, in an index, a filter, a sort and an update.

use chrono::{DateTime, Duration, Utc};
use mongodb::bson::serde_helpers::datetime::FromChrono04DateTime;
use mongodb::bson::{Bson, doc};
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;

use super::{collection, only, raw};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "visits", index(fields(stay.left_at, name)))]
struct Visit {
    name: String,
    #[serde(with = "FromChrono04DateTime")]
    #[monguard(index(expire_after = "2 days"))]
    seen_at: DateTime<Utc>,
    #[serde(flatten)]
    #[monguard(nested)]
    stay: Stay,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
#[serde(rename_all = "camelCase")]
struct Stay {
    #[serde(with = "FromChrono04DateTime")]
    left_at: DateTime<Utc>,
}

fn at(seconds: i64) -> DateTime<Utc> {
    // Far enough ahead that the server removes none of them.
    DateTime::from_timestamp_millis(4_102_444_800_000).unwrap() + Duration::seconds(seconds)
}

fn visit(seconds: i64) -> Visit {
    Visit {
        name: seconds.to_string(),
        seen_at: at(seconds),
        stay: Stay {
            left_at: at(-seconds),
        },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_filters_and_distinct_values_are_by_the_stored_date() {
    let db = TestDb::new().await;
    let visits = collection::<Visit>(&db).await;
    for seconds in [3, 1, 2, 5, 4] {
        visits.by("desk").create(visit(seconds)).await.unwrap();
    }
    let since = || {
        visits
            .find(|v| v.seen_at.gte(at(2)).and(v.stay.left_at.lt(at(0))))
            .sort(|v| v.stay.left_at.descending())
    };
    let mut seen = Vec::new();
    let mut page = since().page(2).select(|v| v.seen_at).await.unwrap();
    loop {
        seen.append(&mut page.items);
        let Some(next) = page.next else { break };
        let text = next.to_string();
        let next = text.parse().unwrap();
        page = since()
            .page(2)
            .after(next)
            .select(|v| v.seen_at)
            .await
            .unwrap();
    }
    assert_eq!(seen, [at(2), at(3), at(4), at(5)]);
    let mut distinct = visits.distinct(|v| v.stay.left_at).await.unwrap();
    distinct.sort_unstable();
    assert_eq!(distinct, [at(-5), at(-4), at(-3), at(-2), at(-1)]);
    let found = visits.find(|v| v.seen_at.is_in([at(1), at(9)])).await;
    assert_eq!(found.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_expire_by_the_date_and_are_stamped_with_one() {
    let db = TestDb::new().await;
    let visits = collection::<Visit>(&db).await;
    let names = raw(&db, "visits").list_index_names().await.unwrap();
    for name in ["seenAt_1", "leftAt_1_name_1"] {
        assert!(names.contains(&name.to_owned()), "{names:?}");
    }
    let desk = visits.by("desk");
    let first = desk.create(visit(1)).await.unwrap().into_stored();
    let update = desk.update(&first).current_date(|v| v.stay.left_at);
    let second = update.await.unwrap();
    let stored = only(&db, "visits").await;
    assert!(matches!(stored.get("leftAt"), Some(Bson::DateTime(_))));
    assert_eq!(stored.get("leftAt"), stored.get("updatedAt"));
    let back = first.changes_since(&second).unwrap();
    let third = desk.update(&second).apply(back).await.unwrap();
    assert_eq!(*third, *first);
    let raw_update = desk
        .update(&third)
        .update_document(doc! { "$currentDate": { "seenAt": true } });
    let fourth = raw_update.await.unwrap();
    assert!(fourth.seen_at < at(0));
    let text = desk
        .update(&fourth)
        .update_document(doc! { "$set": { "leftAt": "today" } });
    assert!(matches!(text.await, Err(Error::InvalidUpdate(_))));
}
