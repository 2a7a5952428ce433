//! Exhaustive searches with every rule kept: what may go wrong, in every order.

use monguard_model::Intent::{Create, HardDelete, Update, UpdateMany};
use monguard_model::{Faults, Scenario, search};

const NONE: Faults = Faults::none();

fn assert_holds(scenario: Scenario) {
    let outcome = search(scenario);
    println!("{} states", outcome.states);
    assert!(outcome.broken.is_empty(), "{:#?}", outcome.broken);
}

#[test]
fn updates_whose_answers_are_lost_and_repeated() {
    assert_holds(Scenario::of([&[Update], &[Update]]).with(Faults {
        losses: 2,
        resends: 1,
        repeats: 1,
        ..NONE
    }));
}

#[test]
fn three_writers_of_one_state() {
    assert_holds(
        Scenario::of([&[Update], &[Update], &[Update]]).with(Faults { losses: 1, ..NONE }),
    );
}

#[test]
fn writers_that_die_and_what_sweeps_up_after_them() {
    assert_holds(
        Scenario::of([&[Update], &[Update]])
            .sweeping([1, 1])
            .with(Faults {
                crashes: 1,
                losses: 1,
                ..NONE
            }),
    );
}

#[test]
fn several_lives_of_one_document() {
    assert_holds(
        Scenario::of([&[Update], &[HardDelete], &[Create]]).with(Faults {
            losses: 1,
            resends: 1,
            ..NONE
        }),
    );
}

#[test]
fn several_processes_that_finish_one_hard_delete() {
    assert_holds(
        Scenario::of([&[HardDelete], &[Create]])
            .sweeping([2, 1])
            .with(Faults { crashes: 1, ..NONE }),
    );
}

#[test]
fn a_failover_that_rolls_back() {
    assert_holds(
        Scenario::of([&[Update], &[Update]])
            .sweeping([1])
            .with(Faults {
                failovers: 1,
                losses: 1,
                resends: 1,
                ..NONE
            }),
    );
}

#[test]
fn a_create_beside_a_hard_delete_through_a_failover() {
    assert_holds(
        Scenario::of([&[Create], &[HardDelete]])
            .starting_empty()
            .sweeping([1])
            .with(Faults {
                failovers: 1,
                losses: 1,
                resends: 1,
                ..NONE
            }),
    );
}

#[test]
fn an_update_of_many_documents() {
    assert_holds(
        Scenario::of([&[Update], &[UpdateMany]])
            .sweeping([1])
            .with(Faults {
                crashes: 1,
                failovers: 1,
                losses: 1,
                resends: 1,
                meets_twice: 1,
                ..NONE
            }),
    );
}

#[test]
fn a_reader_of_the_history_beside_a_foreign_writer() {
    assert_holds(
        Scenario::of([&[Update, Update], &[Update]])
            .reading_history()
            .with(Faults { foreign: 1, ..NONE }),
    );
}

#[test]
fn entries_that_come_after_their_writes() {
    let faults = Faults {
        crashes: 1,
        foreign: 1,
        losses: 1,
        resends: 1,
        ..NONE
    };
    assert_holds(
        Scenario::of([&[Update, Update], &[Update]])
            .after_write()
            .with(faults),
    );
}

#[test]
fn several_lives_whose_entries_come_after() {
    let faults = Faults {
        crashes: 1,
        losses: 1,
        resends: 1,
        ..NONE
    };
    assert_holds(
        Scenario::of([&[Update], &[HardDelete], &[Create]])
            .sweeping([1])
            .after_write()
            .with(faults),
    );
}
