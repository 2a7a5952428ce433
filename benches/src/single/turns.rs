//! One update of each subject in turn, so that what slows the machine down for a moment meets all of
//! them: for subjects that do nothing behind their updates.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use mongodb::Client;
use monguard::Audit;
use tokio::sync::Mutex;

use super::Subject;
use super::contest::{
    AFTER_WRITE, HAND, HAND_TXN, SAME_AFTER_WRITE, SAME_TRANSACTIONAL, TRANSACTIONAL,
};
use super::hand::{Entries, Hand};
use super::ours::Ours;
use super::report::against;
use super::same::{Guarantee, Same};
use crate::Outcome;
use crate::extent::Extent;
use crate::measure::{FIGURES, Latencies, Round, Rounds, to_float};
use crate::models::Sample;
use crate::report::{Bound, Goal, Table};
use crate::stage::{Way, database_name};

/// Who takes turns.
const NAMES: [&str; 6] = [
    HAND,
    SAME_AFTER_WRITE,
    AFTER_WRITE,
    HAND_TXN,
    SAME_TRANSACTIONAL,
    TRANSACTIONAL,
];

/// What one update took.
struct Took {
    latency: Duration,
    cpu: Duration,
}

type Turn = Pin<Box<dyn Future<Output = Outcome<Took>> + Send>>;

/// A subject with its document, whatever its type: sets the counter once.
type Player = Box<dyn Fn(i64) -> Turn + Send + Sync>;

/// What that comes to: a table, and the goals that are judged by it.
///
/// # Errors
/// What a subject says.
pub(super) async fn report<T: Sample>(way: &Way, extent: Extent) -> Outcome<(Table, [Goal; 2])> {
    let all = in_turn::<T>(&way.client().await?, extent).await?;
    let of = |name: &str| {
        &all[NAMES
            .iter()
            .position(|one| *one == name)
            .unwrap_or_default()]
    };
    let rows = NAMES.iter().zip(&all).map(|(name, rounds)| {
        let ratios = [HAND, HAND_TXN].map(|other| rounds.ratio(of(other), p50).to_string());
        rounds.row(name, ratios)
    });
    let ratios = ["p50 : hand", "p50 : hand-txn"];
    let head = ["subject"].into_iter().chain(FIGURES).chain(ratios);
    let table = Table {
        caption: format!("{}, in turn, {}", T::LABEL, way.label()),
        head: head.map(str::to_owned).collect(),
        rows: rows.collect(),
    };
    eprintln!("{}", crate::report::rendered(&table));
    let judged = [
        (AFTER_WRITE, SAME_AFTER_WRITE, HAND),
        (TRANSACTIONAL, SAME_TRANSACTIONAL, HAND_TXN),
    ];
    let goals = judged.map(|(own, same, other)| Goal {
        what: format!(
            "{own} update of {}, p50, in turn, {}, against {other}",
            T::LABEL,
            way.label()
        ),
        ..against([own, same, other].map(of), p50, Bound::AtMost(1.05))
    });
    Ok((table, goals))
}

fn p50(round: &Round) -> f64 {
    round.p50
}

/// The figures of all that take turns, in the order of [`NAMES`].
///
/// # Errors
/// What a subject says.
async fn in_turn<T: Sample>(client: &Client, extent: Extent) -> Outcome<Vec<Rounds>> {
    let players = players::<T>(client).await?;
    // Where the handlers of a service run.
    tokio::spawn(async move {
        let mut all = vec![Rounds::default(); players.len()];
        let mut value = 0;
        for _ in 0..extent.pick(20, 1) {
            let turns = extent.pick(150, 5);
            for (rounds, round) in all.iter_mut().zip(play(&players, turns, &mut value).await?) {
                rounds.0.push(round);
            }
        }
        Ok(all)
    })
    .await?
}

async fn players<T: Sample>(client: &Client) -> Outcome<Vec<Player>> {
    let database = || client.database(&database_name());
    let hand = |entries| Hand::<T>::new(&database(), entries);
    let same = |guarantee| Same::<T>::new(&database(), guarantee);
    let ours = async |audit| Ours::<T>::new(database(), audit).await;
    Ok(vec![
        player(hand(Entries::Inserted)).await?,
        player(same(Guarantee::AfterWrite)).await?,
        player(ours(Audit::after_write()).await?).await?,
        player(hand(Entries::InTransaction)).await?,
        player(same(Guarantee::Transactional)).await?,
        player(ours(Audit::transactional()).await?).await?,
    ])
}

async fn player<S: Subject>(subject: S) -> Outcome<Player> {
    let state = subject.create().await?;
    let both = Arc::new((subject, Mutex::new(state)));
    Ok(Box::new(move |value| {
        let both = both.clone();
        Box::pin(async move {
            let (subject, state) = &*both;
            let mut state = state.lock().await;
            let (begun, cpu) = (Instant::now(), ProcessTime::now());
            subject.update(&mut state, value).await?;
            Ok(Took {
                latency: begun.elapsed(),
                cpu: cpu.elapsed(),
            })
        })
    }))
}

/// So many turns of each. Returns what becomes of each player.
async fn play(players: &[Player], turns: usize, value: &mut i64) -> Outcome<Vec<Round>> {
    let mut latencies = vec![Latencies::default(); players.len()];
    let mut sums = vec![(Duration::ZERO, Duration::ZERO); players.len()];
    for turn in 0..turns {
        *value += 1;
        for place in 0..players.len() {
            // Nobody always follows the same one.
            let at = match turn % 2 {
                0 => place,
                _ => players.len() - 1 - place,
            };
            let took = players[at](*value).await?;
            latencies[at].add(took.latency);
            sums[at].0 += took.latency;
            sums[at].1 += took.cpu;
        }
    }
    let operations = u64::try_from(turns)?;
    let count = to_float(operations);
    let rounds = latencies
        .iter()
        .zip(sums)
        .map(|(latencies, (all, cpu))| Round {
            operations,
            p50: latencies.quantile(0.5),
            p99: latencies.quantile(0.99),
            throughput: count / all.as_secs_f64(),
            cpu: cpu.as_secs_f64() * 1e6 / count,
        });
    Ok(rounds.collect())
}
