//! The order of one document's entries.
//!
//! Rules, in which versions that are tokens count by the place of their entries in the order of
//! links and time:
//! 1. An entry with a version follows the entry of the operation that its `prev` names, if that
//!    one is in the log and has a lower version. Entries that follow one another, or the same
//!    entry that is not in the log, are a chain.
//! 2. A chain that begins with a create without `prev` opens a life; so does a create without a
//!    version. Lives are ordered by the time of what opens them.
//! 3. Any other chain goes on with the latest life that was open when it began and can take it;
//!    clocks may differ, so after those, any life that can take it. A life can take a chain whose
//!    versions are none of its own, lie above the create that opened it, and below the hard delete
//!    that ended it. A chain that no life can take is a life of its own.
//! 4. Within a life, entries are in the order of their versions. Where several follow the same
//!    entry, the one from which the highest version was reached is the trunk, and then the
//!    earliest; what is on another branch is marked as a fork.
//! 5. An entry without a version belongs to the latest life that was open at its time, after the
//!    last versioned entry that is not later. A create comes first. Those before every life are
//!    the first one's, unless the document was removed among them: up to there they are a life of
//!    their own.

mod extent;
mod links;
mod lives;
mod rank;

#[cfg(test)]
mod tests;

use mongodb::bson::{DateTime, oid::ObjectId};

pub(crate) use extent::{Extent, Head, extents};

use super::entry::{Action, EntryChange, RawEntry, entry_of_many};
use crate::document::Version;

/// What the order of an entry depends on.
#[derive(Clone, Debug)]
pub(crate) struct EntryView {
    /// The entry's id.
    pub(crate) id: Option<ObjectId>,
    /// The operation that it followed.
    pub(crate) prev: Option<ObjectId>,
    /// The id of that operation's entry, if it was one over many documents.
    pub(crate) prev_of_many: Option<ObjectId>,
    /// The version that it made.
    pub(crate) version: Option<Version>,
    /// The version that it replaced.
    pub(crate) from: Option<Version>,
    /// The number of its version in the order of the document's versions.
    pub(crate) rank: Option<i64>,
    /// What was done.
    pub(crate) action: Action,
    /// Whether the document was removed.
    pub(crate) is_hard_delete: bool,
    /// When, by the writer's clock.
    pub(crate) timestamp: DateTime,
}

impl EntryView {
    pub(crate) fn of(entry: &RawEntry) -> Self {
        let of_many = |prev| entry_of_many(prev, &entry.collection, &entry.document_id);
        Self {
            id: entry.id.as_object_id(),
            prev: entry.prev,
            prev_of_many: entry.prev.map(of_many),
            version: entry.version,
            from: entry.from,
            rank: None,
            action: entry.action.clone(),
            is_hard_delete: matches!(entry.change, EntryChange::HardDeleted { .. }),
            timestamp: entry.timestamp,
        }
    }

    fn is_create(&self) -> bool {
        self.action == Action::Create
    }
}

/// Where an entry stands in the history of its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    /// Which of the given entries it is.
    pub(crate) index: usize,
    /// The life of the document that it belongs to, from 0.
    pub(crate) life: usize,
    /// What ties it to the others.
    pub(crate) link: Link,
}

/// What ties an entry to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// Nothing came before it.
    First,
    /// It replaced the version of the entry that it names.
    Linked,
    /// What it replaced is not in the log, or was not made through monguard.
    Unlinked,
    /// It is on a branch beside the one that went on.
    Fork,
    /// It has no version, and stands where its time puts it.
    Unversioned,
}

/// The entries of one document, in order, life after life.
pub(crate) fn order(mut entries: Vec<EntryView>) -> Vec<Placed> {
    rank::rank(&mut entries);
    let links = links::link(&entries);
    let lives = lives::lives(&entries, &links);
    let mut placed = Vec::with_capacity(entries.len());
    for (life, members) in lives.into_iter().enumerate() {
        placed.extend(members.into_iter().map(|index| Placed {
            index,
            life,
            link: links.of[index],
        }));
    }
    placed
}
