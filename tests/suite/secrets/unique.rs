//! A unique field that is itself hidden, and a hidden value in the filter of a partial index.

use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};
use monguard_tests::models_secret::{SECRET, text};
use monguard_tests::traces::Traces;

use super::{assert_database_hides, assert_traces_hide, audits, failed};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
#[monguard(collection = "accounts")]
struct Card {
    #[monguard(index(unique), audit = "redact")]
    token: String,
    #[monguard(index(unique = "live"))]
    label: String,
    #[monguard(index(partial = "with_the_secret"))]
    uses: i64,
}

fn with_the_secret() -> Filter<Card> {
    Card::fields().token.eq(SECRET)
}

fn card(label: &str) -> Card {
    Card {
        token: text("token"),
        label: label.to_owned(),
        uses: 1,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_unique_value_is_shown_nowhere() {
    let traces = Traces::record();
    for audit in audits().await {
        let db = TestDb::new().await;
        let guard = after_write(db.database().clone()).audit(audit);
        let cards = guard.build().await.unwrap().collection::<Card>();
        let desk = cards.by("desk");
        let unindexed = failed(desk.get_or_create(|c| c.token, card("a")).await);
        assert!(matches!(unindexed, Error::MissingIndex(_)));
        cards.ensure_indexes().await.unwrap();
        let shown = format!("{:?}", desk.get_or_create(|c| c.token, card("a")));
        assert!(!shown.contains(SECRET), "{shown}");
        let made = desk.get_or_create(|c| c.token, card("a")).await.unwrap();
        let taken = failed(desk.get_or_create(|c| c.label, card("b")).await);
        assert!(matches!(taken, Error::DuplicateKey(_)));
        let count = |_: &Stored<Card>, update: Update<Card>| update.inc(|c| c.uses, 1);
        desk.create_or_modify(|c| c.token, card("a"), count)
            .await
            .unwrap();
        desk.delete_latest(made.id()).await.unwrap();
        let deleted = failed(desk.get_or_create(|c| c.token, card("a")).await);
        assert!(matches!(deleted, Error::Deleted(_)));
        assert_database_hides(&db).await;
    }
    assert_traces_hide(traces);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_does_not_show_the_filters() {
    let db = TestDb::new().await;
    let guard = after_write(db.database().clone()).build().await;
    let cards = guard.unwrap().collection::<Card>();
    let keys = mongodb::bson::doc! { "uses": 1 };
    let plain = mongodb::IndexModel::builder().keys(keys).build();
    let documents = db.database().collection::<Card>("accounts");
    documents.create_index(plain).await.unwrap();
    let conflict = failed(cards.ensure_indexes().await);
    assert!(matches!(conflict, Error::IndexConflict(_)));
    let plan = cards.index_plan().await.unwrap();
    assert!(!format!("{plan:?}").contains(SECRET));
}
