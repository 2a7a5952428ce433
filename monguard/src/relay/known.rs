use std::collections::{HashSet, VecDeque};

use mongodb::bson::oid::ObjectId;

/// Ids of entries that are known to be in the log. Bounded: the oldest go first.
#[derive(Debug)]
pub(super) struct Known {
    ids: HashSet<ObjectId>,
    order: VecDeque<ObjectId>,
    most: usize,
}

impl Known {
    pub(super) fn new(most: usize) -> Self {
        Known {
            ids: HashSet::new(),
            order: VecDeque::new(),
            most,
        }
    }

    pub(super) fn has(&self, id: &ObjectId) -> bool {
        self.ids.contains(id)
    }

    pub(super) fn remember(&mut self, id: ObjectId) {
        if !self.ids.insert(id) {
            return;
        }
        self.order.push_back(id);
        if self.order.len() > self.most
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_are_forgotten_first() {
        let ids: Vec<ObjectId> = (0..4).map(|_| ObjectId::new()).collect();
        let mut known = Known::new(3);
        for id in &ids {
            known.remember(*id);
            known.remember(*id);
        }
        assert!(!known.has(&ids[0]));
        assert!(ids[1..].iter().all(|id| known.has(id)));
        assert_eq!((known.ids.len(), known.order.len()), (3, 3));
    }
}
