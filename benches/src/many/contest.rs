//! All programs, round by round.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use mongodb::Client;
use monguard::Audit;

use super::hand::{Hand, How};
use super::ours::{Call, Ours};
use crate::Outcome;
use crate::measure::{Round, Rounds};

/// A round, and how much longer than the call the entries took to the log.
pub(super) type Running = Pin<Box<dyn Future<Output = Outcome<(Round, Duration)>> + Send>>;

/// A program that writes many documents.
pub(super) trait Subject: Send + Sync {
    /// Creates so many documents, and writes one field of each.
    fn round(self: Arc<Self>, documents: u64) -> Running;
}

/// A program by its name.
pub(super) struct Entrant {
    /// What the tables call it.
    pub(super) name: &'static str,
    /// It writes so many times fewer documents than the others.
    pub(super) fewer: u64,
    subject: Arc<dyn Subject>,
}

/// What became of a program.
#[derive(Clone, Debug, Default)]
pub(super) struct Result {
    /// Of its rounds the figures: a latency is that of the whole call, in microseconds.
    pub(super) rounds: Rounds,
    /// How much longer than the calls the entries took to the log, in microseconds.
    pub(super) drains: Vec<f64>,
}

/// One command without an audit.
pub(super) const FLOOR: &str = "floor: updateMany, no audit";
/// One command, which puts the same entry into each document.
pub(super) const PUSHED: &str = "hand: updateMany, an entry pushed";
/// One command, between a read and an insert of the entries.
pub(super) const AT_ONCE: &str = "hand: updateMany, entries after it";
/// A loop of one task.
pub(super) const LOOP: &str = "hand: loop, 1 task";
/// A loop of eight tasks.
pub(super) const LOOP_OF_8: &str = "hand: loop, 8 tasks";
/// The default.
pub(super) const CARRIED: &str = "carried: update_many";

/// All programs.
pub(super) fn entrants(client: &Client) -> Vec<Entrant> {
    let hand = |name, how| Entrant {
        name,
        fewer: 1,
        subject: Arc::new(Hand::new(client, how)),
    };
    let ours = |name, audit, call| Entrant {
        name,
        fewer: 1,
        subject: Arc::new(Ours::new(client, audit, call)),
    };
    vec![
        hand(FLOOR, How::AtOnce),
        hand(PUSHED, How::AtOncePushing),
        hand(AT_ONCE, How::AtOnceWithEntries),
        hand(LOOP, How::Looped(1)),
        hand(LOOP_OF_8, How::Looped(8)),
        ours(CARRIED, Audit::carried(), Call::Many),
        ours(
            "carried: update_many, new documents",
            Audit::carried(),
            Call::ManyNew,
        ),
        ours("carried: bulk", Audit::carried(), Call::Bulk),
        ours("after_write: update_many", Audit::after_write(), Call::Many),
        ours("after_write: bulk", Audit::after_write(), Call::Bulk),
        Entrant {
            fewer: 10,
            ..ours(
                "transactional: update_many",
                Audit::transactional(),
                Call::Many,
            )
        },
    ]
}

/// Every program in every round, one right after the other.
///
/// # Errors
/// What a program says.
pub(super) async fn contest(
    entrants: &[Entrant],
    documents: u64,
    rounds: usize,
) -> Outcome<Vec<Result>> {
    let mut all = vec![Result::default(); entrants.len()];
    for round in 0..rounds {
        for place in 0..entrants.len() {
            // Nobody is always first.
            let at = (place + round) % entrants.len();
            let Entrant { subject, fewer, .. } = &entrants[at];
            let (round, drain) = subject.clone().round(documents / fewer).await?;
            all[at].rounds.0.push(round);
            all[at].drains.push(drain.as_secs_f64() * 1e6);
        }
    }
    Ok(all)
}
