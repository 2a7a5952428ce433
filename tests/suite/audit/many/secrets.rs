//! What is hidden stays hidden in writes of many documents.

use monguard::prelude::*;
use monguard_tests::fixture::TestDb;

use super::stage::{Item, Shelf, audits, direct, raw, text};

const SECRET: &str = "SENTINEL-8c1d7e";

fn hiding(number: i32) -> Item {
    Item {
        secret: Some(format!("{SECRET}-a")),
        note: Some(format!("{SECRET}-b")),
        shelf: Shelf {
            row: 1,
            lock: Some(format!("{SECRET}-c")),
        },
        ..Item::numbered(number)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hidden_value_is_anywhere_but_in_its_field() {
    for audit in audits().await {
        let db = TestDb::new().await;
        let (_client, items) = direct(&db, audit).await;
        let desk = items.by("desk");
        let report = desk.create_many((1..=4).map(hiding)).await.unwrap();
        assert!(report.is_complete());
        let first = report.outcomes()[0].stored().unwrap().clone();
        let second = report.outcomes()[1].stored().unwrap().clone();
        let all = desk.update_many(|_| Filter::all());
        let hidden = all
            .set(|i| i.secret, format!("{SECRET}-d"))
            .set(|i| i.note, format!("{SECRET}-e"))
            .set(|i| i.shelf.lock, format!("{SECRET}-f"));
        assert_eq!(hidden.await.unwrap().modified(), 4);
        let all = desk.update_many(|_| Filter::all());
        let whole = Shelf {
            row: 2,
            lock: Some(format!("{SECRET}-g")),
        };
        assert_eq!(all.set(|i| i.shelf, whole).await.unwrap().modified(), 4);
        let bulk = desk.bulk().update(&first, |u| u.set(|i| i.status, "stale"));
        let bulk = bulk.delete(&second).create(hiding(4)).await.unwrap();
        assert_eq!(bulk.failures().count(), 3);
        let shown = format!("{bulk:?} {:?}", bulk.outcomes());
        assert!(!shown.contains(SECRET), "{shown}");
        let deleted = desk.delete_many(|i| i.amount.gt(2)).await.unwrap();
        assert!(!format!("{deleted:?}").contains(SECRET));

        // Only the fields themselves hold it.
        let fields = ["secret", "note", "shelf"];
        for field in fields {
            let unset = mongodb::bson::doc! { "$unset": { field: "" } };
            let all = mongodb::bson::doc! {};
            raw(&db, "items").update_many(all, unset).await.unwrap();
        }
        let text = text(&db).await;
        assert!(!text.contains(SECRET), "{text}");
        assert!(text.contains("redacted"), "it is shown that they changed");
    }
}
