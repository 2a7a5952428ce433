use super::{
    EntryView,
    links::{Links, in_order},
};

/// The entries of each life of a document, in order. `head`: the entry of the state that the
/// document is in, whose life is the last.
pub(super) fn lives(entries: &[EntryView], links: &Links, head: Option<usize>) -> Vec<Vec<usize>> {
    let mut lives = opened(entries, links);
    for chain in by_time(entries, links) {
        if !opens_a_life(entries, chain) {
            continue_a_life(entries, &mut lives, chain);
        }
    }
    place_unversioned(entries, &mut lives);
    lives.sort_by_key(|life| {
        (
            head.is_some_and(|head| life.holds(head)),
            life.until(entries),
        )
    });
    lives
        .into_iter()
        .map(|life| life.in_order(entries))
        .collect()
}

/// One life of a document while it is put together.
struct Life {
    /// When it was opened, in milliseconds.
    since: i64,
    /// The version of the create that opened it.
    created: Option<i64>,
    /// Its entries with versions.
    versioned: Vec<usize>,
    /// The lowest and highest version of each of its chains.
    spans: Vec<(i64, i64)>,
    /// The version of the hard delete that ended it.
    ended: Option<i64>,
    /// Its entries without versions, in the order of time.
    unversioned: Vec<usize>,
}

impl Life {
    fn new(since: i64) -> Self {
        Self {
            since,
            created: None,
            versioned: Vec::new(),
            spans: Vec::new(),
            ended: None,
            unversioned: Vec::new(),
        }
    }

    fn holds(&self, index: usize) -> bool {
        self.versioned.contains(&index) || self.unversioned.contains(&index)
    }

    /// The time of its last entry, in milliseconds. One life is over before the next one begins,
    /// but the stamp of a create may be older than that: it is made before it is known that the
    /// place is free.
    fn until(&self, entries: &[EntryView]) -> i64 {
        let all = self.versioned.iter().chain(&self.unversioned);
        let times = all.map(|&index| entries[index].timestamp.timestamp_millis());
        times.max().unwrap_or(self.since)
    }

    fn can_take(&self, entries: &[EntryView], chain: &[usize]) -> bool {
        let (low, high) = span(entries, chain);
        let end = end(entries, chain);
        let highest = self.spans.iter().map(|(_, high)| *high).max();
        self.created.is_none_or(|created| created < low)
            && self.ended.is_none_or(|ended| high < ended)
            && (end.is_none() || end > highest)
            && self
                .spans
                .iter()
                .all(|(from, to)| high < *from || *to < low)
    }

    fn take(&mut self, entries: &[EntryView], chain: &[usize]) {
        self.spans.push(span(entries, chain));
        self.ended = self.ended.or_else(|| end(entries, chain));
        self.versioned.extend(chain);
    }

    fn in_order(mut self, entries: &[EntryView]) -> Vec<usize> {
        self.versioned
            .sort_by_key(|&index| in_order(&entries[index]));
        // Each one's place: how many of the versioned entries come before it.
        let place = |index: usize| {
            let entry = &entries[index];
            let is_not_later = |&other: &usize| entries[other].timestamp <= entry.timestamp;
            if entry.is_create() {
                return 0;
            }
            self.versioned
                .iter()
                .rposition(is_not_later)
                .map_or(0, |last| last + 1)
        };
        let mut unversioned: Vec<(usize, usize)> = self
            .unversioned
            .iter()
            .map(|&index| (place(index), index))
            .collect();
        unversioned.sort_by_key(|(place, index)| (*place, !entries[*index].is_create()));
        let mut unversioned = unversioned.into_iter().peekable();
        let mut ordered = Vec::new();
        for (position, versioned) in self.versioned.iter().enumerate() {
            while let Some((_, index)) = unversioned.next_if(|(place, _)| *place <= position) {
                ordered.push(index);
            }
            ordered.push(*versioned);
        }
        ordered.extend(unversioned.map(|(_, index)| index));
        ordered
    }
}

/// The lives whose beginning is in the log, in the order of time.
fn opened(entries: &[EntryView], links: &Links) -> Vec<Life> {
    let mut lives = Vec::new();
    for chain in &links.chains {
        if opens_a_life(entries, chain) {
            let mut life = Life::new(since(entries, chain));
            life.created = entries[chain[0]].rank;
            life.take(entries, chain);
            lives.push(life);
        }
    }
    for entry in entries {
        if entry.rank.is_none() && entry.is_create() {
            lives.push(Life::new(entry.timestamp.timestamp_millis()));
        }
    }
    lives.sort_by_key(|life| life.since);
    lives
}

fn continue_a_life(entries: &[EntryView], lives: &mut Vec<Life>, chain: &[usize]) {
    let since = since(entries, chain);
    let open = lives
        .iter()
        .rposition(|life| life.since <= since && life.can_take(entries, chain));
    let any = open.or_else(|| lives.iter().position(|life| life.can_take(entries, chain)));
    if let Some(index) = any {
        return lives[index].take(entries, chain);
    }
    let mut life = Life::new(since);
    life.take(entries, chain);
    let position = lives.partition_point(|other| other.since <= since);
    lives.insert(position, life);
}

fn place_unversioned(entries: &[EntryView], lives: &mut Vec<Life>) {
    let mut unversioned: Vec<usize> = (0..entries.len())
        .filter(|&index| entries[index].rank.is_none())
        .collect();
    unversioned.sort_by_key(|&index| in_order(&entries[index]));
    let time = |index: usize| entries[index].timestamp.timestamp_millis();

    let first = lives.first().map_or(i64::MAX, |life| life.since);
    let early = unversioned.partition_point(|&index| time(index) < first);
    let removed = unversioned[..early]
        .iter()
        .rposition(|&index| entries[index].is_hard_delete);
    let (earlier, rest) = unversioned.split_at(removed.map_or(0, |last| last + 1));
    for &index in rest {
        if lives.is_empty() {
            lives.push(Life::new(time(index)));
        }
        let open = lives.partition_point(|life| life.since <= time(index));
        lives[open.saturating_sub(1)].unversioned.push(index);
    }
    if let Some(&opening) = earlier.first() {
        let mut life = Life::new(time(opening));
        life.unversioned = earlier.to_vec();
        lives.insert(0, life);
    }
}

fn by_time<'l>(entries: &[EntryView], links: &'l Links) -> Vec<&'l [usize]> {
    let mut chains: Vec<&[usize]> = links.chains.iter().map(Vec::as_slice).collect();
    chains.sort_by_key(|chain| since(entries, chain));
    chains
}

/// Chains are never empty, and their lowest version comes first.
fn since(entries: &[EntryView], chain: &[usize]) -> i64 {
    entries[chain[0]].timestamp.timestamp_millis()
}

fn opens_a_life(entries: &[EntryView], chain: &[usize]) -> bool {
    let first = &entries[chain[0]];
    first.is_create() && first.prev.is_none()
}

fn span(entries: &[EntryView], chain: &[usize]) -> (i64, i64) {
    let mut versions = chain.iter().filter_map(|&index| entries[index].rank);
    let low = versions.next().unwrap_or_default();
    (low, versions.next_back().unwrap_or(low))
}

fn end(entries: &[EntryView], chain: &[usize]) -> Option<i64> {
    let end = chain
        .iter()
        .rev()
        .find(|&&index| entries[index].is_hard_delete)?;
    entries[*end].rank
}
