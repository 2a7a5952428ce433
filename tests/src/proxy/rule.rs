//! What to do to which commands.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::command::Command;
use super::gate::{Gate, GateState, Verdict};
use super::wire_command::WireCommand;

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
}

/// A rule as the connections see it.
#[derive(Debug)]
pub(super) struct ActiveRule {
    command: Command,
    skip: usize,
    times: Option<usize>,
    pub(super) fault: Fault,
    turns: Mutex<Turns>,
    fired: watch::Sender<usize>,
    answered: watch::Sender<usize>,
    removed: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Turns {
    matched: usize,
    taken: usize,
}

impl ActiveRule {
    /// Counts the command if it is meant, and says whether it is this rule's turn.
    fn is_due(&self, command: &WireCommand) -> bool {
        if !self.command.matches(command) {
            return false;
        }
        let mut turns = self.turns();
        turns.matched += 1;
        turns.matched > self.skip && self.times.is_none_or(|times| turns.taken < times)
    }

    fn take_turn(&self) {
        self.turns().taken += 1;
    }

    fn turns(&self) -> std::sync::MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
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
        let due: Vec<_> = rules.iter().filter(|rule| rule.is_due(command)).collect();
        let rule = due.first()?;
        rule.take_turn();
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

/// A rule in the making: which of the matching commands it is about, and then what to do to them.
/// Unless told otherwise it is about the first one only.
#[derive(Debug)]
#[must_use = "a rule says what to do, as in `.cut_after()`"]
pub struct RuleBuilder {
    rules: Arc<Rules>,
    command: Command,
    skip: usize,
    times: Option<usize>,
}

impl RuleBuilder {
    pub(super) fn new(rules: Arc<Rules>, command: Command) -> Self {
        Self {
            rules,
            command,
            skip: 0,
            times: Some(1),
        }
    }

    /// Leaves the first `commands` matching commands alone.
    pub fn skip(mut self, commands: usize) -> Self {
        self.skip = commands;
        self
    }

    /// Is about so many commands. The default is one.
    pub fn times(mut self, commands: usize) -> Self {
        self.times = Some(commands);
        self
    }

    /// Is about the `n`-th matching command only, counted from 1.
    pub fn nth(self, n: usize) -> Self {
        assert!(n > 0, "commands are counted from 1");
        self.skip(n - 1).times(1)
    }

    /// Is about every matching command, until the rule is removed.
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// Cuts the connection before the server sees the command: it has no effect.
    #[allow(
        clippy::must_use_candidate,
        reason = "a rule works without being watched"
    )]
    pub fn cut_before(self) -> Rule {
        self.add(Fault::CutBefore)
    }

