use mongodb::bson::Document;

use crate::audit::Trail;
use crate::client::Store;
use crate::error::{EntryRefused, InvalidReason, RefusalReason};
use crate::guard::{carrier, log_entry};
use crate::relay::LogEntry;

/// What a document carries, as it concerns the log.
#[derive(Default)]
pub(super) struct Carried {
    pub(super) entries: Vec<LogEntry>,
    /// Entries that have no form in which the log could hold them.
    pub(super) refused: Vec<EntryRefused>,
    pub(super) foreign: Option<Foreign>,
}

/// What a document has in the place of entries, and is none of monguard's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Foreign {
    /// So many elements of `__audit`.
    Elements(usize),
    /// `__audit` as a whole.
    Field,
}

impl Foreign {
    pub(super) fn elements(self) -> Option<usize> {
        match self {
            Foreign::Elements(elements) => Some(elements),
            Foreign::Field => None,
        }
    }
}

impl Carried {
    /// What this document carries, which is as the majority has it.
    pub(super) fn by(store: &Store, document: &Document) -> Self {
        let mut carried = Carried::default();
        let Ok(trail) = Trail::of(document) else {
            carried.foreign = Some(Foreign::Field);
            return carried;
        };
        let (drafts, unknown) = trail.drafts(carrier(store, document));
        carried.foreign = (unknown > 0).then_some(Foreign::Elements(unknown));
        for draft in drafts {
            let (id, about) = (draft.id, draft.document_id.clone());
            match log_entry(store, draft) {
                Ok(entry) => carried.entries.push(entry),
                Err(error) => {
                    let reason = too_large(error.reason());
                    let collection = store.name().clone();
                    let refused = EntryRefused::new(id, collection, about, reason);
                    carried.refused.push(refused);
                }
            }
        }
        carried
    }
}

/// Nothing else can be wrong with what was written once.
fn too_large(reason: &InvalidReason) -> RefusalReason {
    match reason {
        InvalidReason::EntryTooLarge(bytes, _) => RefusalReason::TooLarge { bytes: *bytes },
        _ => RefusalReason::NotBson,
    }
}
