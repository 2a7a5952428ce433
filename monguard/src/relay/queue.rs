use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use mongodb::bson::oid::ObjectId;

use super::entry::LogEntry;

/// The entries that wait for the log, oldest first, and the room that is left for more.
#[derive(Default)]
pub(super) struct Queue {
    waiting: VecDeque<Waiting>,
    /// With the number and the bytes of each.
    ids: HashMap<ObjectId, (u64, usize)>,
    bytes: usize,
    /// Room that was promised to writes that are on their way.
    reserved: usize,
    /// The number of the next entry that comes.
    next: u64,
    /// Entries with a smaller number are being brought.
    begun: u64,
}

struct Waiting {
    number: u64,
    parcel: Arc<LogEntry>,
}

/// How much there may be of something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Most {
    pub(super) entries: usize,
    pub(super) bytes: usize,
}

impl Queue {
    /// Reserves room, if there is enough. More than there ever can be is as good as all.
    pub(super) fn reserve(&mut self, entries: usize, most: Most) -> bool {
        let taken = self.reserved + self.waiting.len();
        let has_room =
            taken.saturating_add(entries) <= most.entries && self.bytes < most.bytes.max(1);
        if has_room || taken == 0 {
            self.reserved = self.reserved.saturating_add(entries);
            return true;
        }
        false
    }

    /// Gives room back.
    pub(super) fn release(&mut self, entries: usize) {
        self.reserved = self.reserved.saturating_sub(entries);
    }

    /// Adds an entry at the end. One that waits already is not added again.
    pub(super) fn push(&mut self, parcel: LogEntry) {
        match self.ids.entry(parcel.id) {
            Entry::Occupied(_) => return,
            Entry::Vacant(place) => place.insert((self.next, parcel.bytes())),
        };
        self.bytes += parcel.bytes();
        self.waiting.push_back(Waiting {
            number: self.next,
            parcel: Arc::new(parcel),
        });
        self.next += 1;
    }

    /// Whether this entry waits.
    pub(super) fn has(&self, id: &ObjectId) -> bool {
        self.ids.contains_key(id)
    }

    /// The bytes of this entry, if it waits and is not being brought.
    pub(super) fn bytes_behind(&self, id: &ObjectId) -> usize {
        let behind = self.ids.get(id).filter(|(number, _)| *number >= self.begun);
        behind.map_or(0, |(_, bytes)| *bytes)
    }

    /// So many of the oldest are being brought now.
    pub(super) fn begin(&mut self, entries: usize) {
        let first_left = self.waiting.get(entries);
        self.begun = first_left.map_or(self.next, |waiting| waiting.number);
    }

    /// The oldest entries that one insert takes. They stay until they are removed.
    pub(super) fn batch(&self, most: Most) -> Vec<Arc<LogEntry>> {
        let parcels = self.waiting.iter().map(|waiting| waiting.parcel.clone());
        first_batch(parcels, most)
    }

    /// Whether there is enough for one.
    pub(super) fn has_batch(&self, most: Most) -> bool {
        self.waiting.len() >= most.entries || self.bytes >= most.bytes
    }

    /// Removes the entries with these ids.
    pub(super) fn remove(&mut self, ids: &HashSet<ObjectId>) {
        let before = self.ids.len();
        for id in ids {
            self.ids.remove(id);
        }
        if self.ids.len() == before {
            return;
        }
        let mut gone = 0;
        self.waiting.retain(|waiting| {
            let is_gone = ids.contains(&waiting.parcel.id);
            gone += if is_gone { waiting.parcel.bytes() } else { 0 };
            !is_gone
        });
        self.bytes -= gone;
    }

    /// All entries that came so far have a smaller number.
    pub(super) fn end(&self) -> u64 {
        self.next
    }

