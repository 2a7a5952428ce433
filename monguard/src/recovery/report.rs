use std::collections::VecDeque;
use std::sync::Arc;

use super::RecoveryToken;
use crate::error::{EntryRefused, Error, Subject};

/// What a recovery has done: in all at its end, so far where it reports progress.
///
/// The lists have the newest 1,000 each, so that a report stays small whatever was found.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Recovered {
    /// How many documents were seen to that carry entries, or were to be removed.
    pub documents: u64,
    /// How many entries these carry.
    pub entries: u64,
    /// How many of these were brought to the log. The others were there.
    pub brought: u64,
    /// How many are missing in the log, and older than the retention: they were left out.
    pub too_old: u64,
    /// How many hard deletes were finished, which somebody had begun.
    pub tombstones_finished: u64,
    /// Entries that the log refuses for good. They stay on their documents.
    pub refused: VecDeque<EntryRefused>,
    /// Documents whose `__audit` has something that is no entry of monguard's. It was left alone.
    pub unreadable: VecDeque<UnreadableTrail>,
    /// Hard deletes that could not be finished.
    pub unfinished: VecDeque<UnfinishedTombstone>,
    /// How far it has come: give it to [`resume`](crate::Recover::resume) to go on from there.
    /// `None` where no document was seen to.
    pub token: Option<RecoveryToken>,
}

/// A document whose `__audit` has something that is no entry of monguard's.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UnreadableTrail {
    /// The document.
    pub document: Subject,
    /// How many elements are none. `None` where `__audit` is no array.
    pub elements: Option<usize>,
}

/// A hard delete that could not be finished. The document is gone for every reader.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UnfinishedTombstone {
    /// The document.
    pub document: Subject,
    /// Why.
    pub cause: Arc<Error>,
}

impl Recovered {
    /// Adds to a list, which stays small.
    pub(super) fn note<N>(list: &mut VecDeque<N>, news: impl IntoIterator<Item = N>) {
        const MOST: usize = 1000;
        for one in news {
            if list.len() == MOST {
                list.pop_front();
            }
            list.push_back(one);
        }
    }
}
