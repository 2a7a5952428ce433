//! Several writers at once.

use std::time::Duration;

use monguard::prelude::*;
use monguard::{Retry, Version};
use monguard_tests::fixture::TestDb;
use monguard_tests::models::Tally;
use tokio::task::JoinSet;

use super::stage::{collection, entries};

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_writers_on_one_version_one_succeeds_and_nine_get_the_current_document() {
    let db = TestDb::new().await;
    let desk = collection::<Tally>(&db).await.by("desk");
    let placed = desk.create(Tally::default()).await.unwrap().into_stored();

    let mut writers = JoinSet::new();
    for total in 1..=10 {
        let (desk, placed) = (desk.clone(), placed.clone());
        writers.spawn(async move { desk.update(&placed).set(|t| t.total, total).await });
    }
    let (won, lost): (Vec<_>, Vec<_>) = writers
        .join_all()
        .await
        .into_iter()
        .partition(Result::is_ok);
    assert_eq!((won.len(), lost.len()), (1, 9));
    let winner = won.into_iter().next().unwrap().unwrap();
    assert_eq!(winner.version(), 2);
    for error in lost {
        let Err(Error::Conflict(conflict)) = error else {
            panic!("{error:?}")
        };
        assert_eq!(conflict.expected_version(), Version::Number(1));
        assert_eq!(conflict.current_version(), Version::Number(2));
        let current: Stored<Tally> = conflict.current().unwrap();
        assert_eq!(*current, *winner);
        assert_eq!(current.version(), 2);
    }
    assert_eq!(entries(&db).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_increment_of_many_tasks_is_lost() {
    const TASKS: i64 = 64;
    const EACH: i64 = 50;
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let desk = tallies.by("desk");
    let id = desk.create(Tally::default()).await.unwrap().id();
    let retry = Retry::default()
        .attempts(100_000)
        .first_wait(Duration::from_millis(100))
        .longest_wait(Duration::from_secs(1));

    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        let desk = desk.clone();
        tasks.spawn(async move {
            for _ in 0..EACH {
                let increment = desk.modify(id, |_, update| update.inc(|t| t.total, 1));
                increment.retry(retry).await.unwrap();
            }
        });
    }
    tasks.join_all().await;

    let tally = tallies.find_by_id(id).await.unwrap().unwrap();
    assert_eq!(tally.total, TASKS * EACH);
    assert_eq!(tally.version(), TASKS * EACH + 1);
    let history = tallies.history(id).await.unwrap();
    let versions: Vec<i64> = history
        .iter()
        .filter_map(|entry| entry.version?.as_i64())
        .collect();
    assert_eq!(versions, (1..=TASKS * EACH + 1).collect::<Vec<_>>());
    assert!(history.iter().all(monguard::AuditEntry::is_linked));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_loser_of_two_reads_again_and_writes_after_the_winner() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let (one, two) = (tallies.by("one"), tallies.by("two"));
    let placed = one.create(Tally::default()).await.unwrap();

    let (first, second) = tokio::join!(
        one.update(&placed).set(|t| t.total, 10),
        two.update(&placed).set(|t| t.total, 20),
    );
    let (won, lost, loser) = match (first, second) {
        (Ok(won), Err(lost)) => (won, lost, &two),
        (Err(lost), Ok(won)) => (won, lost, &one),
        other => panic!("{other:?}"),
    };
    let Error::Conflict(conflict) = lost else {
        panic!("{lost:?}")
    };
    let current: Stored<Tally> = conflict.current().unwrap();
    let after = loser.update(&current).inc(|t| t.total, 1).await.unwrap();
    assert_eq!(after.total, won.total + 1);
    assert_eq!(after.version(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_updates_with_one_version_the_second_fails_and_the_first_stays() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let desk = tallies.by("desk");
    let placed = desk.create(Tally::default()).await.unwrap();
    desk.update(&placed).set(|t| t.total, 1).await.unwrap();
    let second = desk.update(&placed).set(|t| t.total, 2).await;
    assert!(second.is_err_and(|error| error.is_conflict() && error.is_retryable()));
    let kept = tallies.find_by_id(placed.id()).await.unwrap().unwrap();
    assert_eq!((kept.total, kept.version()), (1, 2.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_and_updating_at_once_ends_in_one_of_the_two() {
    let db = TestDb::new().await;
    let desk = collection::<Tally>(&db).await.by("desk");
    for _ in 0..5 {
        let placed = desk.create(Tally::default()).await.unwrap();
        let (deleted, updated) = tokio::join!(
            desk.delete(&placed),
            desk.update(&placed).set(|t| t.total, 1)
        );
        match (deleted, updated) {
            (Ok(deleted), Err(Error::Deleted(_))) => assert_eq!(deleted.version(), 2),
            (Err(Error::Conflict(_)), Ok(updated)) => assert_eq!(updated.version(), 2),
            other => panic!("{other:?}"),
        }
    }
}
