//! All subjects under one load, round by round.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use mongodb::Client;
use monguard::Audit;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Subject;
use super::hand::{Entries, Hand};
use super::ours::Ours;
use super::same::{Guarantee, Same};
use crate::Outcome;
use crate::measure::{Clock, Latencies, Round, Rounds};
use crate::models::Sample;
use crate::stage::database_name;

/// What is asked of a subject.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Tasks that update at a time.
    pub tasks: usize,
    /// Whether all of them write the same document.
    pub is_hot: bool,
    /// How long.
    pub lasting: Duration,
}

impl Load {
    /// What the tables call it.
    #[must_use]
    pub fn label(&self) -> String {
        match (self.tasks, self.is_hot) {
            (1, _) => "1 task".to_owned(),
            (tasks, false) => format!("{tasks} tasks"),
            (tasks, true) => format!("{tasks} tasks, one document"),
        }
    }
}

type Running = Pin<Box<dyn Future<Output = Outcome<Round>> + Send>>;

/// A subject by its name, whatever its type.
pub(crate) struct Entrant {
    /// What the tables call it.
    pub(crate) name: &'static str,
    run: Box<dyn Fn(Load) -> Running + Send + Sync>,
}

impl std::fmt::Debug for Entrant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entrant")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Entrant {
    fn new(name: &'static str, subject: impl Subject) -> Self {
        let subject = Arc::new(subject);
        Self::running(name, move |load| round(subject.clone(), load))
    }

    /// What runs its rounds in a way of its own.
    pub(crate) fn running<F>(
        name: &'static str,
        run: impl Fn(Load) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Outcome<Round>> + Send + 'static,
    {
        Entrant {
            name,
            run: Box::new(move |load| -> Running { Box::pin(run(load)) }),
        }
    }

    /// One round.
    ///
    /// # Errors
    /// What the subject says.
    pub(crate) async fn round(&self, load: Load) -> Outcome<Round> {
        (self.run)(load).await
    }
}

/// All subjects that write models of this size, in databases of their own, and can have one document
/// for all tasks where that is asked for.
///
/// # Errors
/// The server cannot keep a guarantee.
pub(crate) async fn entrants<T: Sample>(client: &Client, is_hot: bool) -> Outcome<Vec<Entrant>> {
    let database = || client.database(&database_name());
    let hand = |entries| Hand::<T>::new(&database(), entries);
    let mut all = vec![
        Entrant::new(FLOOR, hand(Entries::None)),
        Entrant::new(HAND, hand(Entries::Inserted)),
        Entrant::new(HAND_TXN, hand(Entries::InTransaction)),
        Entrant::new(CARRIED, Ours::<T>::new(database(), Audit::carried()).await?),
        Entrant::new(
            "carried, full",
            Ours::<T>::new(database(), Audit::carried().full()).await?,
        ),
        Entrant::new(
            AFTER_WRITE,
            Ours::<T>::new(database(), Audit::after_write()).await?,
        ),
        Entrant::new(
            "after_write, full",
            Ours::<T>::new(database(), Audit::after_write().full()).await?,
        ),
        Entrant::new(
            TRANSACTIONAL,
            Ours::<T>::new(database(), Audit::transactional()).await?,
        ),
        Entrant::new(
            "transactional, full",
            Ours::<T>::new(database(), Audit::transactional().full()).await?,
        ),
    ];
    if !is_hot {
        for (name, guarantee) in SAME {
            all.push(Entrant::new(name, Same::<T>::new(&database(), guarantee)));
        }
    }
    Ok(all)
}

/// The names of those that others are compared with.
pub(crate) const FLOOR: &str = "floor";
/// The floor with an entry.
pub(crate) const HAND: &str = "hand";
/// The floor with an entry in a transaction.
pub(crate) const HAND_TXN: &str = "hand-txn";
/// The default.
pub(crate) const CARRIED: &str = "carried";
/// An entry after each write.
pub(crate) const AFTER_WRITE: &str = "after_write";
/// A transaction for each write.
pub(crate) const TRANSACTIONAL: &str = "transactional";

/// The commands of each guarantee, by hand.
pub(super) const SAME: [(&str, Guarantee); 3] = [
    (SAME_CARRIED, Guarantee::Carried),
    (SAME_AFTER_WRITE, Guarantee::AfterWrite),
    (SAME_TRANSACTIONAL, Guarantee::Transactional),
];
pub(crate) const SAME_CARRIED: &str = "carried, by hand";
pub(super) const SAME_AFTER_WRITE: &str = "after_write, by hand";
pub(super) const SAME_TRANSACTIONAL: &str = "transactional, by hand";

/// Every entrant under this load, in rounds: in each round one right after the other, so that what
/// slows the machine down slows all of them.
///
/// # Errors
/// What a subject says.
pub(crate) async fn contest(
    entrants: &[Entrant],
    load: Load,
    rounds: usize,
) -> Outcome<Vec<Rounds>> {
    let mut all = vec![Rounds::default(); entrants.len()];
    for round in 0..rounds {
        for place in 0..entrants.len() {
            // Nobody is always first.
            let at = (place + round) % entrants.len();
            all[at].0.push(entrants[at].round(load).await?);
        }
    }
    Ok(all)
}

async fn round<S: Subject>(subject: Arc<S>, load: Load) -> Outcome<Round> {
    let mut states = Vec::with_capacity(load.tasks);
    for _ in 0..load.tasks {
        states.push(match states.first() {
            Some(first) if load.is_hot => subject.share(first),
            _ => subject.create().await?,
        });
    }
    // Connections are open, and everything was compiled in, before the clock starts.
    for state in &mut states {
        update(&*subject, state, 1, load.is_hot).await?;
    }
    subject.drain().await?;
    let clock = Clock::start();
    let until = Instant::now() + load.lasting;
    let mut tasks = JoinSet::new();
    for state in states {
        tasks.spawn(task(subject.clone(), state, load.is_hot, until));
    }
    let mut latencies = Latencies::default();
    while let Some(done) = tasks.join_next().await {
        latencies.join(&done??);
    }
    subject.drain().await?;
    Ok(clock.stop(&latencies))
}

async fn task<S: Subject>(
    subject: Arc<S>,
    mut state: S::State,
    is_hot: bool,
    until: Instant,
) -> Outcome<Latencies> {
    let mut latencies = Latencies::default();
    let mut value = 1;
    while Instant::now() < until {
        value += 1;
        let begun = std::time::Instant::now();
        update(&*subject, &mut state, value, is_hot).await?;
        latencies.add(begun.elapsed());
    }
    Ok(latencies)
}

async fn update<S: Subject>(
    subject: &S,
    state: &mut S::State,
    value: i64,
    is_hot: bool,
) -> Outcome<()> {
    if is_hot {
        subject.update_shared(state, value).await
    } else {
        subject.update(state, value).await
    }
}
