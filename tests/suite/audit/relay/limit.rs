//! How many entries a document may carry.

use monguard::MonguardBuilder;
use monguard::prelude::*;
use monguard_tests::models::Tally;

use super::stage::{Stage, idle};

fn at_most_three(builder: MonguardBuilder) -> MonguardBuilder {
    idle(builder).carried_entries(3)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_never_carries_more_than_the_limit() {
    let stage = Stage::of(at_most_three).await;
    let desk = stage.desk::<Tally>();
    let mut tally = stage.tally().await;
    for version in 2..=20 {
        tally = desk.update(&tally).inc(|t| t.total, 1).await.unwrap();
        let carried = stage.carried(tally.id()).await;
        assert!(carried.len() <= 3, "{carried:?}");
        assert_eq!(carried.last(), Some(&version));
    }
    // The writers brought what had to go, several entries at a time.
    assert!(stage.inserts() <= 7, "{}", stage.inserts());
    stage.guard.flush().await.unwrap();
    assert_eq!(stage.logged(tally.id()).await, (1..=20).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_limit_nothing_is_written_while_the_log_takes_nothing() {
    let short = |builder| at_most_three(builder).time_limit(std::time::Duration::from_millis(500));
    let stage = Stage::of(short).await;
    let cut = stage.cut_log();
    let desk = stage.desk::<Tally>();
    let mut tally = stage.tally().await;
    for _ in 2..=3 {
        tally = desk.update(&tally).inc(|t| t.total, 1).await.unwrap();
    }
    let result = desk.update(&tally).inc(|t| t.total, 1).await;
    let Err(Error::AuditBacklog(backlog)) = result else {
        panic!("{result:?}")
    };
    let document = backlog.document().expect("one document is full");
    assert_eq!(document.id(), Some(&tally.id().into()));
    assert_eq!(backlog.waiting(), 3);
    assert!(backlog.cause().is_some());
    assert_eq!(stage.carried(tally.id()).await, [1, 2, 3]);
    // Other documents are not concerned.
    let other = stage.tally().await;
    desk.update(&other).inc(|t| t.total, 1).await.unwrap();

    cut.remove();
    let tally = desk.update(&tally).inc(|t| t.total, 1).await.unwrap();
    assert_eq!(tally.version(), 4);
    assert_eq!(stage.carried(tally.id()).await, [4]);
    assert_eq!(stage.logged(tally.id()).await, [1, 2, 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_is_sixteen_where_none_is_given() {
    let short = std::time::Duration::from_millis(500);
    let stage = Stage::of(|builder| builder.time_limit(short)).await;
    let cut = stage.cut_log();
    let desk = stage.desk::<Tally>();
    let mut tally = stage.tally().await;
    for _ in 2..=16 {
        tally = desk.update(&tally).inc(|t| t.total, 1).await.unwrap();
    }
    assert_eq!(stage.carried(tally.id()).await.len(), 16);
    let refused = desk.update(&tally).inc(|t| t.total, 1).await;
    assert!(
        matches!(refused, Err(Error::AuditBacklog(_))),
        "{refused:?}"
    );
    cut.remove();
    let tally = desk.update(&tally).inc(|t| t.total, 1).await.unwrap();
    assert_eq!(stage.carried(tally.id()).await, [17]);
}
