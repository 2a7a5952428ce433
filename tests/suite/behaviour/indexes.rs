//! The indexes that monguard's promises rest on.

use mongodb::IndexModel;
use mongodb::bson::{Document, doc};
use mongodb::options::{Collation, IndexOptions};
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Order, Payment, Tally};

use super::stage::{guard, raw};

async fn make(db: &TestDb, collection: &str, keys: Document, options: IndexOptions) {
    let index = IndexModel::builder().keys(keys).options(options).build();
    raw(db, collection).create_index(index).await.unwrap();
}

fn named(name: &str) -> IndexOptions {
    IndexOptions::builder().name(name.to_owned()).build()
}

async fn orders(db: &TestDb) -> Collection<Order> {
    guard(db).await.collection()
}

/// Checks that the index named so is said to be in the way, and that nothing was dropped.
async fn assert_in_the_way(db: &TestDb, existing: &str) {
    let before = raw(db, "orders").list_index_names().await.unwrap();
    let result = orders(db).await.ensure_indexes().await;
    let Err(Error::IndexConflict(conflict)) = result else {
        panic!("{result:?}")
    };
    assert_eq!(conflict.collection(), "orders");
    assert_eq!(conflict.name(), "monguard_key_checkoutId");
    assert_eq!(conflict.existing(), existing);
    let after = raw(db, "orders").list_index_names().await.unwrap();
    assert_eq!(before, after);
    let created = orders(db).await.by("desk").create(Order::placed("c")).await;
    assert!(
        matches!(created, Err(Error::MissingIndex(_))),
        "{created:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn indexes_are_made_once_and_found_afterwards() {
    let db = TestDb::new().await;
    let made = orders(&db).await.ensure_indexes().await.unwrap();
    let names = [
        "orders.monguard_key_checkoutId",
        "audit_logs.monguard_history",
    ];
    assert_eq!(
        (made.made, made.found),
        (names.map(str::to_owned).to_vec(), vec![])
    );
    let found = orders(&db).await.ensure_indexes().await.unwrap();
    assert_eq!(
        (found.made, found.found),
        (vec![], names.map(str::to_owned).to_vec())
    );
    let payments = guard(&db).await.collection::<Payment>();
    let payments = payments.ensure_indexes().await.unwrap();
    assert_eq!(payments.made, ["payments.monguard_key_idempotentKey"]);
    let tallies = guard(&db).await.collection::<Tally>();
    let tallies = tallies.ensure_indexes().await.unwrap();
    assert_eq!((tallies.made.len(), tallies.found.len()), (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_own_unique_index_on_the_key_serves() {
    let db = TestDb::new().await;
    let mut options = named("own");
    options.unique = Some(true);
    make(&db, "orders", doc! { "checkoutId": 1 }, options).await;
    let ensured = orders(&db).await.ensure_indexes().await.unwrap();
    assert_eq!(ensured.found, ["orders.own"]);
    let desk = orders(&db).await.by("desk");
    assert!(desk.create(Order::placed("c")).await.unwrap().is_new());
    assert!(!desk.create(Order::placed("c")).await.unwrap().is_new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_with_other_options_is_in_the_way() {
    let db = TestDb::new().await;
    make(&db, "orders", doc! { "checkoutId": 1 }, named("plain")).await;
    assert_in_the_way(&db, "plain").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_with_other_keys_under_the_name_is_in_the_way() {
    let db = TestDb::new().await;
    let name = "monguard_key_checkoutId";
    make(&db, "orders", doc! { "amount": 1 }, named(name)).await;
    assert_in_the_way(&db, name).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partial_index_that_leaves_documents_out_does_not_serve() {
    let db = TestDb::new().await;
    let mut options = named("partial");
    options.unique = Some(true);
    options.partial_filter_expression = Some(doc! { "amount": { "$gt": 5 } });
    make(&db, "orders", doc! { "checkoutId": 1 }, options).await;
    assert_in_the_way(&db, "partial").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_takes_different_keys_for_one_does_not_serve() {
    let db = TestDb::new().await;
    let mut options = named("whatever_case");
    options.unique = Some(true);
    let collation = Collation::builder().locale("en".to_owned());
    options.collation = Some(
        collation
            .strength(mongodb::options::CollationStrength::Secondary)
            .build(),
    );
    make(&db, "orders", doc! { "checkoutId": 1 }, options).await;
    let desk = orders(&db).await.by("desk");
    let created = desk.create(Order::placed("c")).await;
    assert!(
        matches!(created, Err(Error::MissingIndex(_))),
        "{created:?}"
    );
    // The server keeps indexes of other collations apart, so it is not in the way either.
    let ensured = orders(&db).await.ensure_indexes().await.unwrap();
    assert_eq!(ensured.made[0], "orders.monguard_key_checkoutId");
    assert!(desk.create(Order::placed("c")).await.unwrap().is_new());
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_that_share_a_key_already_are_an_error_that_names_the_index() {
    let db = TestDb::new().await;
    let twice = [doc! { "checkoutId": "c" }, doc! { "checkoutId": "c" }];
    raw(&db, "orders").insert_many(twice).await.unwrap();
    let result = orders(&db).await.ensure_indexes().await;
    let Err(Error::IndexRefused(error)) = result else {
        panic!("{result:?}")
    };
    assert_eq!(error.name(), "monguard_key_checkoutId");
    assert_eq!(error.code(), Some(11000));
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_without_the_key_are_no_duplicates() {
    let db = TestDb::new().await;
    let without = [doc! { "amount": 1 }, doc! { "amount": 2 }];
    raw(&db, "orders").insert_many(without).await.unwrap();
    orders(&db).await.ensure_indexes().await.unwrap();
}
