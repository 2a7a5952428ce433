use std::collections::VecDeque;

use mongodb::bson::oid::ObjectId;

use super::{EntryView, links::followed};

/// What an entry is to the state of the document that was read before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// It led to that state, or is of a life that ended: nothing is missing behind it but what the
    /// log lacks.
    Within,
    /// It followed that state: the read came first.
    Beyond,
    /// Its links lead to neither.
    Loose,
}

/// The last operation on a document, as it was read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    pub(crate) operation: ObjectId,
    /// The id of its entry, if it was one over many documents.
    pub(crate) of_many: ObjectId,
}

/// Tells the entries of one document by a state of it that was read before they were. `head`:
/// `None` where there was no document, or none that monguard had written.
///
/// A life that ended counts as a whole only where its links lead from the end to the beginning: a
/// hard delete brings all entries to the log before it removes the document, but not in order.
pub(crate) fn extents(entries: &[EntryView], head: Option<Head>) -> Vec<Extent> {
    let parents = followed(entries, |_, _| true);
    let mut extents = vec![Extent::Loose; entries.len()];
    if let Some(head) = head {
        mark_beyond(entries, &parents, head, &mut extents);
        let is_head = |id: ObjectId| id == head.operation || id == head.of_many;
        let trunk = entries
            .iter()
            .position(|entry| entry.id.is_some_and(is_head));
        for index in trunk.into_iter().flat_map(|index| behind(index, &parents)) {
            extents[index] = Extent::Within;
        }
    }
    for (index, entry) in entries.iter().enumerate() {
        if !entry.is_hard_delete {
            continue;
        }
        let life = behind(index, &parents);
        let is_whole = life
            .last()
            .is_some_and(|&first| entries[first].prev.is_none());
        if is_whole {
            for index in life {
                extents[index] = Extent::Within;
            }
        }
    }
    extents
}

/// An entry and all that it followed, by their links.
fn behind(index: usize, parents: &[Option<usize>]) -> Vec<usize> {
    let mut seen = vec![false; parents.len()];
    let mut behind = Vec::new();
    let mut here = Some(index);
    // A circle, which only tampering makes, is left where it closes.
    while let Some(index) = here
        && !seen[index]
    {
        seen[index] = true;
        behind.push(index);
        here = parents[index];
    }
    behind
}

fn mark_beyond(
    entries: &[EntryView],
    parents: &[Option<usize>],
    head: Head,
    extents: &mut [Extent],
) {
    let mut children = vec![Vec::new(); entries.len()];
    for (index, parent) in parents.iter().enumerate() {
        if let Some(parent) = parent {
            children[*parent].push(index);
        }
    }
    // The entry of the head itself may be missing.
    let direct = (0..entries.len()).filter(|&index| entries[index].prev == Some(head.operation));
    let mut next: VecDeque<usize> = direct.collect();
    while let Some(index) = next.pop_front() {
        if extents[index] == Extent::Loose {
            extents[index] = Extent::Beyond;
            next.extend(&children[index]);
        }
    }
}

#[cfg(test)]
mod tests {
    use mongodb::bson::DateTime;

    use super::*;
    use crate::audit::entry::Action;

    fn id(number: u8) -> ObjectId {
        ObjectId::from_bytes([number; 12])
    }

    /// The entry of an operation that followed another one.
    fn entry(number: u8, prev: impl Into<Option<u8>>) -> EntryView {
        let prev = prev.into();
        EntryView {
            id: Some(id(number)),
            prev: prev.map(id),
            prev_of_many: None,
            version: None,
            from: None,
            rank: None,
            action: if prev.is_none() {
                Action::Create
            } else {
                Action::Update
            },
            is_hard_delete: false,
            timestamp: DateTime::from_millis(0),
        }
    }

    fn removal(number: u8, prev: u8) -> EntryView {
        EntryView {
            is_hard_delete: true,
            action: Action::Delete,
            ..entry(number, prev)
        }
    }

    /// A letter for each entry: within, beyond, loose.
    fn told(entries: &[EntryView], head: impl Into<Option<u8>>) -> String {
        let head = head.into().map(|number| Head {
            operation: id(number),
            of_many: id(number + 100),
        });
        let letter = |extent| match extent {
            Extent::Within => 'w',
            Extent::Beyond => 'b',
            Extent::Loose => 'l',
        };
        extents(entries, head).into_iter().map(letter).collect()
    }

    #[test]
    fn what_led_to_the_state_is_within_and_what_followed_is_beyond() {
        let entries = [entry(1, None), entry(2, 1), entry(3, 2), entry(4, 3)];
        assert_eq!(told(&entries, 4), "wwww");
        assert_eq!(told(&entries, 2), "wwbb");
        assert_eq!(told(&entries, None), "llll");
        assert_eq!(told(&entries, 9), "llll");
        // The entry of the head is not there yet.
        let late = [entry(1, None), entry(3, 2), entry(4, 3)];
        assert_eq!(told(&late, 2), "lbb");
    }

    #[test]
    fn an_operation_over_many_documents_is_found_by_the_id_of_its_entry() {
        let mut followed = entry(3, 2);
        followed.prev_of_many = Some(id(102));
        let entries = [entry(1, None), entry(102, 1), followed];
        assert_eq!(told(&entries, 3), "www");
        assert_eq!(told(&entries, 2), "wwb");
    }

    #[test]
    fn lives_that_ended_are_within_if_nothing_of_them_is_missing() {
        let entries = [entry(1, None), removal(2, 1), entry(3, None), entry(4, 3)];
        assert_eq!(told(&entries, 4), "wwww");
        assert_eq!(told(&entries, 3), "wwwb");
        assert_eq!(told(&entries, None), "wwll");
        // It ended after the read, and is in the log as a whole.
        assert_eq!(told(&entries[..2], 1), "ww");
        let part = [removal(3, 2), entry(1, None)];
        assert_eq!(told(&part, None), "ll");
        assert_eq!(told(&part, 1), "lw");
    }

    #[test]
    fn links_that_lead_in_circles_lead_to_nothing() {
        let entries = [entry(1, 2), entry(2, 1), removal(3, 3)];
        assert_eq!(told(&entries, None), "lll");
        assert_eq!(told(&entries, 1), "wwl");
    }
}
