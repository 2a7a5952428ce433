//! The values of a field.

use mongodb::bson::doc;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Order, OrderStatus};

use super::stage::{collection, insert};

#[tokio::test(flavor = "multi_thread")]
async fn values_are_those_of_live_documents_that_match() {
    let db = TestDb::new().await;
    let orders = collection::<Order>(&db).await;
    let desk = orders.by("desk");
    for (name, status, amount) in [
        ("a", OrderStatus::Pending, 1),
        ("b", OrderStatus::Pending, 2),
        ("c", OrderStatus::Completed, 3),
        ("d", OrderStatus::Processing, 4),
    ] {
        let order = Order {
            status,
            amount,
            ..Order::placed(name)
        };
        let made = desk.create(order).await.unwrap().into_stored();
        if name == "d" {
            desk.delete(&made).await.unwrap();
        }
    }
    let mut found = orders.distinct(|o| o.status).await.unwrap();
    found.sort_by_key(|status| format!("{status:?}"));
    assert_eq!(found, [OrderStatus::Completed, OrderStatus::Pending]);
    let small = orders.distinct(|o| o.status).filter(|o| o.amount.lt(3));
    assert_eq!(small.await.unwrap(), [OrderStatus::Pending]);
    let all = orders.distinct(|o| o.status).including_deleted();
    assert_eq!(all.await.unwrap().len(), 3);
    // A null is none; a document without the field adds nothing.
    let tokens = orders.distinct(|o| o.card_token).await.unwrap();
    assert_eq!(tokens, [None]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_gives_its_elements() {
    let db = TestDb::new().await;
    let orders = collection::<Order>(&db).await;
    for (name, tags) in [("a", vec!["x", "y"]), ("b", vec!["y", "z"]), ("c", vec![])] {
        let tags = tags.into_iter().map(str::to_owned).collect();
        let order = Order {
            tags,
            ..Order::placed(name)
        };
        orders.by("desk").create(order).await.unwrap();
    }
    let mut tags: Vec<String> = orders.distinct_items(|o| o.tags).await.unwrap();
    tags.sort_unstable();
    assert_eq!(tags, ["x", "y", "z"]);
    let matching = orders
        .distinct_items(|o| o.tags)
        .matching(filter!(Order { checkout_id: "a" }));
    assert_eq!(matching.await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_of_another_type_is_an_error_that_names_the_field() {
    let db = TestDb::new().await;
    let orders = collection::<Order>(&db).await;
    insert(
        &db,
        "orders",
        vec![doc! { "amount": "a lot", "fulfilment": { "tracking": 5 } }],
    )
    .await;
    match orders.distinct(|o| o.amount).await.unwrap_err() {
        Error::Decode(error) => assert_eq!(error.path(), Some("amount")),
        other => panic!("{other:?}"),
    }
    match orders
        .distinct(|o| o.fulfilment.tracking)
        .await
        .unwrap_err()
    {
        Error::Decode(error) => assert_eq!(error.path(), Some("fulfilment.tracking")),
        other => panic!("{other:?}"),
    }
}
