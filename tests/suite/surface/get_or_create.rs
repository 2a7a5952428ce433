//! One document for one value of a unique field, whoever asks first.

use std::collections::BTreeSet;

use mongodb::bson::doc;
use monguard::error::InvalidReason;
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};
use monguard_tests::models::{Invoice, Order};
use monguard_tests::proxy::Command;
use tokio::task::JoinSet;

use super::indexed::{Member, User, collection, entries, guard, raw, store_anew};

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_creates_and_all_get_the_document() {
    const TASKS: usize = 40;
    let db = TestDb::new().await;
    let desk = collection::<User>(&db).await.by("desk");
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        let desk = desk.clone();
        tasks.spawn(async move {
            desk.get_or_create(|u| u.login_name, User::named("ada"))
                .await
        });
    }
    let got = tasks.join_all().await;
    let got: Vec<Created<User>> = got.into_iter().map(Result::unwrap).collect();
    assert_eq!(got.iter().filter(|created| created.is_new()).count(), 1);
    let ids: BTreeSet<_> = got.iter().map(|created| created.id()).collect();
    assert_eq!(ids.len(), 1);
    assert!(got.iter().all(|created| created.version() == 1));
    assert_eq!(raw(&db, "users").count_documents(doc! {}).await.unwrap(), 1);
    let entries = entries(&db).await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].get_str("action").unwrap(), "create");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_exists_is_returned_as_it_is() {
    let db = TestDb::new().await;
    let desk = collection::<User>(&db).await.by("desk");
    let made = desk
        .get_or_create(|u| u.login_name, User::named("ada"))
        .await
        .unwrap();
    let moved = desk.update(&made).set(|u| u.visits, 7).await.unwrap();
    let got = desk
        .get_or_create(|u| u.login_name, User::named("ada"))
        .await
        .unwrap();
    assert!(!got.is_new() && !got.was_compared());
    assert_eq!((got.visits, got.version()), (7, moved.version()));
    assert_eq!(entries(&db).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_holder_is_an_error_or_does_not_count() {
    let db = TestDb::new().await;
    let desk = collection::<User>(&db).await.by("desk");
    let ada = desk.create(User::with_handle("ada")).await.unwrap();
    desk.delete(&ada).await.unwrap();
    store_anew(&db).await;
    let got = desk
        .get_or_create(|u| u.login_name, User::named("ada"))
        .await;
    let Err(Error::Deleted(deleted)) = got else {
        panic!("{got:?}")
    };
    assert_eq!(deleted.subject().id(), Some(&ada.id().into()));
    let other = User {
        login_name: "ada2".to_owned(),
        ..User::with_handle("ada")
    };
    let made = desk.get_or_create(|u| u.handle, other).await.unwrap();
    assert!(made.is_new());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_unique_value_that_is_taken_is_a_duplicate() {
    let db = TestDb::new().await;
    let desk = collection::<User>(&db).await.by("desk");
    desk.create(User::named("ada")).await.unwrap();
    let other = User {
        login_name: "ada".to_owned(),
        ..User::with_handle("countess")
    };
    let Err(Error::DuplicateKey(error)) = desk.get_or_create(|u| u.handle, other).await else {
        panic!("created")
    };
    assert_eq!(error.fields(), ["loginName"]);
    assert_eq!(entries(&db).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_id_and_the_idempotency_key_are_unique_too() {
    let db = TestDb::new().await;
    let desk = collection::<Invoice>(&db).await.by("desk");
    let made = desk
        .get_or_create(|i| i.number, Invoice::of("n-1", "o-1"))
        .await
        .unwrap();
    assert!(made.is_new());
    let got = desk
        .get_or_create(|i| i.number, Invoice::of("n-1", "o-2"))
        .await
        .unwrap();
    assert_eq!((got.is_new(), &*got.order), (false, "o-1"));
    let got = desk
        .get_or_create(|i| i.order, Invoice::of("n-2", "o-1"))
        .await
        .unwrap();
    assert_eq!((got.is_new(), &*got.number), (false, "n-1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_without_a_unique_index_is_refused() {
    let db = TestDb::new().await;
    let desk = collection::<Member>(&db).await.by("desk");
    let refusal = |result: Result<Created<Member>, Error>| match result {
        Err(Error::InvalidUpdate(error)) => (error.path().to_owned(), error.reason().clone()),
        other => panic!("{other:?}"),
    };
    let got = desk.get_or_create(|m| m.region, Member::of("a@x")).await;
    assert_eq!(
        refusal(got),
        ("region".to_owned(), InvalidReason::NotUnique)
    );
    let users = guard(&db).await.collection::<User>().by("desk");
    let got = users
        .get_or_create(|u| u.login_name, User::named("a"))
        .await;
    let Err(Error::MissingIndex(missing)) = got else {
        panic!("{got:?}")
    };
    assert_eq!(missing.field(), "loginName");
    assert!(missing.to_string().contains("ensure_indexes"));
    users.collection().ensure_indexes().await.unwrap();
    let got = users.get_or_create(|u| u.handle, User::named("a")).await;
    assert!(
        matches!(&got, Err(Error::InvalidUpdate(error)) if *error.reason() == InvalidReason::NoUniqueValue),
        "{got:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_whose_answer_is_lost_is_made_once() {
    let db = TestDb::new().await;
    collection::<User>(&db).await;
    let proxy = db.proxy().await;
    let mut connect = db.connect();
    connect = connect.through(&proxy);
    let client = connect.open().await;
    let monguard = after_write(client.database().clone())
        .build()
        .await
        .unwrap();
    let desk = monguard.collection::<User>().by("desk");
    proxy.on(Command::named("findAndModify")).cut_after();
    let got = desk
        .get_or_create(|u| u.login_name, User::named("ada"))
        .await
        .unwrap();
    assert!(got.is_new());
    assert_eq!(raw(&db, "users").count_documents(doc! {}).await.unwrap(), 1);
    assert_eq!(entries(&db).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_another_request_is_found_and_not_compared() {
    let db = TestDb::new().await;
    let desk = collection::<Order>(&db).await.by("desk");
    desk.create(Order::placed("c")).await.unwrap();
    let mut other = Order::placed("c");
    other.amount = 7;
    assert!(desk.create(other.clone()).await.is_err());
    let got = desk.get_or_create(|o| o.checkout_id, other).await.unwrap();
    assert_eq!((got.is_new(), got.amount), (false, 100));
}
