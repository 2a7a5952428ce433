use std::collections::VecDeque;

use mongodb::bson::oid::ObjectId;

use crate::error::EntryRefused;

/// The entries that the log refuses for good. Bounded: the oldest go first.
#[derive(Debug)]
pub(super) struct Refusals {
    entries: VecDeque<EntryRefused>,
    most: usize,
    total: u64,
}

impl Refusals {
    pub(super) fn new(most: usize) -> Self {
        Refusals {
            entries: VecDeque::new(),
            most,
            total: 0,
        }
    }

    /// Notes a refusal. Whether it is news.
    pub(super) fn note(&mut self, refused: EntryRefused) -> bool {
        let id = refused.entry();
        if let Some(same) = self.entries.iter_mut().find(|same| same.entry() == id) {
            *same = refused;
            return false;
        }
        self.total += 1;
        self.entries.push_back(refused);
        if self.entries.len() > self.most {
            self.entries.pop_front();
        }
        true
    }

    /// The log has taken the entry after all.
    pub(super) fn forget(&mut self, id: ObjectId) {
        self.entries.retain(|refused| refused.entry() != id);
    }

    pub(super) fn has(&self, id: ObjectId) -> bool {
        self.entries.iter().any(|refused| refused.entry() == id)
    }

    pub(super) fn list(&self) -> Vec<EntryRefused> {
        self.entries.iter().cloned().collect()
    }

    /// How many there were in all.
    pub(super) fn total(&self) -> u64 {
        self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::RefusalReason;

    fn refused(entry: ObjectId) -> EntryRefused {
        EntryRefused::new(entry, "orders".into(), 1.into(), RefusalReason::IdTaken)
    }

    #[test]
    fn the_newest_are_kept_once_each_until_they_are_taken() {
        let ids: Vec<ObjectId> = (0..3).map(|_| ObjectId::new()).collect();
        let mut refusals = Refusals::new(2);
        for id in &ids {
            assert!(refusals.note(refused(*id)));
        }
        assert!(!refusals.note(refused(ids[2])));
        assert_eq!(refusals.total(), 3);
        assert!(!refusals.has(ids[0]) && refusals.has(ids[1]));
        refusals.forget(ids[1]);
        let left: Vec<ObjectId> = refusals.list().iter().map(EntryRefused::entry).collect();
        assert_eq!(left, [ids[2]]);
    }
}