    /// Cuts the connection once the server has answered: the command has had its effect, and
    /// the caller does not learn of it.
    #[allow(
        clippy::must_use_candidate,
        reason = "a rule works without being watched"
    )]
    pub fn cut_after(self) -> Rule {
        self.add(Fault::CutAfter)
    }

    /// Hands the command to the server so much later.
    #[allow(
        clippy::must_use_candidate,
        reason = "a rule works without being watched"
    )]
    pub fn delay_request(self, by: Duration) -> Rule {
        self.add(Fault::DelayRequest(by))
    }

    /// Hands the answer to the driver so much later.
    #[allow(
        clippy::must_use_candidate,
        reason = "a rule works without being watched"
    )]
    pub fn delay_reply(self, by: Duration) -> Rule {
        self.add(Fault::DelayReply(by))
    }

    /// Hands the first `bytes` bytes of the command to the server (never all), and cuts then.
    #[allow(
        clippy::must_use_candidate,
        reason = "a rule works without being watched"
    )]
    pub fn partial_request(self, bytes: usize) -> Rule {
        self.add(Fault::PartialRequest(bytes))
    }

    /// Hands the first `bytes` bytes of the answer to the driver (never all), and cuts then.
    #[allow(
        clippy::must_use_candidate,
        reason = "a rule works without being watched"
    )]
    pub fn partial_reply(self, bytes: usize) -> Rule {
        self.add(Fault::PartialReply(bytes))
    }

    /// Holds commands before the server sees them. One that is released after its caller has
    /// gone still reaches the server: this makes the late command.
    #[must_use = "dropping the gate opens it"]
    pub fn hold_request(self) -> Gate {
        let gate = Arc::new(GateState::default());
        let rule = self.add(Fault::HoldRequest(Arc::clone(&gate)));
        Gate::new(gate, rule)
    }

    /// Holds answers before the driver sees them: the commands have had their effect.
    #[must_use = "dropping the gate opens it"]
    pub fn hold_reply(self) -> Gate {
        let gate = Arc::new(GateState::default());
        let rule = self.add(Fault::HoldReply(Arc::clone(&gate)));
        Gate::new(gate, rule)
    }

    fn add(self, fault: Fault) -> Rule {
        let Self {
            rules,
            command,
            skip,
            times,
        } = self;
        let active = Arc::new(ActiveRule {
            command,
            skip,
            times,
            fault,
            turns: Mutex::default(),
            fired: watch::Sender::new(0),
            answered: watch::Sender::new(0),
            removed: watch::Sender::new(false),
        });
        rules.add(Arc::clone(&active));
        Rule { rules, active }
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
    /// Resolves when the fault has happened, or has begun, to so many commands.
    pub async fn fired(&self, commands: usize) {
        wait_for(&self.active.fired, commands).await;
    }

    /// How many commands the fault has happened to.
    #[must_use]
    pub fn times_fired(&self) -> usize {
        *self.active.fired.borrow()
    }

    /// Resolves when the server has answered so many of the commands that the rule is about.
    pub async fn answered(&self, commands: usize) {
        wait_for(&self.active.answered, commands).await;
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
            | Fault::PartialReply(_) => {}
        }
    }
}

async fn wait_for(count: &watch::Sender<usize>, commands: usize) {
    // The sender is borrowed here, so the channel cannot close.
    let _ = count.subscribe().wait_for(|count| *count >= commands).await;
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;

    use super::*;

    fn find() -> WireCommand {
        WireCommand::from_document(doc! { "find": "orders", "$db": "shop" }).unwrap()
    }

    fn on_find(rules: &Arc<Rules>) -> RuleBuilder {
        RuleBuilder::new(Arc::clone(rules), Command::named("find"))
    }

    fn due(rules: &Rules, commands: usize) -> Vec<bool> {
        (0..commands)
            .map(|_| rules.take_due(&find()).is_some())
            .collect()
    }

    #[test]
    fn a_rule_is_about_the_first_command_unless_told_otherwise() {
        let rules = Arc::default();
        on_find(&rules).cut_before();
        assert_eq!(due(&rules, 3), [true, false, false]);
    }

    #[test]
    fn skip_times_and_nth_choose_commands() {
        let rules = Arc::default();
        on_find(&rules).skip(1).times(2).cut_before();
        assert_eq!(due(&rules, 4), [false, true, true, false]);
        let rules = Arc::default();
        on_find(&rules).nth(3).cut_before();
        assert_eq!(due(&rules, 4), [false, false, true, false]);
    }

    #[test]
    fn always_ends_with_the_rule() {
        let rules = Arc::default();
        let rule = on_find(&rules).always().cut_before();
        assert_eq!(due(&rules, 2), [true, true]);
        rule.remove();
        assert_eq!(due(&rules, 2), [false, false]);
    }

    #[test]
    fn rules_count_independently_and_the_oldest_decides() {
        let rules = Arc::default();
        let first = on_find(&rules).nth(1).cut_before();
        let second = on_find(&rules).nth(2).cut_after();
        assert!(Arc::ptr_eq(
            &rules.take_due(&find()).unwrap(),
            &first.active
        ));
        assert!(Arc::ptr_eq(
            &rules.take_due(&find()).unwrap(),
            &second.active
        ));
        assert!(rules.take_due(&find()).is_none());
    }
}
