//! Updates in MongoDB's own words: version-checked and audited like any other.

use mongodb::bson::{Document, doc};
use monguard::error::InvalidReason;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;

use super::stage::{Sale, Total, line, sale, sales};

async fn one(db: &TestDb) -> (Collection<Sale>, Stored<Sale>) {
    let first = Sale {
        points: vec![3, 1, 2],
        lines: vec![line("a", 1), line("b", 2)],
        stock: [("eu".to_owned(), 5)].into(),
        by_region: [("eu".to_owned(), Total { amount: 7 })].into(),
        accounts: [("SECRET".to_owned(), Total { amount: 7 })].into(),
        ..sale(1)
    };
    let sales = sales(db, [first]).await;
    let stored = sales.find_one(|_| Filter::all()).await.unwrap().unwrap();
    (sales, stored)
}

async fn refused(sales: &Collection<Sale>, base: &Stored<Sale>, update: Document) -> Error {
    let desk = sales.by("desk");
    let error = desk.update(base).update_document(update).await.unwrap_err();
    assert!(matches!(error, Error::InvalidUpdate(_)), "{error}");
    error
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raw_update_is_a_version_and_an_entry() {
    let db = TestDb::new().await;
    let (sales, placed) = one(&db).await;
    let desk = sales.by("desk");
    let written = desk
        .update(&placed)
        .update_document(doc! {
            "$set": { "note": "n", "lines.0.count": 9, "stock.us": 4_i64 },
            "$inc": { "byRegion.eu.amount": 1 },
            "$push": { "points": { "$each": [8_i64, 9_i64], "$slice": -4 } },
            "$pull": { "lines": { "skuCode": "b" } },
        })
        .set(|s| s.part_code, "p")
        .await;
    // `lines` as a whole and an element of it.
    assert!(
        matches!(&written, Err(Error::InvalidUpdate(error)) if *error.reason() == InvalidReason::Overlap)
    );
    let written = desk
        .update(&placed)
        .update_document(doc! {
            "$set": { "note": "n", "lines.0.count": 9, "stock.us": 4_i64 },
            "$inc": { "byRegion.eu.amount": 1 },
            "$push": { "points": { "$each": [8_i64, 9_i64], "$slice": -4 } },
        })
        .set(|s| s.part_code, "p")
        .await
        .unwrap();
    assert_eq!(written.version(), 2);
    assert_eq!(written.note.as_deref(), Some("n"));
    assert_eq!(
        (written.part_code.as_str(), written.lines[0].count),
        ("p", 9)
    );
    assert_eq!(
        (written.stock["us"], written.by_region["eu"].amount),
        (4, 8)
    );
    assert_eq!(written.points, [1, 2, 8, 9]);

    let history = sales.history(placed.id()).await.unwrap();
    assert_eq!(history.len(), 2);
    let entry = history.last().unwrap();
    assert_eq!(entry.action, Action::Update);
    let change = entry.changed(|s| s.by_region.key("eu").amount).unwrap();
    assert_eq!(change.unwrap(), Change { old: 7, new: 8 });

    // The same base once more: another write came first.
    let stale = desk
        .update(&placed)
        .update_document(doc! { "$set": { "note": "m" } })
        .await;
    assert!(matches!(stale, Err(Error::Conflict(_))));
    // Nothing to change: no version.
    let same = desk
        .update(&written)
        .update_document(doc! { "$set": { "note": "n" } })
        .await;
    assert_eq!(same.unwrap().version(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raw_update_is_retried_by_modify() {
    let db = TestDb::new().await;
    let (sales, placed) = one(&db).await;
    let desk = sales.by("desk");
    let written = desk
        .modify(placed.id(), |_, update| {
            update.update_document(doc! { "$rename": { "stock.eu": "stock.us" } })
        })
        .await
        .unwrap();
    assert_eq!(written.stock, [("us".to_owned(), 5)].into());
    let latest = desk
        .update_latest(placed.id())
        .update_document(doc! { "$pop": { "points": -1 } })
        .await
        .unwrap();
    assert_eq!(
        (latest.version(), latest.points.as_slice()),
        (3.into(), &[1, 2][..])
    );
}

/// The bug that monguard exists against, in an update: it would write a field `version` that nobody
/// reads, and leave the version as it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_phase_that_writes_version_is_refused() {
    let db = TestDb::new().await;
    let (sales, placed) = one(&db).await;
    for update in [
        doc! { "$inc": { "version": 1 } },
        doc! { "$set": { "note": "n", "version": 2 } },
    ] {
        assert_eq!(
            refused(&sales, &placed, update).await.to_string(),
            format!(
                "write to `Sale` {} in `sales` refused: `version` is not a field of the model: did you mean `__v`?",
                placed.id()
            )
        );
    }
    let error = refused(&sales, &placed, doc! { "$inc": { "__v": 1 } }).await;
    assert!(
        error
            .to_string()
            .ends_with("`__v` is written by monguard alone"),
        "{error}"
    );
    let now = sales.find_by_id(placed.id()).await.unwrap().unwrap();
    assert_eq!(now.version(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raw_update_leaves_a_document_that_the_model_can_read() {
    let db = TestDb::new().await;
    let (sales, placed) = one(&db).await;
    for (update, path) in [
        (doc! { "$set": { "number": "x" } }, "number"),
        (doc! { "$set": { "lines.0.count": -1 } }, "lines.0.count"),
        (doc! { "$inc": { "lines.0.count": -2 } }, "lines.0.count"),
        (doc! { "$push": { "points": "x" } }, "points"),
        (doc! { "$unset": { "number": "" } }, "number"),
        (doc! { "$currentDate": { "partCode": true } }, "partCode"),
        (
            doc! { "$set": { "lines.0": { "skuCode": "x" } } },
            "lines.0",
        ),
    ] {
        let Error::InvalidUpdate(error) = refused(&sales, &placed, update).await else {
            unreachable!()
        };
        assert_eq!(error.path(), path);
        let is_unreadable = matches!(
            error.reason(),
            InvalidReason::Unreadable | InvalidReason::Required
        );
        assert!(is_unreadable, "{error}");
    }
    assert_eq!(sales.history(placed.id()).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_without_a_meaning_here_are_refused_with_what_to_use() {
    let db = TestDb::new().await;
    let (sales, placed) = one(&db).await;
    for (update, words) in [
        (
            doc! { "note": "n" },
            "`note` is no operator: write `$set` and its kin, or use `replace` for a whole document",
        ),
        (
            doc! { "$bit": { "number": { "and": 1 } } },
            "`$bit` cannot be applied on the client: use `$set`, with the value worked out in `modify`",
        ),
        (
            doc! { "$set": { "lines.$.count": 1 } },
            "`lines.$` does not say which element is meant: write an index or `$[]`, or use `first_match`",
        ),
        (
            doc! { "$set": { "_id": 1 } },
            "`_id` never changes after the document's creation",
        ),
        (
            doc! { "$set": { "sum": 1 } },
            "`sum` is not a field of the model: did you mean `total`?",
        ),
        (
            doc! { "$set": { "deletedAt": null } },
            "`deletedAt` is written by monguard alone",
        ),
        (
            doc! { "$set": { "lines.7.count": 1 } },
            "`lines.7.count` cannot be reached, because the stored list has 2 elements",
        ),
    ] {
        let text = refused(&sales, &placed, update).await.to_string();
        assert!(text.contains(words), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_was_stored_under_an_alias_moves_to_its_name() {
    let db = TestDb::new().await;
    let (sales, placed) = one(&db).await;
    let raw = sales.driver_unchecked();
    raw.update_one(
        doc! {},
        doc! { "$unset": { "total": 1 }, "$set": { "sum": 5_i64 } },
    )
    .await
    .unwrap();
    let old = sales.find_by_id(placed.id()).await.unwrap().unwrap();
    let desk = sales.by("desk");
    let written = desk
        .update(&old)
        .update_document(doc! { "$inc": { "total": 1 } })
        .await
        .unwrap();
    assert_eq!(written.total, Some(6));
    let stored = raw.find_one(doc! {}).await.unwrap().unwrap();
    assert!(!stored.contains_key("sum"), "{stored}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_value_shows_in_no_refusal_and_in_no_entry() {
    let db = TestDb::new().await;
    let (sales, placed) = one(&db).await;
    for update in [
        doc! { "$set": { "accounts.SECRET.amuont": "SECRET" } },
        doc! { "$set": { "accounts.SECRET.amount": "SECRET" } },
        doc! { "$inc": { "accounts.SECRET": 1 } },
        doc! { "$push": { "accounts.SECRET": { "SECRET": 1 } } },
    ] {
        let error = refused(&sales, &placed, update.clone()).await;
        assert!(
            !format!("{error} {error:?}").contains("SECRET"),
            "{error} {error:?}"
        );
        let update = sales.by("desk");
        let update = update
            .update(&placed)
            .update_document(doc! { "$set": { "accounts.SECRET.amount": 1_i64 } });
        assert!(!format!("{update:?}").contains("SECRET"), "{update:?}");
    }
    let desk = sales.by("desk");
    desk.update(&placed)
        .update_document(doc! { "$set": { "accounts.SECRET.amount": 77_777_i64 } })
        .await
        .unwrap();
    let log = db.database().collection::<Document>("audit_logs");
    let entry = log.find_one(doc! { "metadata.version": 2 }).await.unwrap();
    let entry = entry.unwrap().to_string();
    assert!(entry.contains("accounts"), "{entry}");
    assert!(
        !entry.contains("SECRET") && !entry.contains("77777"),
        "{entry}"
    );
}
