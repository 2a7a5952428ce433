//! The connection goes after the server has made the write.

use std::sync::atomic::{AtomicU32, Ordering};

use monguard::prelude::*;
use monguard_tests::models::Tally;

use super::stage::{Stage, data_write};

/// The stages to play on, and whether the driver repeats a write by itself there.
async fn stages() -> [(Stage, bool); 2] {
    let retrying = Stage::with_driver_retries(|builder| builder).await;
    let repeats = retrying.db.topology().await.has_transactions();
    [(Stage::new().await, false), (retrying, repeats)]
}

fn assert_told(stored: &Stored<Tally>, repeats: bool) {
    let outcome = stored.outcome();
    let is_told = if repeats {
        matches!(outcome, Outcome::Written)
    } else {
        matches!(outcome, Outcome::Settled { overtaken: false })
    };
    assert!(is_told, "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_whose_answer_is_lost_is_made_once() {
    for (stage, repeats) in stages().await {
        let tally = stage.tally().await;
        stage.proxy.on(data_write()).cut_after();

        let writer = stage.writer::<Tally>();
        let stored = writer.update(&tally).inc(|t| t.total, 5).await.unwrap();

        assert_told(&stored, repeats);
        assert_eq!(stored.version(), 2);
        assert_eq!(stored.total, 5);
        stage.assert_tally(tally.id(), 2, 5).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_modify_whose_answer_is_lost_runs_its_closure_once() {
    for (stage, repeats) in stages().await {
        let tally = stage.tally().await;
        stage.proxy.on(data_write()).cut_after();

        let runs = AtomicU32::new(0);
        let writer = stage.writer::<Tally>();
        let modify = writer.modify(tally.id(), |tally, update| {
            runs.fetch_add(1, Ordering::SeqCst);
            update.set(|t| t.total, tally.total + 5)
        });
        let stored = modify.await.unwrap();

        assert_told(&stored, repeats);
        assert_eq!(runs.into_inner(), 1);
        stage.assert_tally(tally.id(), 2, 5).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_of_the_latest_state_whose_answer_is_lost_is_made_once() {
    for (stage, repeats) in stages().await {
        let tally = stage.tally().await;
        stage.proxy.on(data_write()).cut_after();

        let writer = stage.writer::<Tally>();
        let stored = writer.update_latest(tally.id()).inc(|t| t.total, 5).await;

        assert_told(&stored.unwrap(), repeats);
        stage.assert_tally(tally.id(), 2, 5).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_result_of_a_settled_write_is_a_base_for_the_next() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    stage.proxy.on(data_write()).cut_after();

    let writer = stage.writer::<Tally>();
    let settled = writer.update(&tally).inc(|t| t.total, 5).await.unwrap();
    let next = writer.update(&settled).inc(|t| t.total, 5).await.unwrap();

    assert!(matches!(next.outcome(), Outcome::Written));
    stage.assert_tally(tally.id(), 3, 10).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_an_answer_is_no_answer() {
    for bytes in [1, 16, 40] {
        let stage = Stage::new().await;
        let tally = stage.tally().await;
        stage.proxy.on(data_write()).partial_reply(bytes);

        let writer = stage.writer::<Tally>();
        let stored = writer.update(&tally).inc(|t| t.total, 5).await;

        assert_told(&stored.unwrap(), false);
        stage.assert_tally(tally.id(), 2, 5).await;
    }
}
