use super::{EntryView, links::followed};
use crate::document::Version;

/// Gives each entry that has a version its number in the order: a counter itself; where there are
/// tokens, which have no order, the entry's place by its links, and by time where there is none.
///
/// Each write of a document with a token has a later stamp than the one before, by whatever clock,
/// so that time is right across gaps too.
pub(super) fn rank(entries: &mut [EntryView]) {
    let is_token = |entry: &EntryView| matches!(entry.version, Some(Version::Token(_)));
    if !entries.iter().any(is_token) {
        for entry in entries {
            entry.rank = entry.version.and_then(Version::as_i64);
        }
        return;
    }
    let parents = followed(entries, |parent, _| parent.version.is_some());
    let mut by_time: Vec<usize> = (0..entries.len())
        .filter(|&index| entries[index].version.is_some())
        .collect();
    by_time.sort_by_key(|&index| {
        (
            entries[index].timestamp.timestamp_millis(),
            entries[index].id,
        )
    });
    let mut next = 1;
    let mut is_waiting = vec![false; entries.len()];
    for index in by_time {
        let mut waiting = Vec::new();
        let mut here = Some(index);
        // What an entry follows comes before it. A circle, which only tampering makes, is left
        // where it closes.
        while let Some(index) = here
            && entries[index].rank.is_none()
            && !is_waiting[index]
        {
            is_waiting[index] = true;
            waiting.push(index);
            here = parents[index];
        }
        for index in waiting.into_iter().rev() {
            entries[index].rank = Some(next);
            next += 1;
        }
    }
}
