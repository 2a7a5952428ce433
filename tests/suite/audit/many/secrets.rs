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

/// A crate whose lid has a lock.
#[derive(Clone, Debug, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "crates")]
struct Crate {
    name: String,
    #[serde(default)]
    #[monguard(nested)]
    lid: Option<Shelf>,
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_of_the_kind_that_the_model_says_is_hidden_as_a_whole() {
    for audit in audits().await {
        let db = TestDb::new().await;
        let builder = Monguard::builder(db.database().clone()).audit(audit);
        let crates = builder.build().await.unwrap().collection::<Crate>();
        let desk = crates.by("desk");
        let named = |name: &str| Crate {
            name: name.to_owned(),
            lid: None,
        };
        desk.create(named("a")).await.unwrap();
        // As another tool may have stored it, or an older model.
        let set = mongodb::bson::doc! { "$set": { "lid": SECRET } };
        let all = mongodb::bson::doc! {};
        raw(&db, "crates").update_many(all, set).await.unwrap();
        let open = desk.update_many(|c| c.name.eq("a")).set(|c| c.lid, None);
        assert_eq!(open.await.unwrap().modified(), 1);
        let text = text(&db).await;
        assert!(!text.contains(SECRET), "{text}");
    }
}
