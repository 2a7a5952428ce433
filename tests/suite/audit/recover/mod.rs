//! Recoveries: what they bring, what they finish, what they leave alone, and how they go on.

mod brings;
mod leaves;
mod resumes;
mod tombstones;

use monguard::prelude::*;
use monguard_tests::models::Tally;

use super::relay::stage::{Stage, idle};

/// A stage with so many tallies whose writer died before their entries were in the log: its relay
/// takes nothing.
async fn crashed(tallies: usize) -> (Stage, Vec<Stored<Tally>>) {
    let stage = Stage::of(idle).await;
    stage.guard.shutdown().await.unwrap();
    let tallies = stage.tallies(tallies).await;
    assert_eq!(stage.log().await.len(), 0);
    (stage, tallies)
}

/// The tallies, through a guard that knows nothing of what was written.
async fn fresh(stage: &Stage) -> Collection<Tally> {
    stage.other().await.collection()
}
