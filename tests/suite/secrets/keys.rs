//! An idempotency key that is itself hidden.

use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};
use monguard_tests::models_secret::text;
use monguard_tests::traces::Traces;

use super::{assert_database_hides, assert_debug_hides, assert_traces_hide, audits, failed};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
#[monguard(collection = "accounts")]
struct Payment {
    #[monguard(idempotency_key, audit = "redact")]
    mandate: String,
    amount: i64,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_idempotency_key_is_shown_nowhere() {
    let traces = Traces::record();
    for audit in audits().await {
        let db = TestDb::new().await;
        let guard = after_write(db.database().clone()).audit(audit);
        let payments = guard.build().await.unwrap().collection::<Payment>();
        let desk = payments.by("desk");
        let payment = |amount| Payment {
            mandate: text("mandate"),
            amount,
        };
        let unindexed = failed(desk.create(payment(1)).await);
        assert!(matches!(unindexed, Error::MissingIndex(_)));
        payments.ensure_indexes().await.unwrap();
        let first = desk.create(payment(1)).await.unwrap().into_stored();
        assert!(!desk.create(payment(1)).await.unwrap().is_new());
        let other = failed(desk.create(payment(2)).await);
        assert!(matches!(other, Error::IdempotencyMismatch(_)));
        let mut edited = (*first).clone();
        edited.mandate = text("other");
        let immutable = failed(desk.replace(&first, edited).await);
        assert!(matches!(immutable, Error::InvalidUpdate(_)));
        let second = desk.update(&first).inc(|o| o.amount, 1).await.unwrap();
        desk.hard_delete(&second).await.unwrap();
        assert_database_hides(&db).await;
        assert_debug_hides(&payments.history(first.id()).await.unwrap());
    }
    assert_traces_hide(traces);
}
