use std::collections::HashSet;

use mongodb::bson::{Bson, DateTime, Document, oid::ObjectId};

use super::carried::Trail;
use super::chain::{EntryView, Extent, Head, extents};
use super::compose::log_form;
use super::entry::entry_of_many;
use super::{RawEntry, UnreadableEntry};
use crate::client::Store;
use crate::document::names;
use crate::error::{Error, Result};
use crate::guard::carrier;

/// The entries of a document, from where they are: on the document as it was read, and in the log
/// as it was read after that.
#[derive(Debug)]
pub(crate) struct Gathered {
    entries: Vec<(RawEntry, Extent)>,
    head: Option<Head>,
    /// When the document came into the state that was read.
    since: Option<DateTime>,
}

/// The entries up to a state of the document, and its last operation.
pub(crate) type UpTo = (Vec<RawEntry>, Option<Head>);

impl Gathered {
    /// Takes what the document carries and the log lacks, and what the log has.
    ///
    /// # Errors
    /// [`Error::UnreadableEntry`] where the log holds something else under this document.
    pub(crate) fn new(
        store: &Store,
        id: &Bson,
        document: Option<&Document>,
        mut logged: Vec<Document>,
    ) -> Result<Self> {
        let there: HashSet<ObjectId> = logged
            .iter()
            .filter_map(|entry| entry.get_object_id(names::ID).ok())
            .collect();
        if let Some(document) = document {
            let carried = carried(store, document)?;
            let is_new = |entry: &Document| {
                !entry
                    .get_object_id(names::ID)
                    .is_ok_and(|id| there.contains(&id))
            };
            logged.extend(carried.into_iter().filter(is_new));
        }
        let entries: Result<Vec<RawEntry>, UnreadableEntry> =
            logged.into_iter().map(RawEntry::from_document).collect();
        let entries = entries.map_err(|error| Error::UnreadableEntry(Box::new(error)))?;
        let views: Vec<EntryView> = entries.iter().map(EntryView::of).collect();
        let head = document.and_then(|document| head(store, id, document));
        let extents = extents(&views, head);
        Ok(Gathered {
            entries: entries.into_iter().zip(extents).collect(),
            head,
            since: document
                .and_then(|document| document.get_datetime(names::UPDATED_AT).ok().copied()),
        })
    }

    /// Whether it cannot be told of each entry whether it came before the state that was read.
    pub(crate) fn is_open(&self) -> bool {
        let is_loose = |(_, extent): &(RawEntry, Extent)| *extent == Extent::Loose;
        self.entries.iter().any(is_loose) || self.has_later_life()
    }

    /// Whether the log has a life after the one that was read, and not the whole of that one.
    fn has_later_life(&self) -> bool {
        let is_of_later_life = |(entry, extent): &(RawEntry, Extent)| {
            *extent == Extent::Within && self.is_later(entry)
        };
        let mut entries = self.entries.iter();
        entries.any(|(_, extent)| *extent == Extent::Beyond)
            && self.entries.iter().any(is_of_later_life)
    }

    fn is_later(&self, entry: &RawEntry) -> bool {
        self.since.is_some_and(|since| entry.timestamp > since)
    }

    /// The history up to the state that was read, which was there until after the log was read: what
    /// is loose came before it.
    pub(crate) fn up_to_the_state(self) -> UpTo {
        self.keep(|_, extent| extent != Extent::Beyond)
    }

    /// The same where the state was another one by then: what is loose came before it if it is
    /// older by the clocks of the writers.
    pub(crate) fn up_to_its_time(self) -> UpTo {
        let has_later_life = self.has_later_life();
        let since = self.since;
        let is_later = |entry: &RawEntry| since.is_some_and(|since| entry.timestamp > since);
        self.keep(|entry, extent| match extent {
            Extent::Within => !(has_later_life && is_later(entry)),
            Extent::Beyond => false,
            Extent::Loose => !is_later(entry),
        })
    }

    fn keep(self, is_kept: impl Fn(&RawEntry, Extent) -> bool) -> UpTo {
        let kept = self
            .entries
            .into_iter()
            .filter(|(entry, extent)| is_kept(entry, *extent));
        (kept.map(|(entry, _)| entry).collect(), self.head)
    }
}

/// What the document carries, in the form of the log.
fn carried(store: &Store, document: &Document) -> Result<Vec<Document>> {
    let Ok(trail) = Trail::of(document) else {
        return Ok(Vec::new());
    };
    let (drafts, unknown) = trail.drafts(carrier(store, document));
    if unknown > 0 {
        tracing::warn!(
            collection = %store.name(),
            unknown,
            "a document carries what is no entry of this version of monguard: it is not in its history"
        );
    }
    let entries: Result<Vec<Document>> = drafts
        .into_iter()
        .map(|draft| store.parse(&log_form(store, draft)?, document.get(names::ID)))
        .collect();
    entries
}

/// The last operation on the document.
fn head(store: &Store, id: &Bson, document: &Document) -> Option<Head> {
    let operation = document.get_object_id(names::OPERATION).ok()?;
    let of_many = entry_of_many(operation, store.name(), id);
    Some(Head { operation, of_many })
}