    /// Whether all entries with a smaller number are gone.
    pub(super) fn is_past(&self, number: u64) -> bool {
        self.waiting
            .front()
            .is_none_or(|waiting| waiting.number >= number)
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

/// The first that one insert takes, which is at least one.
pub(super) fn first_batch(
    parcels: impl Iterator<Item = Arc<LogEntry>>,
    most: Most,
) -> Vec<Arc<LogEntry>> {
    let mut bytes = 0_usize;
    parcels
        .take(most.entries.max(1))
        .take_while(|parcel| {
            let is_first = bytes == 0;
            bytes = bytes.saturating_add(parcel.bytes());
            is_first || bytes <= most.bytes
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use mongodb::bson::rawdoc;

    use super::*;

    const MOST: Most = Most {
        entries: 4,
        bytes: 1000,
    };

    fn parcel(text: &str) -> LogEntry {
        let id = ObjectId::new();
        LogEntry {
            id,
            collection: "orders".into(),
            document: rawdoc! { "_id": id, "text": text },
        }
    }

    fn ids(batch: &[Arc<LogEntry>]) -> HashSet<ObjectId> {
        batch.iter().map(|parcel| parcel.id).collect()
    }

    #[test]
    fn room_is_what_is_neither_promised_nor_taken() {
        let mut queue = Queue::default();
        assert!(queue.reserve(3, MOST));
        assert!(!queue.reserve(2, MOST));
        assert!(queue.reserve(1, MOST));
        queue.release(3);
        queue.push(parcel("a"));
        assert!(!queue.reserve(3, MOST));
        assert!(queue.reserve(2, MOST));
    }

    #[test]
    fn bytes_are_room_too() {
        let mut queue = Queue::default();
        assert!(queue.reserve(1, MOST));
        queue.push(parcel(&"x".repeat(2000)));
        queue.release(1);
        assert!(!queue.reserve(1, MOST));
        queue.remove(&ids(&queue.batch(MOST)));
        assert!(queue.reserve(1, MOST));
        assert_eq!((queue.len(), queue.bytes()), (0, 0));
    }

    #[test]
    fn more_than_there_ever_is_room_for_gets_all_of_it() {
        let mut queue = Queue::default();
        assert!(queue.reserve(1, MOST));
        assert!(!queue.reserve(100, MOST));
        queue.release(1);
        assert!(queue.reserve(100, MOST));
        assert!(!queue.reserve(1, MOST));
    }

    #[test]
    fn a_batch_is_the_oldest_within_number_and_size() {
        let mut queue = Queue::default();
        assert!(queue.batch(MOST).is_empty());
        for _ in 0..6 {
            queue.push(parcel(""));
        }
        assert!(queue.has_batch(MOST));
        let first = queue.batch(MOST);
        assert_eq!(first.len(), 4);
        queue.remove(&ids(&first));
        assert!(ids(&queue.batch(MOST)).is_disjoint(&ids(&first)));
        queue.push(parcel(&"x".repeat(2000)));
        queue.push(parcel(""));
        assert_eq!(queue.batch(MOST).len(), 2, "the large one goes by itself");
        queue.remove(&ids(&queue.batch(MOST)));
        assert_eq!(queue.batch(MOST).len(), 1);
    }

    #[test]
    fn an_end_is_reached_when_all_before_it_are_gone() {
        let mut queue = Queue::default();
        assert!(queue.is_past(queue.end()));
        queue.push(parcel("a"));
        queue.push(parcel("b"));
        let (end, both) = (queue.end(), queue.batch(MOST));
        queue.push(parcel("c"));
        queue.remove(&ids(&both[1..]));
        assert!(!queue.is_past(end));
        queue.remove(&ids(&both));
        assert!(queue.is_past(end));
        assert_eq!(queue.len(), 1);
    }

    #[test]
    fn what_is_being_brought_is_not_behind() {
        let mut queue = Queue::default();
        let parcels = [parcel("a"), parcel("b")];
        let all: Vec<(ObjectId, usize)> = parcels
            .iter()
            .map(|parcel| (parcel.id, parcel.bytes()))
            .collect();
        for parcel in parcels {
            queue.push(parcel);
        }
        let behind =
            |queue: &Queue| [0, 1].map(|place| queue.bytes_behind(&all[place].0) == all[place].1);
        assert_eq!(behind(&queue), [true, true]);
        queue.begin(1);
        assert_eq!(behind(&queue), [false, true]);
        queue.begin(2);
        assert_eq!(behind(&queue), [false, false]);
        queue.remove(&ids(&queue.batch(MOST)));
        assert_eq!(queue.bytes_behind(&all[1].0), 0);
    }

    #[test]
    fn an_entry_waits_once() {
        let mut queue = Queue::default();
        let (one, same) = (parcel("a"), parcel("a"));
        let same = LogEntry { id: one.id, ..same };
        queue.push(one);
        queue.push(same);
        assert_eq!(queue.len(), 1);
    }
}
