//! An order in the hands of three departments.

use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Order, OrderStatus};

async fn orders(db: &TestDb) -> Collection<Order> {
    let monguard = Monguard::builder(db.database().clone())
        .build()
        .await
        .unwrap();
    let orders = monguard.collection::<Order>();
    orders.ensure_indexes().await.unwrap();
    orders
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_goes_from_department_to_department() {
    let db = TestDb::new().await;
    let orders = orders(&db).await;
    let desk = orders.by("cs-001").trace("req-42");
    let warehouse = orders.by("warehouse-001");

    let placed = desk
        .create(Order::placed("c-1"))
        .await
        .unwrap()
        .into_stored();
    assert_eq!(placed.version(), 1);
    let validated = desk
        .update(&placed)
        .when(|o| o.status.eq(OrderStatus::Pending))
        .set(|o| o.status, OrderStatus::Processing)
        .set(|o| o.fulfilment.validated_by, "cs-001")
        .await
        .unwrap();
    assert_eq!(validated.version(), 2);
    let packed = warehouse
        .update(&validated)
        .set(|o| o.fulfilment.tracking, "T-1")
        .await
        .unwrap();
    assert_eq!(packed.fulfilment.tracking.as_deref(), Some("T-1"));

    let stale = warehouse.update(&validated).inc(|o| o.amount, 5).await;
    let Err(Error::Conflict(conflict)) = stale else {
        panic!("{stale:?}")
    };
    let current: Stored<Order> = conflict.current().unwrap();
    assert_eq!(current.version(), 3);
    assert_eq!(*current, *packed);

    let raised = desk
        .modify(placed.id(), |order, update| {
            update.inc(|o| o.amount, order.amount / 10)
        })
        .await
        .unwrap();
    assert_eq!(raised.amount, 110);

    let changes = packed.changes_since(&validated).unwrap();
    assert_eq!(changes.len(), 1, "{changes:?}");

    let deleted = desk.delete(&raised).await.unwrap();
    assert!(orders.find_by_id(placed.id()).await.unwrap().is_none());
    let restored = desk.restore(&deleted).await.unwrap();
    assert_eq!(restored.version(), 6);
    desk.hard_delete(&restored).await.unwrap();
    assert!(
        orders
            .find_by_id(placed.id())
            .including_deleted()
            .await
            .unwrap()
            .is_none()
    );

    let history = orders.history(placed.id()).await.unwrap();
    let versions: Vec<_> = history.iter().map(|entry| entry.version.unwrap()).collect();
    assert_eq!(versions, [1, 2, 3, 4, 5, 6, 7]);
    assert!(
        history.iter().all(monguard::AuditEntry::is_linked),
        "{history:#?}"
    );
    let tracking = history[2]
        .changed(|o| o.fulfilment.tracking)
        .unwrap()
        .unwrap();
    assert_eq!(tracking.new.as_deref(), Some("T-1"));
}
