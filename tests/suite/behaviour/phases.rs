//! Work that goes through several phases, each a write based on the one before.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use monguard::prelude::*;
use monguard::{Retry, Revision};
use monguard_tests::fixture::TestDb;
use monguard_tests::models::Job;

use super::stage::{Contents, collection, entries, is_unchanged};

async fn jobs(db: &TestDb) -> (Collection<Job>, Stored<Job>) {
    let jobs = collection::<Job>(db).await;
    let job = jobs.by("author").create(Job::pending()).await.unwrap();
    (jobs, job.into_stored())
}

fn quick() -> Retry {
    Retry::default()
        .attempts(3)
        .first_wait(Duration::from_millis(1))
        .longest_wait(Duration::from_millis(2))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phase_is_based_on_the_version_that_the_phase_before_made() {
    let db = TestDb::new().await;
    let (jobs, job) = jobs(&db).await;
    let processor = jobs.by("processor-001");
    let expected_version = job.version().get().unwrap();

    let first = processor
        .update(Revision::<Job>::from_version(job.id(), expected_version))
        .set(|j| j.status, "processing")
        .set(|j| j.phase, 1)
        .await
        .unwrap();
    let second = processor
        .update(&first)
        .set(|j| j.status, "completed")
        .set(|j| j.phase, 2)
        .await
        .unwrap();
    assert_eq!(second.version(), expected_version + 2);
    let found = jobs.find_by_id(job.id()).await.unwrap().unwrap();
    assert_eq!((found.status.as_str(), found.phase), ("completed", 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_phase_runs_only_where_the_one_before_succeeded() {
    let db = TestDb::new().await;
    let (jobs, job) = jobs(&db).await;
    let validator = jobs.by("validator");
    let processor = jobs.by("processor");
    let rejected = validator
        .update(&job)
        .when(|j| j.status.eq("submitted"))
        .set(|j| j.status, "validated")
        .await;
    let Err(Error::ConditionFailed(failed)) = rejected else {
        panic!("{rejected:?}")
    };
    assert_eq!(failed.current_version().as_i64(), Some(1));
    assert_eq!(*failed.current::<Job>().unwrap(), *job);

    let validated = validator
        .update(&job)
        .when(|j| j.status.is_in(["pending", "submitted"]))
        .set(|j| j.status, "validated")
        .await
        .unwrap();
    let processing = processor
        .update(validated)
        .set(|j| j.status, "processing")
        .await
        .unwrap();
    assert_eq!(processing.version(), 3);
    let users: Vec<_> = entries(&db).await;
    let users: Vec<_> = users.iter().map(|e| e.get_str("userId").unwrap()).collect();
    assert_eq!(users, ["author", "validator", "processor"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phase_that_lost_a_race_is_made_again_on_the_version_that_won() {
    let db = TestDb::new().await;
    let (jobs, job) = jobs(&db).await;
    let (retrying, rival) = (jobs.by("retrying-processor"), jobs.by("rival"));
    let runs = AtomicU32::new(0);
    let handle = tokio::runtime::Handle::current();
    let done = retrying
        .modify(job.id(), |found, update| {
            // Somebody else comes first, twice.
            if runs.fetch_add(1, Ordering::SeqCst) < 2 {
                let rivals = rival.update(found).inc(|j| j.phase, 10);
                tokio::task::block_in_place(|| handle.block_on(rivals.into_future())).unwrap();
            }
            update.set(|j| j.phase, found.phase + 1)
        })
        .retry(quick())
        .await
        .unwrap();
    assert_eq!((done.phase, done.version()), (21, 4.into()));
    assert_eq!(runs.into_inner(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn retries_that_are_used_up_are_an_error_with_their_number_and_the_last_conflict() {
    let db = TestDb::new().await;
    let (jobs, job) = jobs(&db).await;
    let (retrying, rival) = (jobs.by("retrying"), jobs.by("rival"));
    let handle = tokio::runtime::Handle::current();
    let result = retrying
        .modify(job.id(), |found, update| {
            let rivals = rival.update(found).inc(|j| j.phase, 1);
            tokio::task::block_in_place(|| handle.block_on(rivals.into_future())).unwrap();
            update.set(|j| j.status, "done")
        })
        .retry(quick())
        .await;
    let Err(Error::Exhausted(exhausted)) = result else {
        panic!("{result:?}")
    };
    assert_eq!(exhausted.attempts(), 3);
    assert!(exhausted.last().is_conflict());
    let found = jobs.find_by_id(job.id()).await.unwrap().unwrap();
    assert_eq!(
        (found.status.as_str(), found.version()),
        ("pending", 4.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_that_is_reached_already_is_left_as_it_is() {
    let db = TestDb::new().await;
    let (jobs, job) = jobs(&db).await;
    let system = jobs.by_system("mover");
    let reach = async |target: &str| {
        let moved = system.modify(job.id(), |found, update| {
            if found.status == target {
                update
            } else {
                update.set(|j| j.status, target)
            }
        });
        moved.await.unwrap()
    };
    let moved = reach("done").await;
    assert!(!is_unchanged(&moved));
    let contents = Contents::of(&db).await;
    let again = reach("done").await;
    assert!(is_unchanged(&again));
    assert_eq!((again.version(), again.status.as_str()), (2.into(), "done"));
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_modify_without_an_operator_does_not_forget_its_condition() {
    let db = TestDb::new().await;
    let (jobs, job) = jobs(&db).await;
    let desk = jobs.by("desk");
    let modify = desk.modify(job.id(), |_, update| update.when(|j| j.phase.eq(9)));
    assert!(modify.await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_closure_of_a_modify_can_end_it_with_an_error_of_its_own() {
    let db = TestDb::new().await;
    let (jobs, job) = jobs(&db).await;
    let contents = Contents::of(&db).await;
    let desk = jobs.by("desk");
    let result = desk
        .modify(job.id(), |found, update| {
            if found.phase == 0 {
                return Err(Error::abort("not started"));
            }
            Ok(update.set(|j| j.status, "done"))
        })
        .await;
    let Err(Error::Abort(cause)) = result else {
        panic!("{result:?}")
    };
    assert_eq!(cause.to_string(), "not started");
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_one_of_two_takers_of_a_pending_job_gets_it() {
    let db = TestDb::new().await;
    let (jobs, job) = jobs(&db).await;
    let taken = jobs
        .by("one")
        .update_latest(job.id())
        .when(|j| j.status.eq("pending"))
        .set(|j| j.status, "processing")
        .await
        .unwrap();
    assert_eq!(taken.version(), 2);
    let too_late = jobs
        .by("two")
        .update_latest(job.id())
        .when(|j| j.status.eq("pending"))
        .set(|j| j.status, "processing")
        .await;
    assert!(
        matches!(too_late, Err(Error::ConditionFailed(_))),
        "{too_late:?}"
    );
}
