use mongodb::bson::{DateTime, Uuid, oid::ObjectId};
use proptest::prelude::*;

use super::{EntryView, Link, Placed, order};
use crate::audit::entry::Action;
use crate::document::Version;

fn id(number: u8) -> ObjectId {
    ObjectId::from_bytes([number; 12])
}

/// An entry of ours: its id, `prev` (0: none), version, time. It replaced the version before.
fn ours(number: u8, prev: u8, version: i64, time: i64) -> EntryView {
    EntryView {
        id: Some(id(number)),
        prev: (prev != 0).then(|| id(prev)),
        prev_of_many: None,
        version: Some(version.into()),
        from: (version > 1).then_some((version - 1).into()),
        rank: None,
        action: if version == 1 {
            Action::Create
        } else {
            Action::Update
        },
        is_hard_delete: false,
        timestamp: DateTime::from_millis(time),
    }
}

fn removed(mut entry: EntryView) -> EntryView {
    entry.action = Action::Delete;
    entry.is_hard_delete = true;
    entry
}

/// An entry of TypeScript's.
#[allow(
    clippy::needless_pass_by_value,
    reason = "reads better where it is called"
)]
fn theirs(number: u8, action: Action, time: i64) -> EntryView {
    let is_hard_delete = action == Action::Delete;
    EntryView {
        version: None,
        from: None,
        action,
        is_hard_delete,
        ..ours(number, 0, 2, time)
    }
}

fn placed(entries: &[EntryView]) -> Vec<(u8, usize, Link)> {
    let number = |index: usize| entries[index].id.unwrap().bytes()[0];
    order(entries.to_vec(), None)
        .into_iter()
        .map(|Placed { index, life, link }| (number(index), life, link))
        .collect()
}

#[test]
fn a_chain_is_in_the_order_of_versions_whatever_the_clocks_say() {
    let entries = [ours(3, 2, 3, 5), ours(1, 0, 1, 10), ours(2, 1, 2, 7)];
    let expected = [
        (1, 0, Link::First),
        (2, 0, Link::Linked),
        (3, 0, Link::Linked),
    ];
    assert_eq!(placed(&entries), expected);
    assert_eq!(placed(&[]), []);
}

#[test]
fn a_new_life_of_an_id_comes_after_the_old_one() {
    let entries = [
        ours(4, 0, 1, 40),
        ours(5, 4, 2, 50),
        ours(1, 0, 1, 10),
        ours(2, 1, 2, 20),
        removed(ours(3, 2, 3, 30)),
    ];
    let expected = [
        (1, 0, Link::First),
        (2, 0, Link::Linked),
        (3, 0, Link::Linked),
        (4, 1, Link::First),
        (5, 1, Link::Linked),
    ];
    assert_eq!(placed(&entries), expected);
}

#[test]
fn what_follows_a_gap_stays_in_its_life() {
    // 3 and 13 are missing; both lives have a version 4.
    let entries = [
        ours(1, 0, 1, 10),
        ours(2, 1, 2, 20),
        ours(4, 3, 4, 40),
        removed(ours(5, 4, 5, 50)),
        ours(11, 0, 1, 60),
        ours(12, 11, 2, 70),
        ours(14, 13, 4, 90),
    ];
    let expected = [
        (1, 0, Link::First),
        (2, 0, Link::Linked),
        (4, 0, Link::Unlinked),
        (5, 0, Link::Linked),
        (11, 1, Link::First),
        (12, 1, Link::Linked),
        (14, 1, Link::Unlinked),
    ];
    assert_eq!(placed(&entries), expected);
}

#[test]
fn a_late_chain_does_not_fit_a_life_that_has_its_versions() {
    // The create of the second life is missing.
    let entries = [
        ours(1, 0, 1, 10),
        ours(2, 1, 2, 20),
        removed(ours(3, 2, 3, 30)),
        ours(5, 4, 2, 40),
        ours(6, 5, 3, 50),
    ];
    let expected = [
        (1, 0, Link::First),
        (2, 0, Link::Linked),
        (3, 0, Link::Linked),
        (5, 1, Link::Unlinked),
        (6, 1, Link::Linked),
    ];
    assert_eq!(placed(&entries), expected);
}

