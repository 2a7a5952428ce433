//! Hard deletes that somebody began.

use mongodb::bson::doc;
use monguard::prelude::*;
use monguard_tests::models::Tally;
use monguard_tests::proxy::Command;

use super::super::relay::stage::{Stage, idle};
use super::fresh;

/// A stage whose one tally was to be removed by a process that died in between.
async fn half_removed() -> (Stage, Stored<Tally>) {
    let stage = Stage::of(|builder| {
        let short = std::time::Duration::from_millis(300);
        idle(builder).time_limit(short).margin(short)
    })
    .await;
    let cut = stage.cut_log();
    let tally = stage.tally().await;
    let desk = stage.desk::<Tally>();
    let updated = desk.update(&tally).inc(|t| t.total, 1).await.unwrap();
    desk.hard_delete(&updated).await.unwrap_err();
    stage
        .guard
        .shutdown()
        .within(std::time::Duration::ZERO)
        .await
        .ok();
    // Whoever it was never comes back.
    std::mem::forget(cut);
    assert!(stage.log().await.is_empty());
    (stage, tally)
}

async fn stored(stage: &Stage) -> u64 {
    let tallies = stage
        .db
        .database()
        .collection::<mongodb::bson::Document>("tallies");
    tallies.count_documents(doc! {}).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hard_delete_is_finished_whoever_began_it() {
    let (stage, tally) = half_removed().await;
    assert_eq!(stored(&stage).await, 1);
    let recovered = fresh(&stage).await.recover().await.unwrap();
    assert_eq!((recovered.documents, recovered.brought), (1, 3));
    assert_eq!(recovered.tombstones_finished, 1);
    assert!(recovered.unfinished.is_empty());
    assert_eq!(stored(&stage).await, 0);
    assert_eq!(stage.logged(tally.id()).await, [1, 2, 3]);
    let again = fresh(&stage).await.recover().await.unwrap();
    assert_eq!((again.documents, again.tombstones_finished), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_recoveries_finish_it_together() {
    let (stage, tally) = half_removed().await;
    let (one, two) = (fresh(&stage).await, fresh(&stage).await);
    let (one, two) = tokio::join!(one.recover(), two.recover());
    assert!(one.unwrap().unfinished.is_empty() && two.unwrap().unfinished.is_empty());
    assert_eq!(stored(&stage).await, 0);
    assert_eq!(stage.logged(tally.id()).await, [1, 2, 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_whose_answer_is_lost_is_finished_too() {
    let (stage, _) = half_removed().await;
    let proxy = stage.db.proxy().await;
    let client = stage.db.through(&proxy).await;
    let guard = Monguard::builder(client.database().clone());
    let guard = guard.audit(Audit::carried()).build().await.unwrap();
    proxy.on(Command::named("findAndModify")).cut_after();
    let recovered = guard.collection::<Tally>().recover().await.unwrap();
    assert_eq!(recovered.tombstones_finished, 1);
    assert_eq!(stored(&stage).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tombstone_of_the_mode_without_carried_entries_is_finished_with_its_entry() {
    let stage = Stage::new().await;
    let guard = Monguard::builder(stage.db.database().clone()).audit(Audit::after_write());
    let guard = guard.build().await.unwrap();
    let desk = guard.collection::<Tally>().by("desk");
    let tally = desk.create(Tally::default()).await.unwrap();
    let refuse = doc! { "collMod": "audit_logs", "validator": { "never": true } };
    stage.db.database().run_command(refuse).await.unwrap();
    desk.hard_delete(&tally).await.unwrap_err();
    let recovered = fresh(&stage).await.recover().await.unwrap();
    assert_eq!(
        (recovered.tombstones_finished, recovered.unfinished.len()),
        (0, 1)
    );
    assert_eq!(stored(&stage).await, 1);

    let accept = doc! { "collMod": "audit_logs", "validator": {} };
    stage.db.database().run_command(accept).await.unwrap();
    let recovered = fresh(&stage).await.recover().await.unwrap();
    assert_eq!(
        (recovered.tombstones_finished, recovered.unfinished.len()),
        (1, 0)
    );
    assert_eq!(stored(&stage).await, 0);
    assert_eq!(stage.logged(tally.id()).await, [1, 2]);
}
