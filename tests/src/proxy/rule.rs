//! What to do to which commands.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use super::command::Command;
use super::gate::{GateState, Verdict};
use super::wire_command::WireCommand;

/// What a test waits for happens at once, or it does not happen at all.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) enum Fault {
    CutBefore,
    CutAfter,
    DelayRequest(Duration),
    DelayReply(Duration),
    PartialRequest(usize),
    PartialReply(usize),
    HoldRequest(Arc<GateState>),
    HoldReply(Arc<GateState>),
    Unknown,
}

/// Which of the matching commands a rule is about, and how far it has come.
#[derive(Debug)]
pub(super) struct Turns {
    skip: usize,
    /// `None`: all of them.
    left: Option<usize>,
}

impl Turns {
    pub(super) fn of(skip: usize, times: Option<usize>) -> Self {
        Self { skip, left: times }
    }

    /// Counts a matching command, and says whether it is a turn of the rule.
    fn is_due(&mut self) -> bool {
        let skipped = self.skip > 0;
        self.skip = self.skip.saturating_sub(1);
        !skipped && self.left != Some(0)
    }

    fn take(&mut self) {
        self.left = self.left.map(|left| left.saturating_sub(1));
    }
}

/// A rule as the connections see it.
#[derive(Debug)]
pub(super) struct ActiveRule {
    command: Command,
    pub(super) fault: Fault,
    turns: Mutex<Turns>,
    taken: Mutex<Vec<WireCommand>>,
    fired: watch::Sender<usize>,
    answered: watch::Sender<usize>,
    removed: watch::Sender<bool>,
}

impl ActiveRule {
    pub(super) fn new(command: Command, turns: Turns, fault: Fault) -> Self {
        Self {
            command,
            fault,
            turns: Mutex::new(turns),
            taken: Mutex::default(),
            fired: watch::Sender::new(0),
            answered: watch::Sender::new(0),
            removed: watch::Sender::new(false),
        }
    }

    fn turns(&self) -> std::sync::MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn taken(&self) -> std::sync::MutexGuard<'_, Vec<WireCommand>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The fault is happening: the cut, the delay or the wait at the gate.
    pub(super) fn note_fired(&self) {
        self.fired.send_modify(|count| *count += 1);
    }

    /// The server has answered a command that this rule is about.
    pub(super) fn note_answered(&self) {
        self.answered.send_modify(|count| *count += 1);
    }

    /// Waits for so long, or until the rule is removed.
    pub(super) async fn delay(&self, duration: Duration) {
        self.note_fired();
        let mut removed = self.removed.subscribe();
        tokio::select! {
            () = tokio::time::sleep(duration) => {}
            _ = removed.wait_for(|removed| *removed) => {}
        }
    }

    pub(super) async fn hold(&self, gate: &GateState) -> Verdict {
        gate.hold(|| self.note_fired()).await
    }
}

/// All rules of a proxy, oldest first.
#[derive(Debug, Default)]
pub(super) struct Rules {
    rules: Mutex<Vec<Arc<ActiveRule>>>,
}

impl Rules {
    /// The rule that decides about this command: the oldest one whose turn it is. Every rule
    /// that means the command counts it, so `nth` is the same whatever other rules there are.
    pub(super) fn take_due(&self, command: &WireCommand) -> Option<Arc<ActiveRule>> {
        let rules = self.rules();
        // No short cut: every rule must count.
        let due: Vec<_> = rules
            .iter()
            .filter(|rule| rule.command.matches(command) && rule.turns().is_due())
            .collect();
        let rule = due.first()?;
        rule.turns().take();
        rule.taken().push(command.clone());
        Some(Arc::clone(rule))
    }

    fn add(&self, rule: Arc<ActiveRule>) {
        self.rules().push(rule);
    }

    fn remove(&self, rule: &Arc<ActiveRule>) {
        self.rules().retain(|other| !Arc::ptr_eq(other, rule));
    }

    fn rules(&self) -> std::sync::MutexGuard<'_, Vec<Arc<ActiveRule>>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A rule at work. Dropping this leaves it in force; it ends with its proxy, or by
/// [`remove`](Rule::remove).
#[derive(Clone, Debug)]
pub struct Rule {
    rules: Arc<Rules>,
    active: Arc<ActiveRule>,
}

impl Rule {
    pub(super) fn put_in_force(rules: Arc<Rules>, rule: ActiveRule) -> Self {
        let active = Arc::new(rule);
        rules.add(Arc::clone(&active));
        Self { rules, active }
    }

    /// Resolves when the fault has happened, or has begun, to so many commands.
    ///
    /// # Panics
    /// After 30 s.
    pub async fn fired(&self, commands: usize) {
        wait_for(
            &self.active.fired,
            commands,
            "the fault came to",
            &self.active,
        )
        .await;
    }

    /// How many commands the fault has happened to.
    #[must_use]
    pub fn times_fired(&self) -> usize {
        *self.active.fired.borrow()
    }

    /// The commands that the rule has decided about, in order.
    #[must_use]
    pub fn commands(&self) -> Vec<WireCommand> {
        self.active.taken().clone()
    }

    /// Resolves when the server has answered so many of the commands that the rule is about.
    ///
    /// # Panics
    /// After 30 s.
    pub async fn answered(&self, commands: usize) {
        wait_for(
            &self.active.answered,
            commands,
            "the server answered",
            &self.active,
        )
        .await;
    }

    /// Takes the rule out of force. What it delays or holds goes on.
    pub fn remove(self) {
        self.rules.remove(&self.active);
        self.active.removed.send_replace(true);
        match &self.active.fault {
            Fault::HoldRequest(gate) | Fault::HoldReply(gate) => gate.open(Verdict::Pass),
            Fault::CutBefore
            | Fault::CutAfter
            | Fault::DelayRequest(_)
            | Fault::DelayReply(_)
            | Fault::PartialRequest(_)
            | Fault::PartialReply(_)
            | Fault::Unknown => {}
        }
    }
}

async fn wait_for(count: &watch::Sender<usize>, commands: usize, what: &str, rule: &ActiveRule) {
    let mut seen = count.subscribe();
    let reached = timeout(PATIENCE, seen.wait_for(|count| *count >= commands))
        .await
        .is_ok();
    assert!(
        reached,
        "{what} {} of {commands} commands within {} s: {:?}, {:?}",
        *count.borrow(),
        PATIENCE.as_secs(),
        rule.fault,
        rule.command,
    );
}
