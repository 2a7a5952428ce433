//! Deleting and restoring by id.

use mongodb::bson::{doc, oid::ObjectId};
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use tokio::task::JoinSet;

use super::indexed::{User, collection, entries};

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_deleted_and_restored_by_its_id() {
    let db = TestDb::new().await;
    let desk = collection::<User>(&db).await.by("desk");
    let id = desk.create(User::named("ada")).await.unwrap().id();
    let deleted = desk.delete_latest(id).await.unwrap();
    assert!(deleted.is_deleted() && deleted.version() == 2);
    let again = desk.delete_latest(id).await.unwrap();
    assert!(matches!(again.outcome(), Outcome::Unchanged));
    let restored = desk.restore_latest(id).await.unwrap();
    assert!(!restored.is_deleted() && restored.version() == 3);
    let again = desk.restore_latest(id).await.unwrap();
    assert!(matches!(again.outcome(), Outcome::Unchanged));
    let actions: Vec<String> = entries(&db)
        .await
        .iter()
        .map(|entry| entry.get_str("action").unwrap().to_owned())
        .collect();
    assert_eq!(actions, ["create", "delete", "restore"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_restores_and_all_get_the_document() {
    let db = TestDb::new().await;
    let desk = collection::<User>(&db).await.by("desk");
    let id = desk.create(User::named("ada")).await.unwrap().id();
    desk.delete_latest(id).await.unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..12 {
        let desk = desk.clone();
        tasks.spawn(async move { desk.restore_latest(id).await });
    }
    let restored = tasks.join_all().await;
    assert!(
        restored
            .iter()
            .all(|stored| stored.as_ref().unwrap().version() == 3)
    );
    let written = |stored: &&Result<Stored<User>, Error>| {
        matches!(stored.as_ref().unwrap().outcome(), Outcome::Written)
    };
    assert_eq!(restored.iter().filter(written).count(), 1);
    assert_eq!(entries(&db).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn conditions_and_missing_documents_are_told() {
    let db = TestDb::new().await;
    let desk = collection::<User>(&db).await.by("desk");
    let id = desk.create(User::named("ada")).await.unwrap().id();
    let failed = desk.delete_latest(id).when(|u| u.visits.gt(5)).await;
    assert!(
        matches!(failed, Err(Error::ConditionFailed(_))),
        "{failed:?}"
    );
    let failed = desk
        .delete_latest(id)
        .when_document(doc! { "visits": { "$gt": 5 } })
        .await;
    assert!(
        matches!(failed, Err(Error::ConditionFailed(_))),
        "{failed:?}"
    );
    let refused = desk
        .delete_latest(id)
        .when_document(doc! { "version": 1 })
        .await;
    assert!(
        matches!(refused, Err(Error::InvalidFilter(_))),
        "{refused:?}"
    );
    assert_eq!(entries(&db).await.len(), 1);
    let missing = desk.restore_latest(ObjectId::new()).await;
    assert!(matches!(missing, Err(Error::NotFound(_))), "{missing:?}");
}
