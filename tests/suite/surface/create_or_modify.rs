//! A create, or else a read-modify-write: one effect for each call.

use std::time::Duration;

use mongodb::bson::doc;
use monguard::Retry;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use tokio::runtime::Handle;
use tokio::task::{JoinSet, block_in_place};

use super::indexed::{User, collection, entries, raw, store_anew};

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_have_one_effect_each() {
    const TASKS: i64 = 30;
    let db = TestDb::new().await;
    let desk = collection::<User>(&db).await.by("desk");
    let retry = Retry::default()
        .attempts(100_000)
        .first_wait(Duration::from_millis(20))
        .longest_wait(Duration::from_millis(500));
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        let desk = desk.clone();
        tasks.spawn(async move {
            desk.create_or_modify(
                |u| u.login_name,
                User::named("ada"),
                |_, update| update.inc(|u| u.visits, 1),
            )
            .retry(retry)
            .await
        });
    }
    let done = tasks.join_all().await;
    let done: Vec<Created<User>> = done.into_iter().map(Result::unwrap).collect();
    assert_eq!(done.iter().filter(|created| created.is_new()).count(), 1);
    let stored = raw(&db, "users").find_one(doc! {}).await.unwrap().unwrap();
    assert_eq!(stored.get_i64("visits").unwrap(), TASKS);
    let entries = entries(&db).await;
    let actions: Vec<&str> = entries
        .iter()
        .map(|entry| entry.get_str("action").unwrap())
        .collect();
    assert_eq!(actions.len(), usize::try_from(TASKS).unwrap());
    assert_eq!(actions[0], "create");
    assert!(actions[1..].iter().all(|action| *action == "update"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_closure_sees_what_is_stored_and_may_change_nothing() {
    let db = TestDb::new().await;
    let desk = collection::<User>(&db).await.by("desk");
    let new = desk
        .create_or_modify(
            |u| u.login_name,
            User::named("ada"),
            |_, _| -> Update<User> { panic!("nothing is stored yet") },
        )
        .await
        .unwrap();
    assert!(new.is_new());
    let same = desk
        .create_or_modify(
            |u| u.login_name,
            User::named("ada"),
            |stored, update| {
                assert_eq!(stored.visits, 1);
                update
            },
        )
        .await
        .unwrap();
    assert!(matches!(same.outcome(), Outcome::Unchanged));
    let aborted = desk
        .create_or_modify(
            |u| u.login_name,
            User::named("ada"),
            |_, _| Err::<Update<User>, _>(Error::abort("frozen")),
        )
        .await;
    assert!(matches!(aborted, Err(Error::Abort(_))), "{aborted:?}");
    assert_eq!(entries(&db).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_deleted_meanwhile_is_created_anew() {
    let db = TestDb::new().await;
    let desk = collection::<User>(&db).await.by("desk");
    let first = desk.create(User::with_handle("ada")).await.unwrap();
    let value = User {
        login_name: "ada2".to_owned(),
        ..User::with_handle("ada")
    };
    let rival = desk.clone();
    let mut is_first = true;
    let create = desk.create_or_modify(
        |u| u.handle,
        value,
        |_, update| {
            // Somebody deletes what was read, before it is written.
            if std::mem::take(&mut is_first) {
                let deletion = async {
                    rival.delete_latest(first.id()).await.unwrap();
                    store_anew(&db).await;
                };
                block_in_place(|| Handle::current().block_on(deletion));
            }
            update.inc(|u| u.visits, 1)
        },
    );
    let made = create.await.unwrap();
    assert!(made.is_new());
    assert_eq!(made.login_name, "ada2");
    assert_eq!(raw(&db, "users").count_documents(doc! {}).await.unwrap(), 2);
}