#[test]
fn the_branch_that_went_on_is_the_trunk() {
    let entries = [
        ours(1, 0, 1, 10),
        ours(2, 1, 2, 20),
        ours(3, 1, 2, 21),
        ours(4, 3, 3, 30),
        ours(5, 2, 3, 31),
        ours(6, 4, 4, 40),
    ];
    let expected = [
        (1, 0, Link::First),
        (2, 0, Link::Fork),
        (3, 0, Link::Linked),
        (4, 0, Link::Linked),
        (5, 0, Link::Fork),
        (6, 0, Link::Linked),
    ];
    assert_eq!(placed(&entries), expected);
    let after_unknown = [ours(2, 1, 2, 20), ours(3, 1, 2, 21)];
    assert_eq!(
        placed(&after_unknown),
        [(2, 0, Link::Unlinked), (3, 0, Link::Fork)]
    );
}

#[test]
fn a_foreign_write_in_between_shows() {
    let mut after = ours(2, 1, 4, 40);
    after.from = Some(3.into());
    assert_eq!(
        placed(&[ours(1, 0, 1, 10), after]),
        [(1, 0, Link::First), (2, 0, Link::Unlinked)]
    );
}

#[test]
fn entries_without_versions_stand_where_their_time_puts_them() {
    let entries = [
        ours(2, 0, 5, 30),
        ours(3, 2, 6, 50),
        theirs(1, Action::Create, 31),
        theirs(4, Action::Update, 40),
        theirs(5, Action::Update, 20),
        theirs(6, Action::Custom("seen".to_owned()), 60),
    ];
    let mut entries = entries.to_vec();
    entries[0].action = Action::Update;
    let expected = [
        (1, 0, Link::Unversioned),
        (5, 0, Link::Unversioned),
        (2, 0, Link::Unlinked),
        (4, 0, Link::Unversioned),
        (3, 0, Link::Linked),
        (6, 0, Link::Unversioned),
    ];
    assert_eq!(placed(&entries), expected);
}

#[test]
fn lives_of_typescript_are_told_apart() {
    let entries = [
        theirs(2, Action::Delete, 20),
        theirs(1, Action::Update, 10),
        ours(3, 0, 1, 30),
        removed(ours(4, 3, 2, 40)),
        theirs(5, Action::Create, 50),
        theirs(6, Action::Delete, 60),
        theirs(7, Action::Create, 70),
    ];
    let expected = [
        (1, 0, Link::Unversioned),
        (2, 0, Link::Unversioned),
        (3, 1, Link::First),
        (4, 1, Link::Linked),
        (5, 2, Link::Unversioned),
        (6, 2, Link::Unversioned),
        (7, 3, Link::Unversioned),
    ];
    assert_eq!(placed(&entries), expected);
}

#[test]
fn an_operation_over_many_documents_links_through_its_own_entry_ids() {
    let mut after = ours(2, 9, 2, 20);
    after.prev_of_many = Some(id(1));
    assert_eq!(
        placed(&[after, ours(1, 0, 1, 10)]),
        [(1, 0, Link::First), (2, 0, Link::Linked)]
    );
}

#[test]
fn a_circle_is_no_chain() {
    let entries = [ours(1, 2, 2, 10), ours(2, 1, 2, 20), ours(3, 3, 3, 30)];
    assert_eq!(placed(&entries).len(), 3);
}

/// The same entries with tokens for versions: each write replaced the token of the entry that it
/// follows.
fn with_tokens(entries: &[EntryView]) -> Vec<EntryView> {
    let token = |number: [u8; 12]| {
        let mut bytes = [0; 16];
        bytes[4..].copy_from_slice(&number);
        Version::Token(Uuid::from_bytes(bytes))
    };
    let mut entries = entries.to_vec();
    for entry in &mut entries {
        entry.version = entry.id.map(|id| token(id.bytes()));
        entry.from = entry.prev.map(|prev| token(prev.bytes()));
    }
    entries
}

#[test]
fn tokens_are_in_the_order_of_their_links_and_of_time() {
    let first = [ours(1, 0, 1, 10), ours(2, 1, 2, 20), ours(3, 2, 3, 30)];
    let gap = [ours(5, 4, 5, 50), removed(ours(6, 5, 6, 60))];
    let second = [ours(7, 0, 1, 70), ours(8, 7, 2, 80)];
    let mut entries = [&first[..], &gap, &second].concat();
    entries.reverse();
    let expected = [
        (1, 0, Link::First),
        (2, 0, Link::Linked),
        (3, 0, Link::Linked),
        (5, 0, Link::Unlinked),
        (6, 0, Link::Linked),
        (7, 1, Link::First),
        (8, 1, Link::Linked),
    ];
    assert_eq!(placed(&entries), expected);
    assert_eq!(placed(&with_tokens(&entries)), expected);
}

