//! Many creates at once.

use monguard::prelude::*;
use monguard::{Audit, BulkOutcome};
use monguard_tests::fixture::TestDb;
use monguard_tests::models::Order;

use super::stage::{Item, assert_life, audits, direct, stock};

#[tokio::test(flavor = "multi_thread")]
async fn each_document_is_created_with_an_entry_of_its_own() {
    for audit in audits().await {
        let db = TestDb::new().await;
        let (_client, items) = direct(&db, audit).await;
        for (number, item) in (1..).zip(stock(&items, 25).await) {
            assert_eq!((item.amount, item.version().get()), (number, Some(1)));
            assert_life(&db, &items, item.id(), 1).await;
            items
                .by("x")
                .update(&item)
                .inc(|i| i.amount, 1)
                .await
                .unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_fails_does_not_hold_up_the_others() {
    for audit in audits().await {
        let db = TestDb::new().await;
        let (_client, items) = direct(&db, audit).await;
        let values = [1, 2, 1, 3].map(Item::numbered);
        let report = items.by("author").create_many(values).await.unwrap();
        let [
            first,
            BulkOutcome::Applied(_),
            third,
            BulkOutcome::Applied(_),
        ] = report.outcomes()
        else {
            panic!("{report:?}")
        };
        // Which of the two equal ones came first is the server's choice.
        let taken = [first, third].map(BulkOutcome::error);
        let taken: Vec<_> = taken.into_iter().flatten().collect();
        assert!(matches!(taken[..], [Error::DuplicateKey(_)]), "{report:?}");
        assert_eq!((report.applied(), report.failures().count()), (3, 1));
        assert_eq!(items.count(|_| Filter::all()).await.unwrap(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotency_key_is_kept_in_a_batch_too() {
    let db = TestDb::new().await;
    let client = db.connect().open().await;
    let guard = Monguard::builder(client.database().clone()).build().await;
    let orders = guard.unwrap().collection::<Order>();
    orders.ensure_indexes().await.unwrap();
    let desk = orders.by("desk");
    let first = desk.create(Order::placed("c-1")).await.unwrap();

    let different = Order {
        amount: 7,
        ..Order::placed("c-1")
    };
    let values = [Order::placed("c-1"), Order::placed("c-2"), different];
    let report = desk.create_many(values).await.unwrap();

    let [
        BulkOutcome::Existing(found),
        BulkOutcome::Applied(_),
        BulkOutcome::Failed(error),
    ] = report.outcomes()
    else {
        panic!("{report:?}")
    };
    assert_eq!(found.id(), first.id());
    assert!(
        matches!(**error, Error::IdempotencyMismatch(_)),
        "{error:?}"
    );
    assert_eq!(orders.history(first.id()).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn none_is_a_create_of_nothing() {
    let db = TestDb::new().await;
    let (client, items) = direct(&db, Audit::after_write()).await;
    client.commands().clear();
    let report = items.by("author").create_many([]).await.unwrap();
    assert!(report.outcomes().is_empty() && report.is_complete());
    assert!(client.commands().names().is_empty());
}
