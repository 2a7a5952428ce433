//! Mixed operations at once, and what is said of each.

use monguard::BulkOutcome;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;

use super::stage::{Item, assert_life, audits, direct, stock};

#[tokio::test(flavor = "multi_thread")]
async fn each_operation_that_is_applied_says_at_which_version() {
    for audit in audits().await {
        let db = TestDb::new().await;
        let (_client, items) = direct(&db, audit).await;
        let made = stock(&items, 5).await;
        let desk = items.by("desk");
        let gone = desk.delete(&made[4]).await.unwrap();
        let mut edited = (*made[1]).clone();
        edited.status = "edited".to_owned();

        let bulk = desk.bulk().create(Item::numbered(100));
        let report = bulk
            .update(&made[0], |u| {
                u.set(|i| i.status, "paid").inc(|i| i.amount, 5)
            })
            .replace(&made[1], edited)
            .delete(&made[2])
            .hard_delete(&made[3])
            .restore(&gone)
            .await
            .unwrap();

        let outcomes: Vec<_> = report.outcomes().iter().collect();
        let [
            BulkOutcome::Applied(created),
            BulkOutcome::Applied(updated),
            BulkOutcome::Applied(replaced),
            BulkOutcome::Applied(deleted),
            BulkOutcome::Removed(removed),
            BulkOutcome::Applied(restored),
        ] = outcomes[..]
        else {
            panic!("{report:#?}")
        };
        assert_eq!((updated.amount, updated.status.as_str()), (6, "paid"));
        assert_eq!(replaced.status, "edited");
        assert!(deleted.is_deleted() && !restored.is_deleted());
        assert_eq!(removed.id(), &made[3].id());
        let versions: Vec<_> = outcomes.iter().map(|one| one.version()?.get()).collect();
        assert_eq!(versions, [1, 2, 2, 2, 2, 3].map(Some));
        assert!(report.is_complete() && report.applied() == 6);
        assert_life(&db, &items, created.id(), 1).await;
        for (item, version) in [(0, 2), (1, 2), (2, 2), (4, 3)] {
            assert_life(&db, &items, made[item].id(), version).await;
        }
        assert!(items.find_by_id(made[3].id()).await.unwrap().is_none());
        // What is returned is a base for the next write.
        desk.update(updated).inc(|i| i.amount, 1).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_operation_that_is_not_applied_says_why() {
    for audit in audits().await {
        let db = TestDb::new().await;
        let (_client, items) = direct(&db, audit).await;
        let made = stock(&items, 4).await;
        let desk = items.by("desk");
        desk.update(&made[0]).inc(|i| i.amount, 1).await.unwrap();
        desk.delete(&made[1]).await.unwrap();
        desk.hard_delete(&made[2]).await.unwrap();

        let bulk = desk.bulk().update(&made[0], |u| u.set(|i| i.status, "a"));
        let report = bulk
            .update(&made[1], |u| u.set(|i| i.status, "b"))
            .update(&made[2], |u| u.set(|i| i.status, "c"))
            .update(&made[3], |u| u.set(|i| i.status, "new"))
            .update(&made[3], |u| {
                u.when(|i| i.amount.gt(100)).set(|i| i.status, "d")
            })
            .update(&made[3], |u| u.inc(|i| i.amount, i32::MAX))
            .await
            .unwrap();

        let outcomes: Vec<_> = report.outcomes().iter().collect();
        let [
            BulkOutcome::Conflict(stale),
            BulkOutcome::Deleted(_),
            BulkOutcome::NotFound(_),
            BulkOutcome::Unchanged(unchanged),
            BulkOutcome::Failed(condition),
            BulkOutcome::Failed(refused),
        ] = outcomes[..]
        else {
            panic!("{report:#?}")
        };
        let Error::Conflict(stale) = &**stale else {
            panic!("{stale:?}")
        };
        assert_eq!(stale.current_version().as_i64(), Some(2));
        assert_eq!(unchanged.version().get(), Some(1));
        assert!(matches!(**condition, Error::ConditionFailed(_)));
        assert!(matches!(**refused, Error::InvalidUpdate(_)));
        assert_eq!((report.applied(), report.failures().count()), (0, 5));
        for (item, version) in [(0, 2), (1, 2), (3, 1)] {
            assert_life(&db, &items, made[item].id(), version).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_operations_on_one_state_conflict() {
    for audit in audits().await {
        let db = TestDb::new().await;
        let (_client, items) = direct(&db, audit).await;
        let made = stock(&items, 2).await;
        let report = items
            .by("desk")
            .bulk()
            .update(&made[0], |u| u.set(|i| i.status, "a"))
            .update(&made[0], |u| u.set(|i| i.status, "b"))
            .update(&made[1], |u| u.set(|i| i.status, "c"))
            .await
            .unwrap();
        let [first, second, BulkOutcome::Applied(_)] = report.outcomes() else {
            panic!("{report:?}")
        };
        let applied = [first, second].map(BulkOutcome::is_applied);
        assert!(applied[0] != applied[1], "{report:?}");
        assert_eq!(report.failures().count(), 1);
        assert_life(&db, &items, made[0].id(), 2).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ordered_bulk_stops_at_the_first_failure() {
    for audit in audits().await {
        let db = TestDb::new().await;
        let (_client, items) = direct(&db, audit).await;
        let made = stock(&items, 4).await;
        let desk = items.by("desk");
        desk.update(&made[2]).inc(|i| i.amount, 1).await.unwrap();
        let report = desk
            .bulk()
            .update(&made[0], |u| u.set(|i| i.status, "a"))
            .update(&made[1], |u| u.set(|i| i.status, "new"))
            .update(&made[2], |u| u.set(|i| i.status, "b"))
            .update(&made[3], |u| u.set(|i| i.status, "c"))
            .create(Item::numbered(50))
            .ordered()
            .await
            .unwrap();
        let outcomes: Vec<_> = report.outcomes().iter().collect();
        let [
            BulkOutcome::Applied(_),
            BulkOutcome::Unchanged(_),
            BulkOutcome::Conflict(_),
            BulkOutcome::NotAttempted,
            BulkOutcome::NotAttempted,
        ] = outcomes[..]
        else {
            panic!("{report:?}")
        };
        assert!(!report.is_complete());
        assert_life(&db, &items, made[3].id(), 1).await;
        assert_eq!(items.count(|_| Filter::all()).await.unwrap(), 4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_is_a_few_commands_whatever_it_mixes() {
    let db = TestDb::new().await;
    let (client, items) = direct(&db, monguard::Audit::after_write()).await;
    let made = stock(&items, 300).await;
    let desk = items.by("desk");
    client.commands().clear();
    let mut bulk = desk.bulk();
    for (number, item) in (1000..).zip(&made) {
        bulk = match number % 3 {
            0 => bulk.update(item, |u| u.inc(|i| i.amount, 1)),
            1 => bulk.delete(item),
            _ => bulk.create(Item::numbered(number)),
        };
    }
    let report = bulk.await.unwrap();
    assert_eq!(report.applied(), 300, "{:?}", report.failures().next());
    assert_eq!(client.commands().names(), ["update", "insert"]);
}
