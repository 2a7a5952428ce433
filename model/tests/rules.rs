//! Each rule, in the smallest scenario that needs it: kept, nothing goes wrong; left out, a
//! counterexample is found.

use monguard_model::Intent::{Create, HardDelete, SoftDelete, Update, UpdateMany};
use monguard_model::Mode::{AfterWrite, Carried, Transactional};
use monguard_model::{Faults, Rule, Scenario, search};

const NONE: Faults = Faults::none();

const LOST: Faults = Faults { losses: 1, ..NONE };

const LOST_AND_SENT_AGAIN: Faults = Faults {
    losses: 1,
    resends: 1,
    ..NONE
};

const FAILOVER: Faults = Faults {
    failovers: 1,
    ..NONE
};

fn scenario(rule: Rule) -> Scenario {
    let groups = [of_outcomes(), of_entries(), of_many_and_histories()];
    let mut all = groups.into_iter().flatten();
    let found = all.find(|(it, _)| *it == rule);
    found.map_or_else(
        || panic!("{rule:?} is not tested"),
        |(_, scenario)| scenario,
    )
}

/// What is reported, and sent again.
fn of_outcomes() -> Vec<(Rule, Scenario)> {
    vec![
        (
            Rule::WholeBase,
            Scenario::of([&[Update], &[HardDelete], &[Create]]),
        ),
        (
            Rule::Settle,
            Scenario::of([&[Update], &[Update]]).with(Faults { repeats: 1, ..NONE }),
        ),
        (
            Rule::DocumentBeforeLog,
            Scenario::of([&[Update], &[Update, Update]]).with(LOST),
        ),
        (
            Rule::NoTraceTellsNothing,
            Scenario::of([&[Update], &[Update]])
                .after_write()
                .with(LOST),
        ),
        (
            Rule::BaseMayComeAgain,
            Scenario::of([&[Update], &[Update]]).with(Faults {
                failovers: 1,
                losses: 1,
                resends: 1,
                ..NONE
            }),
        ),
        (
            Rule::WaitBeforeRepeating,
            Scenario::of([&[Create], &[HardDelete]])
                .starting_empty()
                .with(LOST_AND_SENT_AGAIN),
        ),
        (
            Rule::RepeatWhatIsMissing,
            Scenario::of([&[UpdateMany], &[Update, Update]]).with(LOST_AND_SENT_AGAIN),
        ),
        (
            Rule::StampAnew,
            Scenario::of([&[Update], &[UpdateMany]]).with(Faults {
                failovers: 1,
                foreign: 1,
                resends: 1,
                ..NONE
            }),
        ),
        (
            Rule::CompleteAsCreated,
            Scenario::of([&[Create], &[Create]])
                .after_write()
                .starting_empty()
                .with(Faults { foreign: 1, ..NONE }),
        ),
    ]
}

/// Where entries go, and what they show.
fn of_entries() -> Vec<(Rule, Scenario)> {
    vec![
        (
            Rule::OwnIdOnly,
            Scenario::of([&[Update, Update]]).refusing(0, 0),
        ),
        (
            Rule::KeepEntriesInEveryMode,
            Scenario::of([&[Update], &[Update]]).mixing([Carried, AfterWrite]),
        ),
        (
            Rule::ImageInEveryMode,
            Scenario::of([&[SoftDelete], &[Update]]).mixing([Carried, Transactional]),
        ),
        (Rule::LogBeforeRemoval, Scenario::of([&[HardDelete]])),
        (
            Rule::RemovalOfItsTombstone,
            Scenario::of([&[HardDelete], &[Create]]).sweeping([1]),
        ),
        (
            Rule::TombstonesAreFinal,
            Scenario::of([&[HardDelete], &[Update]]),
        ),
        (Rule::KeepEntries, Scenario::of([&[Update], &[Update]])),
        (
            Rule::LogAtTheLimit,
            Scenario::of([&[Update, Update]]).carrying(1),
        ),
        (
            Rule::PutImageIn,
            Scenario::of([&[Create], &[Update]]).starting_empty(),
        ),
        (
            Rule::CheckDigest,
            Scenario::of([&[Create]])
                .starting_empty()
                .sweeping([1])
                .with(Faults { foreign: 1, ..NONE }),
        ),
        (
            Rule::LogWhatIsCommitted,
            Scenario::of([&[Update]]).sweeping([1]).with(FAILOVER),
        ),
        (
            Rule::BringWhatIsCommitted,
            Scenario::of([&[Update], &[Update]])
                .carrying(1)
                .with(FAILOVER),
        ),
        (
            Rule::KnowWhatIsCommitted,
            Scenario::of([&[Update, Update]]).with(FAILOVER),
        ),
    ]
}

/// Writes of many documents, and reads.
fn of_many_and_histories() -> Vec<(Rule, Scenario)> {
    vec![
        (
            Rule::GuardMany,
            Scenario::of([&[UpdateMany]]).with(Faults {
                meets_twice: 1,
                ..NONE
            }),
        ),
        (
            Rule::GuardManyByEntries,
            Scenario::of([&[UpdateMany], &[Update]]).with(Faults {
                meets_twice: 1,
                ..NONE
            }),
        ),
        (
            Rule::KeepEntriesOfMany,
            Scenario::of([&[Update], &[UpdateMany]]),
        ),
        (
            Rule::ImageOfMany,
            Scenario::of([&[Create], &[UpdateMany]]).starting_empty(),
        ),
        (
            Rule::LimitOfMany,
            Scenario::of([&[Update], &[UpdateMany]]).carrying(1),
        ),
        (
            Rule::HistoryDocumentFirst,
            Scenario::of([&[Update, Update]]).reading_history(),
        ),
        (
            Rule::HistoryOfWholeLives,
            Scenario::of([&[Update, HardDelete]]).reading_history(),
        ),
    ]
}

#[test]
fn every_rule_is_needed() {
    let mut wrong = Vec::new();
    for rule in Rule::ALL {
        let kept = search(scenario(rule));
        if !kept.broken.is_empty() {
            wrong.push(format!("{rule:?} kept: {:#?}", kept.broken));
        }
        let left_out = search(scenario(rule).without(rule));
        let shortest = left_out
            .broken
            .into_iter()
            .min_by_key(|(_, steps)| steps.len());
        let Some((property, steps)) = shortest else {
            wrong.push(format!(
                "{rule:?} can be left out: the model does not test it"
            ));
            continue;
        };
        println!(
            "{rule:?}: {} states; left out, \"{property}\" breaks in {} steps",
            kept.states,
            steps.len()
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// States that go on alike are searched once: that must hide no counterexample, and make none up.
#[test]
fn every_rule_is_needed_where_all_states_are_told_apart() {
    for rule in Rule::ALL {
        let kept = search(scenario(rule).in_full());
        assert!(kept.broken.is_empty(), "{rule:?} kept: {:#?}", kept.broken);
        let left_out = search(scenario(rule).in_full().without(rule));
        assert!(!left_out.broken.is_empty(), "{rule:?} can be left out");
        println!("{rule:?}: {} states in full", kept.states);
    }
}
