//! Exhaustive searches with every rule kept: what may go wrong, in every order. Three writers and
//! two processes that sweep, wherever nothing else is said; each of them may die at any moment, and
//! commands may come late.

use monguard_model::Intent::{Create, HardDelete, SoftDelete, Update, UpdateMany};
use monguard_model::Mode::{AfterWrite, Carried, Transactional};
use monguard_model::{Faults, Scenario, search};

const NONE: Faults = Faults::none();

/// Everything but a driver that repeats, and a scan that meets a document again.
const MOST: Faults = Faults {
    failovers: 1,
    losses: 1,
    foreign: 1,
    resends: 1,
    ..NONE
};

/// A failover, while everything is done to have each write made.
const FAILOVER: Faults = Faults {
    failovers: 1,
    losses: 1,
    repeats: 1,
    resends: 1,
    ..NONE
};

/// No failover.
const STABLE: Faults = Faults {
    losses: 1,
    repeats: 1,
    foreign: 1,
    resends: 1,
    ..NONE
};

fn assert_holds(scenario: Scenario) {
    let outcome = search(scenario);
    let test = std::thread::current();
    println!(
        "{}: {} states",
        test.name().unwrap_or("search"),
        outcome.states
    );
    assert!(outcome.broken.is_empty(), "{:#?}", outcome.broken);
    assert!(outcome.is_whole);
}

#[test]
fn three_writers_of_one_state() {
    assert_holds(
        Scenario::of([&[Update], &[Update], &[Update]])
            .sweeping([1, 1])
            .with(MOST),
    );
}

#[test]
fn three_writers_whose_driver_repeats_through_a_failover() {
    assert_holds(
        Scenario::of([&[Update], &[Update], &[Update]])
            .sweeping([1, 1])
            .with(FAILOVER),
    );
}

#[test]
fn three_writers_whose_driver_repeats_beside_a_foreign_writer() {
    assert_holds(
        Scenario::of([&[Update], &[Update], &[Update]])
            .sweeping([1, 1])
            .with(STABLE),
    );
}

#[test]
fn several_lives_of_one_document() {
    assert_holds(
        Scenario::of([&[Update], &[HardDelete], &[Create]])
            .sweeping([1, 1])
            .with(MOST),
    );
}

#[test]
fn several_lives_whose_writers_repeat() {
    let lives = || Scenario::of([&[Update], &[HardDelete], &[Create]]).sweeping([1, 1]);
    assert_holds(lives().with(FAILOVER));
    assert_holds(lives().with(STABLE));
}

#[test]
fn creates_that_are_repeated_beside_a_hard_delete() {
    assert_holds(
        Scenario::of([&[Create], &[Create], &[HardDelete]])
            .starting_empty()
            .sweeping([1, 1])
            .with(MOST),
    );
}

#[test]
fn an_update_of_many_documents_through_a_failover() {
    assert_holds(
        Scenario::of([&[Update], &[UpdateMany], &[Update]])
            .sweeping([1, 1])
            .with(Faults {
                meets_twice: 1,
                repeats: 0,
                ..FAILOVER
            }),
    );
}

#[test]
fn an_update_of_many_documents_beside_a_foreign_writer() {
    assert_holds(
        Scenario::of([&[Update], &[UpdateMany], &[Update]])
            .sweeping([1, 1])
            .with(Faults {
                meets_twice: 1,
                ..STABLE
            }),
    );
}

#[test]
fn an_update_of_many_documents_in_several_lives() {
    assert_holds(
        Scenario::of([&[UpdateMany], &[HardDelete], &[Create]])
            .sweeping([1, 1])
            .with(MOST),
    );
}

#[test]
fn images_of_a_create_that_an_update_of_many_documents_puts_in() {
    assert_holds(
        Scenario::of([&[Create], &[Update], &[UpdateMany]])
            .starting_empty()
            .sweeping([1, 1])
            .with(MOST),
    );
}

#[test]
fn images_of_a_soft_delete() {
    assert_holds(
        Scenario::of([&[Create], &[SoftDelete], &[Update]])
            .starting_empty()
            .sweeping([1, 1])
            .with(MOST),
    );
}

#[test]
fn documents_at_the_limit_of_entries() {
    assert_holds(
        Scenario::of([&[Update, Update], &[Update], &[UpdateMany]])
            .carrying(1)
            .sweeping([1, 1])
            .with(Faults {
                failovers: 1,
                losses: 1,
                resends: 1,
                ..NONE
            }),
    );
}

#[test]
fn a_hard_delete_whose_entry_the_log_refuses() {
    assert_holds(
        Scenario::of([&[Update], &[HardDelete], &[Create]])
            .refusing(1, 0)
            .sweeping([1, 1])
            .with(MOST),
    );
}

#[test]
fn readers_of_the_history() {
    assert_holds(
        Scenario::of([&[Update], &[UpdateMany], &[Update]])
            .reading_history()
            .sweeping([1, 1])
            .with(Faults {
                repeats: 0,
                ..STABLE
            }),
    );
}