#[test]
fn tokens_that_are_linked_stay_so_whatever_the_clocks_say() {
    let entries = [ours(3, 2, 3, 5), ours(1, 0, 1, 10), ours(2, 1, 2, 7)];
    let expected = [
        (1, 0, Link::First),
        (2, 0, Link::Linked),
        (3, 0, Link::Linked),
    ];
    assert_eq!(placed(&with_tokens(&entries)), expected);
}

#[test]
fn of_two_tokens_after_one_the_branch_that_was_written_last_is_the_trunk() {
    let entries = [
        ours(1, 0, 1, 10),
        ours(2, 1, 2, 20),
        ours(3, 1, 2, 21),
        ours(4, 3, 3, 30),
    ];
    let expected = [
        (1, 0, Link::First),
        (2, 0, Link::Fork),
        (3, 0, Link::Linked),
        (4, 0, Link::Linked),
    ];
    assert_eq!(placed(&with_tokens(&entries)), expected);
}

#[test]
fn a_token_that_a_foreign_tool_made_in_between_shows() {
    let mut entries = with_tokens(&[ours(1, 0, 1, 10), ours(2, 1, 2, 20)]);
    entries[1].from = Some(Version::Token(Uuid::from_bytes([9; 16])));
    let expected = [(1, 0, Link::First), (2, 0, Link::Unlinked)];
    assert_eq!(placed(&entries), expected);
}

#[test]
fn a_counter_that_became_a_token_goes_on() {
    let counters = [ours(1, 0, 1, 10), ours(2, 1, 2, 20)];
    let mut entries = with_tokens(&[ours(3, 2, 3, 30), ours(4, 3, 4, 40)]);
    entries[0].from = Some(2.into());
    entries.extend(counters);
    let expected = [
        (1, 0, Link::First),
        (2, 0, Link::Linked),
        (3, 0, Link::Linked),
        (4, 0, Link::Linked),
    ];
    assert_eq!(placed(&entries), expected);
}

#[test]
fn a_long_history_of_tokens_is_put_in_order() {
    let entry = |number: u32| {
        let id = |number: u32| {
            let mut bytes = [0; 12];
            bytes[8..].copy_from_slice(&number.to_be_bytes());
            ObjectId::from_bytes(bytes)
        };
        let mut entry = ours(1, 0, 2, 100_000 - i64::from(number));
        entry.id = Some(id(number));
        entry.prev = (number > 1).then(|| id(number - 1));
        entry
    };
    // By their times they would be in the opposite order.
    let entries: Vec<EntryView> = (1..50_000).map(entry).collect();
    let placed = order(with_tokens(&entries), None);
    assert!(placed.is_sorted_by_key(|placed| placed.index));
}

proptest! {
    #[test]
    fn every_entry_has_one_place_whatever_the_log_holds(
        log in proptest::collection::vec((0_u8..8, 0_i64..6, 0_i64..10, any::<[bool; 2]>()), 0..12),
        tokens in any::<bool>(),
    ) {
        let entries: Vec<EntryView> = log.iter().zip(1_u8..).map(|(&(prev, version, time, [delete, create]), number)| {
            let mut entry = ours(number, prev, version, time);
            entry.version = (version > 0).then_some(version.into());
            entry.is_hard_delete = delete;
            if create {
                entry.action = Action::Create;
            }
            entry
        }).collect();
        let entries = if tokens { with_tokens(&entries) } else { entries };
        let placed = order(entries.clone(), None);
        let mut indexes: Vec<usize> = placed.iter().map(|placed| placed.index).collect();
        indexes.sort_unstable();
        prop_assert_eq!(indexes, (0..entries.len()).collect::<Vec<_>>());
        prop_assert!(placed.is_sorted_by_key(|placed| placed.life));
        for pair in placed.windows(2) {
            let version = |placed: &Placed| entries[placed.index].version?.as_i64();
            if let (Some(first), Some(second)) = (version(&pair[0]), version(&pair[1])) {
                prop_assert!(pair[0].life != pair[1].life || first <= second);
            }
        }
    }
}
