//! How a test makes a rule.

use std::sync::Arc;
use std::time::Duration;

use super::command::Command;
use super::gate::{Gate, GateState};
use super::rule::{ActiveRule, Fault, Rule, Rules, Turns};

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

#[allow(
    clippy::must_use_candidate,
    reason = "a rule works without being watched"
)]
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
    pub fn cut_before(self) -> Rule {
        self.add(Fault::CutBefore)
    }

    /// Cuts the connection once the server has answered: the command has had its effect, and
    /// the caller does not learn of it.
    pub fn cut_after(self) -> Rule {
        self.add(Fault::CutAfter)
    }

    /// Hands the command to the server so much later.
    pub fn delay_request(self, by: Duration) -> Rule {
        self.add(Fault::DelayRequest(by))
    }

    /// Hands the answer to the driver so much later.
    pub fn delay_reply(self, by: Duration) -> Rule {
        self.add(Fault::DelayReply(by))
    }

    /// Hands the first `bytes` bytes of the command to the server (never all), and cuts then.
    pub fn partial_request(self, bytes: usize) -> Rule {
        self.add(Fault::PartialRequest(bytes))
    }

    /// Hands the first `bytes` bytes of the answer to the driver (never all), and cuts then.
    pub fn partial_reply(self, bytes: usize) -> Rule {
        self.add(Fault::PartialReply(bytes))
    }

    /// Makes the command one that the server does not know, as an older server would not: it answers
    /// so, and does nothing.
    pub fn unknown(self) -> Rule {
        self.add(Fault::Unknown)
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
        let turns = Turns::of(self.skip, self.times);
        Rule::put_in_force(self.rules, ActiveRule::new(self.command, turns, fault))
    }
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;

    use super::super::wire_command::WireCommand;
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
        on_find(&rules).nth(1).cut_before();
        on_find(&rules).nth(2).cut_after();
        let decided: Vec<_> = (0..3).map(|_| rules.take_due(&find())).collect();
        assert!(matches!(
            decided[0].as_ref().unwrap().fault,
            Fault::CutBefore
        ));
        assert!(matches!(
            decided[1].as_ref().unwrap().fault,
            Fault::CutAfter
        ));
        assert!(decided[2].is_none());
    }
}
