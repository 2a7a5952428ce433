//! Values that are unique among the documents that are not soft-deleted.

use mongodb::bson::{DateTime, Document, doc};
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;

use super::indexed::{User, collection, entries, raw, store_anew};

const HOUR: i64 = 60 * 60 * 1000;

fn with_handle(name: &str, handle: &str) -> User {
    User {
        login_name: name.to_owned(),
        ..User::with_handle(handle)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_document_gives_its_value_free() {
    let db = TestDb::new().await;
    let desk = collection::<User>(&db).await.by("desk");
    let first = desk.create(with_handle("a", "ada")).await.unwrap();
    let Err(Error::DuplicateKey(error)) = desk.create(with_handle("b", "ada")).await else {
        panic!("two live documents share the value")
    };
    assert_eq!(error.fields(), ["handle", "deletedAt"]);
    let deleted = desk.delete(&first).await.unwrap();
    store_anew(&db).await;
    let second = desk.create(with_handle("b", "ada")).await.unwrap();
    let restored = desk.restore(&deleted).await;
    assert!(
        matches!(restored, Err(Error::DuplicateKey(_))),
        "{restored:?}"
    );
    desk.delete(&second).await.unwrap();
    store_anew(&db).await;
    desk.restore(&deleted).await.unwrap();
    // Documents without the value do not count.
    desk.create(User::named("c")).await.unwrap();
    desk.create(User::named("d")).await.unwrap();
}

/// Documents of one handle, deleted in each of the `count` milliseconds from `at`.
async fn occupy(db: &TestDb, handle: &str, at: i64, count: i64) {
    let deleted = |moment: i64| {
        let at = DateTime::from_millis(at + moment);
        doc! { "loginName": format!("old-{moment}"), "handle": handle, "visits": 1_i64, "deletedAt": at }
    };
    let deleted: Vec<Document> = (0..count).map(deleted).collect();
    raw(db, "users").insert_many(deleted).await.unwrap();
}

/// Makes the next write of a document bear this time: no write is older than the state before it.
async fn advance(db: &TestDb, name: &str, at: i64) {
    let update = doc! { "$set": { "updatedAt": DateTime::from_millis(at) } };
    let users = raw(db, "users");
    users
        .update_one(doc! { "loginName": name }, update)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_in_a_taken_millisecond_takes_the_next_free_one() {
    let db = TestDb::new().await;
    let users = collection::<User>(&db).await;
    let desk = users.by("desk");
    let id = desk.create(with_handle("a", "ada")).await.unwrap().id();
    let at = DateTime::now().timestamp_millis() + HOUR;
    occupy(&db, "ada", at, 3).await;
    advance(&db, "a", at).await;
    let current = users.find_one(|u| u.id.eq(id)).await.unwrap().unwrap();

    let deleted = desk.delete(&current).await.unwrap();

    assert_eq!(deleted.version(), 2);
    let stored = raw(&db, "users")
        .find_one(doc! { "_id": id })
        .await
        .unwrap()
        .unwrap();
    let expected = DateTime::from_millis(at + 3);
    assert_eq!(stored.get_datetime("deletedAt").unwrap(), &expected);
    assert_eq!(stored.get_datetime("updatedAt").unwrap(), &expected);
    let entries = entries(&db).await;
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[1].get_datetime("timestamp").unwrap(), &expected);
    assert_eq!(entries[1].get("_id"), stored.get("__w"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hard_delete_in_a_taken_millisecond_is_made_too() {
    let db = TestDb::new().await;
    let users = collection::<User>(&db).await;
    let desk = users.by("desk");
    let id = desk.create(with_handle("a", "ada")).await.unwrap().id();
    let at = DateTime::now().timestamp_millis() + HOUR;
    occupy(&db, "ada", at, 2).await;
    advance(&db, "a", at).await;
    let current = users.find_one(|u| u.id.eq(id)).await.unwrap().unwrap();
    desk.hard_delete(&current).await.unwrap();
    assert_eq!(
        raw(&db, "users")
            .find_one(doc! { "_id": id })
            .await
            .unwrap(),
        None
    );
    assert_eq!(entries(&db).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_gives_up_where_every_millisecond_is_taken() {
    let db = TestDb::new().await;
    let users = collection::<User>(&db).await;
    let desk = users.by("desk");
    let id = desk.create(with_handle("a", "ada")).await.unwrap().id();
    let at = DateTime::now().timestamp_millis() + HOUR;
    occupy(&db, "ada", at, 200).await;
    advance(&db, "a", at).await;
    let current = users.find_one(|u| u.id.eq(id)).await.unwrap().unwrap();
    let deleted = desk.delete(&current).await;
    assert!(
        matches!(deleted, Err(Error::DuplicateKey(_))),
        "{deleted:?}"
    );
    assert_eq!(entries(&db).await.len(), 1);
}
