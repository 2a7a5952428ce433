//! Each rule, in the smallest scenario that needs it: kept, nothing goes wrong; left out, a
//! counterexample is found.

use monguard_model::Intent::{Create, HardDelete, Update, UpdateMany};
use monguard_model::{Faults, Rule, Scenario, search};

const NONE: Faults = Faults::none();

fn scenario(rule: Rule) -> Scenario {
    match rule {
        Rule::WholeBase => Scenario::of([&[Update], &[HardDelete], &[Create]]),
        Rule::Settle => Scenario::of([&[Update], &[Update]]).with(Faults { repeats: 1, ..NONE }),
        Rule::DocumentBeforeLog => {
            Scenario::of([&[Update], &[Update, Update]]).with(Faults { losses: 1, ..NONE })
        }
        Rule::NoTraceTellsNothing => Scenario::of([&[Update], &[Update]])
            .after_write()
            .with(Faults { losses: 1, ..NONE }),
        Rule::WaitBeforeRepeating => Scenario::of([&[Create], &[HardDelete]])
            .starting_empty()
            .with(Faults {
                losses: 1,
                resends: 1,
                ..NONE
            }),
        Rule::StampAnew => Scenario::of([&[Update], &[UpdateMany]]).with(Faults {
            failovers: 1,
            foreign: 1,
            resends: 1,
            ..NONE
        }),
        Rule::OwnIdOnly => Scenario::of([&[Update, Update]]).refusing(0, 0),
        Rule::LogBeforeRemoval => Scenario::of([&[HardDelete]]),
        Rule::RemovalOfItsTombstone => Scenario::of([&[HardDelete], &[Create]]).sweeping([1]),
        Rule::KeepEntries => Scenario::of([&[Update], &[Update]]),
        Rule::RelayCommitted => Scenario::of([&[Update]]).sweeping([1]).with(Faults {
            failovers: 1,
            ..NONE
        }),
        Rule::GuardMany => Scenario::of([&[UpdateMany]]).with(Faults {
            meets_twice: 1,
            ..NONE
        }),
        Rule::KeepEntriesOfMany => Scenario::of([&[Update], &[UpdateMany]]),
        Rule::HistoryDocumentFirst => Scenario::of([&[Update, Update]]).reading_history(),
    }
}

#[test]
fn every_rule_is_needed() {
    for rule in Rule::ALL {
        let kept = search(scenario(rule));
        assert!(kept.broken.is_empty(), "{rule:?} kept: {:#?}", kept.broken);
        let left_out = search(scenario(rule).without(rule));
        let (property, steps) = left_out
            .broken
            .into_iter()
            .min_by_key(|(_, steps)| steps.len())
            .unwrap_or_else(|| panic!("{rule:?} can be left out: the model does not test it"));
        println!(
            "{rule:?}: {} states; left out, \"{property}\" breaks in {} steps",
            kept.states,
            steps.len()
        );
    }
}
