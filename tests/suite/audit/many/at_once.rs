//! A write of many documents as one command, worked out by the server.

use mongodb::bson::{Bson, DateTime, Document, doc};
use monguard::Audit;
use monguard::audit::EntryChange;
use monguard::prelude::*;
use monguard_tests::fixture::{TestClient, TestDb};

use super::stage::{
    Item, Shelf, assert_life, batch, behind, counts, direct, history, raw, stock, stored, text,
};

async fn carried(db: &TestDb) -> (TestClient, Collection<Item>) {
    direct(db, Audit::carried()).await
}

/// Asserts that the last write of the data was so many pipelines, and no batch.
fn assert_pipelines(client: &TestClient, count: usize) {
    let updates = client.commands().named("update");
    assert_eq!(updates.len(), count, "{:?}", client.commands().names());
    for update in updates {
        let statements = update.body.get_array("updates").unwrap();
        let statement = statements[0].as_document().unwrap();
        assert!(statement.get_array("u").is_ok(), "{statement}");
        assert_eq!(statement.get_bool("multi").ok(), Some(true));
        assert!(update.body.contains_key("maxTimeMS"));
        assert!(update.body.contains_key("writeConcern"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_documents_are_one_command() {
    let db = TestDb::new().await;
    let (client, items) = carried(&db).await;
    let made = stock(&items, 1000).await;
    client.commands().clear();
    let mover = items.by("mover");
    let all = mover.update_many(|_| Filter::all());
    let report = all.inc(|i| i.amount, 1).set(|i| i.status, "moved").await;
    assert_eq!(counts(&report.unwrap()), [1000, 1000, 0, 0, 0]);
    assert_pipelines(&client, 1);
    let writes = ["findAndModify", "insert"].map(|name| client.commands().count_on(name, "items"));
    assert_eq!(writes, [0, 0]);
    for item in made.iter().step_by(111) {
        assert_life(&db, &items, item.id(), 2).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_document_has_its_own_old_values_and_no_history_is_lost() {
    let db = TestDb::new().await;
    let (client, items) = carried(&db).await;
    let made = stock(&items, 5).await;
    let mover = items
        .by("mover")
        .trace("t-1")
        .custom_data(doc! { "why": "$asked" });
    mover.update(&made[0]).inc(|i| i.amount, 10).await.unwrap();
    client.commands().clear();
    for round in 0..3 {
        let all = mover.update_many(|_| Filter::all());
        let report = all.inc(|i| i.amount, 5).set(|i| i.shelf.row, round + 1);
        assert_eq!(counts(&report.await.unwrap()), [5, 5, 0, 0, 0]);
    }
    assert_pipelines(&client, 3);
    for (item, version) in [(0, 5), (1, 4), (4, 4)] {
        assert_life(&db, &items, made[item].id(), version).await;
    }
    let now = items.find_by_id(made[0].id()).await.unwrap().unwrap();
    let single = mover.update(&now).inc(|i| i.amount, 1).await.unwrap();
    assert_eq!(single.amount, 27);
    assert_life(&db, &items, made[0].id(), 6).await;
    let history = items.history(made[1].id()).await.unwrap();
    let last = history.last().unwrap();
    assert_eq!(last.trace_id.as_deref(), Some("t-1"));
    assert_eq!(last.custom_data, Some(doc! { "why": "$asked" }.into()));
    assert_eq!(last.user, Some("mover".into()));
    let stamped = stored(&db, made[1].id()).await;
    assert_eq!(
        stamped.get_datetime("updatedAt").ok(),
        Some(&last.timestamp)
    );
    assert_eq!(stamped.get_str("updatedBy").ok(), Some("mover"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_looks_like_an_expression_is_a_text() {
    let db = TestDb::new().await;
    let (client, items) = carried(&db).await;
    let made = stock(&items, 3).await;
    client.commands().clear();
    let mover = items.by("$updatedBy");
    let all = mover.update_many(|_| Filter::all());
    let report = all.set(|i| i.status, "$secret").await.unwrap();
    assert_eq!(report.modified(), 3);
    assert_pipelines(&client, 1);
    for item in made {
        let document = stored(&db, item.id()).await;
        assert_eq!(document.get_str("status").ok(), Some("$secret"));
        assert_eq!(document.get_str("updatedBy").ok(), Some("$updatedBy"));
        assert_life(&db, &items, item.id(), 2).await;
        let history = items.history(item.id()).await.unwrap();
        let shown = format!("{:?}", history[1].change);
        assert!(shown.contains("\"$secret\""), "{shown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_the_same_as_that_of_batches() {
    let mut logs = Vec::new();
    for batched in [false, true] {
        let db = TestDb::new().await;
        let (client, items) = carried(&db).await;
        let hiding = |number| Item {
            secret: Some("s".to_owned()),
            note: Some("n".to_owned()),
            shelf: Shelf {
                row: 1,
                lock: Some("l".to_owned()),
            },
            ..Item::numbered(number)
        };
        let made = items.by("author").create_many((1..=3).map(hiding)).await;
        assert!(made.unwrap().is_complete());
        // Absent, null, and of another width.
        let odd =
            doc! { "$unset": { "secret": "" }, "$set": { "note": Bson::Null, "status": 7_i64 } };
        let second = doc! { "amount": 2 };
        raw(&db, "items").update_one(second, odd).await.unwrap();
        client.commands().clear();
        let mover = items.by("mover");
        let all = mover.update_many(|_| Filter::all());
        let all = all
            .set(|i| i.status, "x")
            .set(|i| i.secret, Some("t".to_owned()))
            .set(|i| i.note, Some("m".to_owned()))
            .set(|i| i.shelf.lock, Some("k".to_owned()))
            .set(|i| i.shelf.row, 1);
        // A raw update is not for the server.
        let report = if batched {
            all.update_document(doc! { "$inc": { "amount": 5 } }).await
        } else {
            all.inc(|i| i.amount, 5).await
        };
        assert_eq!(counts(&report.unwrap()), [3, 3, 0, 0, 0]);
        if !batched {
            assert_pipelines(&client, 1);
        }
        let mut log = Vec::new();
        for document in sorted(&db).await {
            let id = document.get_object_id("_id").unwrap();
            let history = history(&items, id, 2).await;
            let EntryChange::Delta(delta) = &history[1].change else {
                panic!("{history:?}")
            };
            let mut changes: Vec<_> = delta.iter().map(|change| format!("{change:?}")).collect();
            changes.sort();
            log.push(changes);
        }
        logs.push(log);
    }
    assert_eq!(logs[0], logs[1]);
}

async fn sorted(db: &TestDb) -> Vec<Document> {
    let find = raw(db, "items");
    let find = find.find(doc! {}).sort(doc! { "amount": 1 });
    futures_util::TryStreamExt::try_collect(find.await.unwrap())
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_cannot_decide_exactly_goes_through_batches() {
    let db = TestDb::new().await;
    let (client, items) = carried(&db).await;
    let made = stock(&items, 8).await;
    let change = |item: usize, change: Document| {
        let filter = doc! { "_id": made[item].id() };
        let items = raw(&db, "items");
        async move { items.update_one(filter, change).await.unwrap() }
    };
    let amount = |number: Bson| doc! { "$set": { "amount": number } };
    change(0, amount(Bson::Int64(1))).await;
    change(1, amount(Bson::Double(2.0))).await;
    change(2, amount(Bson::Int32(i32::MAX))).await;
    change(3, doc! { "$set": { "__v": 1.0 } }).await;
    change(4, doc! { "$set": { "__v": "five" } }).await;
    change(
        5,
        doc! { "$unset": { "__v": "", "__w": "", "__audit": "", "updatedAt": "" } },
    )
    .await;
    change(6, doc! { "$set": { "updatedAt": Bson::Null } }).await;
    client.commands().clear();

    let mover = items.by("mover");
    let all = mover.update_many(|_| Filter::all()).inc(|i| i.amount, 1);
    let report = all.await.unwrap();

    assert_eq!(counts(&report), [8, 6, 0, 0, 2], "{report:?}");
    let kinds = report
        .failures()
        .iter()
        .map(|failure| match failure.error() {
            Error::InvalidUpdate(_) => (failure.id().as_object_id(), "range"),
            Error::ForeignVersion(_) => (failure.id().as_object_id(), "version"),
            error => panic!("{error:?}"),
        });
    let mut kinds: Vec<_> = kinds.collect();
    kinds.sort_by_key(|(_, kind)| *kind);
    let expected = [
        (Some(made[2].id()), "range"),
        (Some(made[4].id()), "version"),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(client.commands().count("update"), 2);
    for (item, amount) in [(0, 2), (1, 3), (3, 5), (5, 7), (6, 8), (7, 9)] {
        let document = stored(&db, made[item].id()).await;
        assert_eq!(document.get_i32("amount").ok(), Some(amount), "{document}");
    }
    let legacy = stored(&db, made[5].id()).await;
    assert_eq!(legacy.get_i32("__v").ok(), Some(1));
    assert_life(&db, &items, made[7].id(), 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_equal_gets_no_version_from_the_server() {
    let db = TestDb::new().await;
    let (client, items) = carried(&db).await;
    let made = stock(&items, 4).await;
    let wide = doc! { "$set": { "amount": 3.0 } };
    let filter = doc! { "_id": made[2].id() };
    raw(&db, "items").update_one(filter, wide).await.unwrap();
    let before = stored(&db, made[2].id()).await;
    client.commands().clear();
    let mover = items.by("mover");
    let all = mover.update_many(|_| Filter::all()).set(|i| i.amount, 3);
    let report = all.set(|i| i.status, "new").await.unwrap();
    assert_eq!(counts(&report), [4, 3, 1, 0, 0]);
    assert_pipelines(&client, 1);
    assert_eq!(stored(&db, made[2].id()).await, before);
    assert_life(&db, &items, made[0].id(), 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_carries_as_much_as_it_may_is_written_by_itself() {
    let db = TestDb::new().await;
    let client = db.connect().open().await;
    let builder = Monguard::builder(client.database().clone()).audit(Audit::carried());
    let guard = builder.carried_entries(2).build().await.unwrap();
    let items = guard.collection::<Item>();
    let made = stock(&items, 3).await;
    let mover = items.by("mover");
    for version in 2..=6 {
        let all = mover.update_many(|_| Filter::all());
        let report = all.inc(|i| i.amount, 1).await.unwrap();
        assert_eq!(counts(&report), [3, 3, 0, 0, 0], "{report:?}");
        let document = stored(&db, made[0].id()).await;
        assert!(
            document.get_array("__audit").unwrap().len() <= 3,
            "{document}"
        );
        assert_life(&db, &items, made[0].id(), version).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stamps_never_go_back() {
    let db = TestDb::new().await;
    let (client, items) = carried(&db).await;
    let made = stock(&items, 2).await;
    let ahead = DateTime::from_millis(DateTime::now().timestamp_millis() + 60_000);
    let stamp = doc! { "$set": { "updatedAt": ahead } };
    let filter = doc! { "_id": made[0].id() };
    raw(&db, "items").update_one(filter, stamp).await.unwrap();
    client.commands().clear();
    let mover = items.by("mover");
    let all = mover.update_many(|_| Filter::all()).inc(|i| i.amount, 1);
    assert_eq!(all.await.unwrap().modified(), 2);
    assert_pipelines(&client, 1);
    let document = stored(&db, made[0].id()).await;
    assert_eq!(document.get_datetime("updatedAt").ok(), Some(&ahead));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hidden_value_is_carried() {
    const SECRET: &str = "SENTINEL-2b9f11";
    let db = TestDb::new().await;
    let (client, items) = carried(&db).await;
    let value = Item {
        secret: Some(SECRET.to_owned()),
        note: Some(SECRET.to_owned()),
        shelf: Shelf {
            row: 1,
            lock: Some(SECRET.to_owned()),
        },
        ..Item::numbered(1)
    };
    items.by("author").create(value).await.unwrap();
    client.commands().clear();
    let mover = items.by("mover");
    let all = mover.update_many(|_| Filter::all());
    let report = all
        .set(|i| i.status, "shown")
        .set(|i| i.secret, Some(format!("{SECRET}-2")))
        .set(|i| i.shelf.lock, None)
        .await
        .unwrap();
    assert_eq!(report.modified(), 1);
    for field in ["secret", "note", "shelf"] {
        let unset = doc! { "$unset": { field: "" } };
        raw(&db, "items").update_many(doc! {}, unset).await.unwrap();
    }
    let text = text(&db).await;
    assert!(!text.contains(SECRET), "{text}");
    assert!(
        text.contains("redacted") && text.contains("shown"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_others_have_written_since_is_not_written_again() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let (_client, items) = behind(&db, &proxy, Audit::carried()).await;
    let (_direct, straight) = carried(&db).await;
    let made = stock(&straight, 4).await;
    let gate = proxy.on(batch()).hold_reply();
    let mover = items.by("mover");
    let update = tokio::spawn(async move {
        let all = mover.update_many(|_| Filter::all());
        all.inc(|i| i.amount, 100).await
    });
    gate.reached(1).await;
    let rival = straight.by("rival");
    for item in &made[..2] {
        let update = rival.update_latest(item.id()).inc(|i| i.amount, 1);
        update.await.unwrap();
    }
    gate.cut();
    let report = update.await.unwrap().unwrap();
    assert_eq!(report.failed(), 0, "{report:?}");
    for (item, version, amount) in [(0, 3, 102), (1, 3, 103), (2, 2, 103), (3, 2, 104)] {
        let document = stored(&db, made[item].id()).await;
        assert_eq!(document.get_i32("amount").ok(), Some(amount), "{document}");
        assert_life(&db, &straight, made[item].id(), version).await;
    }
}
