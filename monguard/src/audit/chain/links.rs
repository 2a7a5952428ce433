use std::{cmp::Reverse, collections::HashMap};

use mongodb::bson::oid::ObjectId;

use super::{EntryView, Link};

/// How entries follow one another.
pub(super) struct Links {
    /// For each entry, what ties it to the one before.
    pub(super) of: Vec<Link>,
    /// Entries that hang together, lowest version first.
    pub(super) chains: Vec<Vec<usize>>,
}

pub(super) fn link(entries: &[EntryView]) -> Links {
    let mut versioned: Vec<usize> = (0..entries.len())
        .filter(|&index| entries[index].rank.is_some())
        .collect();
    versioned.sort_by_key(|&index| in_order(&entries[index]));
    let parents = parents(entries);
    let off_trunk = off_trunk(entries, &versioned, &parents);

    let mut of = vec![Link::Unversioned; entries.len()];
    let mut chains: Vec<Vec<usize>> = Vec::new();
    let mut chain_of = vec![0; entries.len()];
    let mut after_unknown: HashMap<ObjectId, usize> = HashMap::new();
    // Parents have lower versions, so that they come first.
    for &index in &versioned {
        let entry = &entries[index];
        let chain = match (parents[index], entry.prev) {
            (Some(parent), _) => chain_of[parent],
            (None, Some(unknown)) => *after_unknown.entry(unknown).or_insert(chains.len()),
            (None, None) => chains.len(),
        };
        if chain == chains.len() {
            chains.push(Vec::new());
        }
        chains[chain].push(index);
        chain_of[index] = chain;
        let on_fork = parents[index].is_some_and(|parent| of[parent] == Link::Fork);
        of[index] = if on_fork || off_trunk[index] {
            Link::Fork
        } else {
            tie(entry, parents[index].map(|parent| &entries[parent]))
        };
    }
    Links { of, chains }
}

/// The sort key of entries of one life.
pub(super) fn in_order(entry: &EntryView) -> (Option<i64>, i64, Option<ObjectId>) {
    (entry.rank, entry.timestamp.timestamp_millis(), entry.id)
}

fn tie(entry: &EntryView, parent: Option<&EntryView>) -> Link {
    match (parent, entry.prev, entry.from) {
        (Some(parent), _, Some(from)) if parent.version == Some(from) => Link::Linked,
        (None, None, None) => Link::First,
        _ => Link::Unlinked,
    }
}

/// For each entry, the one that it follows. Always of a lower version: a log that was tampered
/// with does not lead in circles.
fn parents(entries: &[EntryView]) -> Vec<Option<usize>> {
    followed(entries, |parent, entry| {
        parent.rank.is_some() && parent.rank < entry.rank
    })
}

/// For each entry, the one that its `prev` names, if it can be what the entry follows.
pub(super) fn followed(
    entries: &[EntryView],
    can_be: impl Fn(&EntryView, &EntryView) -> bool,
) -> Vec<Option<usize>> {
    let ids = entries
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| Some((entry.id?, index)));
    let by_id: HashMap<ObjectId, usize> = ids.collect();
    let parent = |entry: &EntryView| {
        let ids = [entry.prev, entry.prev_of_many].into_iter().flatten();
        let mut found = ids.filter_map(|id| by_id.get(&id).copied());
        found.find(|&parent| can_be(&entries[parent], entry))
    };
    entries.iter().map(parent).collect()
}

/// Marks entries that follow what another entry follows, too, and are not on the trunk.
fn off_trunk(entries: &[EntryView], versioned: &[usize], parents: &[Option<usize>]) -> Vec<bool> {
    // The highest version that was reached from each entry.
    let mut reached: Vec<Option<i64>> = entries.iter().map(|entry| entry.rank).collect();
    for &index in versioned.iter().rev() {
        if let Some(parent) = parents[index] {
            reached[parent] = reached[parent].max(reached[index]);
        }
    }
    let mut siblings: HashMap<ObjectId, Vec<usize>> = HashMap::new();
    for &index in versioned {
        let parent = parents[index].and_then(|parent| entries[parent].id);
        if let Some(parent) = parent.or(entries[index].prev) {
            siblings.entry(parent).or_default().push(index);
        }
    }
    let mut off_trunk = vec![false; entries.len()];
    for siblings in siblings.values() {
        let trunk = siblings.iter().max_by_key(|&&index| {
            let (_, time, id) = in_order(&entries[index]);
            (reached[index], Reverse((time, id)))
        });
        for &index in siblings {
            off_trunk[index] = trunk != Some(&index);
        }
    }
    off_trunk
}
