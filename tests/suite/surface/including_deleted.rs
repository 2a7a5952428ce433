//! Updates of soft-deleted documents: refused, unless they are meant.

use mongodb::bson::Document;
use monguard::audit::{Action, EntryChange};
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models::Tally;

use super::setup::{collection, entries, only};

async fn deleted(desk: &Writer<Tally>) -> Stored<Tally> {
    let created = desk.create(Tally { total: 1 }).await.unwrap();
    desk.delete(&created).await.unwrap()
}

#[track_caller]
fn assert_refused<R: std::fmt::Debug>(result: monguard::Result<R>) {
    assert!(matches!(result, Err(Error::Deleted(_))), "{result:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_soft_deleted_document_is_not_updated_by_default() {
    let db = TestDb::new().await;
    let desk = collection::<Tally>(&db).await.by("desk");
    let tally = deleted(&desk).await;
    let before = only(&db, "tallies").await;
    assert_refused(desk.update(&tally).inc(|t| t.total, 1).await);
    assert_refused(desk.update(tally.revision()).inc(|t| t.total, 1).await);
    assert_refused(desk.update_latest(tally.id()).inc(|t| t.total, 1).await);
    let modify = desk.modify(tally.id(), |_, update| update.inc(|t| t.total, 1));
    assert_refused(modify.await);
    assert_refused(desk.replace(&tally, Tally { total: 2 }).await);
    assert_refused(desk.update(&tally).set(|t| t.total, 1).await);
    assert_eq!(only(&db, "tallies").await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_means_it_leaves_the_document_deleted() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let desk = tallies.by("desk");
    let tally = deleted(&desk).await;
    let stamps = |document: &Document| {
        let stamp = |name: &str| document.get(name).cloned().expect("it is deleted");
        (stamp("deletedAt"), stamp("deletedBy"))
    };
    let before = stamps(&only(&db, "tallies").await);

    let clerk = tallies.by("clerk");
    let update = clerk.update(&tally).including_deleted();
    let updated = update.inc(|t| t.total, 1).await.unwrap();
    let bare = clerk.update(updated.revision()).including_deleted();
    let bare = bare.inc(|t| t.total, 1).await.unwrap();
    let latest = clerk.update_latest(tally.id()).including_deleted();
    latest.inc(|t| t.total, 1).await.unwrap();
    let modify = clerk.modify(tally.id(), |tally, update| {
        update.set(|t| t.total, tally.total * 10)
    });
    let modified = modify.including_deleted().await.unwrap();
    let replace = clerk.replace(&modified, Tally { total: 7 });
    let replaced = replace.including_deleted().await.unwrap();

    assert_eq!((updated.total, bare.total, modified.total), (2, 3, 40));
    assert!(replaced.is_deleted());
    assert_eq!((replaced.total, replaced.version()), (7, 7.into()));
    assert_eq!(stamps(&only(&db, "tallies").await), before);
    assert!(tallies.find_by_id(tally.id()).await.unwrap().is_none());

    let restored = desk.restore(&replaced).await.unwrap();
    assert_eq!((restored.total, restored.is_deleted()), (7, false));
    let history = tallies.history(tally.id()).await.unwrap();
    let actions: Vec<_> = history.iter().map(|entry| entry.action.clone()).collect();
    let mut expected = vec![Action::Create, Action::Delete];
    expected.extend(std::iter::repeat_n(Action::Update, 5));
    expected.push(Action::Restore);
    assert_eq!(actions, expected);
    assert!(history.iter().all(monguard::AuditEntry::is_linked));
    // What was changed is the field alone: that the document stayed deleted is no change.
    let EntryChange::Delta(delta) = &history[2].change else {
        panic!("{:?}", history[2])
    };
    let paths: Vec<_> = delta.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["total"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_means_deleted_documents_too_writes_to_live_ones() {
    let db = TestDb::new().await;
    let desk = collection::<Tally>(&db).await.by("desk");
    let tally = desk.create(Tally { total: 1 }).await.unwrap();
    let update = desk.update(&tally).including_deleted();
    let updated = update.inc(|t| t.total, 1).await.unwrap();
    assert_eq!((updated.total, updated.is_deleted()), (2, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_the_way_of_such_an_update_is_told_apart() {
    let db = TestDb::new().await;
    let desk = collection::<Tally>(&db).await.by("desk");
    let live = desk.create(Tally { total: 1 }).await.unwrap();
    let deleted = desk.delete(&live).await.unwrap();
    let entries_before = entries(&db).await.len();
    let update = |base: &Stored<Tally>| desk.update(base).including_deleted();

    // Deleted by somebody else since: another state.
    let stale = update(&live).inc(|t| t.total, 1).await;
    let Err(Error::Conflict(conflict)) = stale else {
        panic!("{stale:?}")
    };
    assert!(conflict.current::<Tally>().unwrap().is_deleted());
    let failed = update(&deleted).when(|t| t.total.gt(5)).inc(|t| t.total, 1);
    let failed = failed.await;
    assert!(
        matches!(failed, Err(Error::ConditionFailed(_))),
        "{failed:?}"
    );
    let unchanged = update(&deleted).set(|t| t.total, 1).await.unwrap();
    assert!(matches!(unchanged.outcome(), Outcome::Unchanged));
    let failed = update(&deleted).when(|t| t.total.gt(5)).set(|t| t.total, 1);
    let failed = failed.await;
    assert!(
        matches!(failed, Err(Error::ConditionFailed(_))),
        "{failed:?}"
    );
    assert_eq!(entries(&db).await.len(), entries_before);

    desk.hard_delete(&deleted).await.unwrap();
    let gone = update(&deleted).inc(|t| t.total, 1).await;
    assert!(matches!(gone, Err(Error::NotFound(_))), "{gone:?}");
}