#[test]
fn readers_of_the_history_of_several_lives() {
    assert_holds(
        Scenario::of([&[Update], &[HardDelete], &[Create]])
            .reading_history()
            .sweeping([1, 1])
            .with(Faults {
                failovers: 1,
                losses: 1,
                resends: 1,
                ..NONE
            }),
    );
}

#[test]
fn entries_that_come_after_their_writes() {
    assert_holds(
        Scenario::of([&[Update], &[Update], &[Update]])
            .after_write()
            .sweeping([1, 1])
            .with(MOST),
    );
}

#[test]
fn entries_that_come_with_their_writes_in_one_command() {
    assert_holds(
        Scenario::of([&[Update], &[Update], &[Update]])
            .after_write()
            .together()
            .sweeping([1, 1])
            .with(MOST),
    );
}

#[test]
fn entries_that_come_with_their_writes_beside_others_that_are_carried() {
    assert_holds(
        Scenario::of([&[Update], &[SoftDelete], &[HardDelete]])
            .mixing([Carried, AfterWrite, AfterWrite])
            .together()
            .sweeping([1, 1])
            .with(Faults {
                repeats: 0,
                ..FAILOVER
            }),
    );
}

#[test]
fn requests_that_are_repeated_whose_entries_come_after() {
    assert_holds(
        Scenario::of([&[Create], &[Create], &[HardDelete]])
            .starting_empty()
            .after_write()
            .sweeping([1, 1])
            .with(Faults { deaths: 1, ..MOST }),
    );
}

#[test]
fn several_lives_whose_entries_come_after() {
    assert_holds(
        Scenario::of([&[Update], &[HardDelete], &[Create]])
            .after_write()
            .sweeping([1, 1])
            .with(MOST),
    );
}

#[test]
fn entries_in_the_transactions_of_their_writes() {
    let all = Faults { repeats: 1, ..MOST };
    assert_holds(
        Scenario::of([&[Update], &[Update], &[Update]])
            .mixing([Transactional; 3])
            .sweeping([1, 1])
            .with(all),
    );
    assert_holds(
        Scenario::of([&[Create], &[Update], &[HardDelete]])
            .mixing([Transactional; 3])
            .starting_empty()
            .sweeping([1, 1])
            .with(all),
    );
}

#[test]
fn writers_of_each_mode_beside_a_foreign_one() {
    assert_holds(
        Scenario::of([&[Update], &[Update], &[Update]])
            .mixing([Carried, AfterWrite, Transactional])
            .sweeping([1, 1])
            .with(Faults {
                repeats: 0,
                ..STABLE
            }),
    );
}

#[test]
fn writers_of_each_mode_through_a_failover() {
    assert_holds(
        Scenario::of([&[SoftDelete], &[Update], &[Update]])
            .mixing([Carried, AfterWrite, Transactional])
            .sweeping([1, 1])
            .with(Faults {
                repeats: 0,
                ..FAILOVER
            }),
    );
}

#[test]
fn writers_of_each_mode_in_several_lives() {
    assert_holds(
        Scenario::of([&[Update], &[HardDelete], &[Create]])
            .mixing([Carried, AfterWrite, Transactional])
            .sweeping([1, 1])
            .with(MOST),
    );
}

#[test]
fn processes_that_die() {
    assert_holds(
        Scenario::of([&[Update], &[Update], &[Update]])
            .sweeping([1, 1])
            .with(Faults {
                deaths: 2,
                repeats: 0,
                ..FAILOVER
            }),
    );
    assert_holds(
        Scenario::of([&[Update], &[HardDelete], &[Create]])
            .sweeping([1, 1])
            .with(Faults {
                deaths: 1,
                repeats: 0,
                ..FAILOVER
            }),
    );
    assert_holds(
        Scenario::of([&[Update], &[Update], &[Update]])
            .sweeping([1, 1])
            .with(Faults {
                deaths: 1,
                ..STABLE
            }),
    );
    assert_holds(
        Scenario::of([&[Update], &[UpdateMany], &[Update]])
            .sweeping([1, 1])
            .with(Faults {
                deaths: 1,
                losses: 1,
                meets_twice: 1,
                ..NONE
            }),
    );
}

#[test]
fn two_writers_where_all_states_are_told_apart() {
    for scenario in [
        Scenario::of([&[Update], &[Update]]),
        Scenario::of([&[HardDelete], &[Create]]),
    ] {
        assert_holds(scenario.sweeping([1]).in_full().with(Faults {
            deaths: 1,
            repeats: 0,
            ..FAILOVER
        }));
    }
}

#[test]
#[ignore = "takes minutes"]
fn three_writers_and_everything_that_may_go_wrong() {
    assert_holds(
        Scenario::of([&[Update], &[Update], &[Update]])
            .sweeping([1, 1])
            .with(Faults { repeats: 1, ..MOST }),
    );
}

#[test]
#[ignore = "takes minutes"]
fn an_update_of_many_documents_and_everything_that_may_go_wrong() {
    assert_holds(
        Scenario::of([&[Update], &[UpdateMany], &[Update]])
            .sweeping([1, 1])
            .with(Faults {
                meets_twice: 1,
                ..MOST
            }),
    );
}
