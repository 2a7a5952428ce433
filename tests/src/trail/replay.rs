//! The document that entries tell of.

use std::collections::BTreeSet;

use mongodb::bson::{Bson, Document};
use monguard::Version;
use monguard::audit::{EntryChange, RawEntry};

use super::alike::{differing, whole};

/// The state of a document, told by its entries so far. `None`: gone, or not known.
#[derive(Debug, Default)]
pub(super) struct Replayed<'a> {
    pub(super) document: Option<Document>,
    pub(super) left_out: Option<&'a BTreeSet<String>>,
}

impl<'a> Replayed<'a> {
    pub(super) fn leaving_out(left_out: &'a BTreeSet<String>) -> Self {
        Replayed {
            document: None,
            left_out: Some(left_out),
        }
    }

    /// Goes on by one entry. Returns what does not fit.
    pub(super) fn take(&mut self, entry: &RawEntry) -> Vec<String> {
        let mut faults = Vec::new();
        let mut check = |image: Option<&Document>, which| {
            let image = image.ok_or_else(|| format!("its entry has no image {which}"));
            match image {
                Ok(image) => faults.extend(self.unlike(image, which)),
                Err(fault) => faults.push(fault),
            }
        };
        let next = match &entry.change {
            EntryChange::Created { after } => after.clone(),
            EntryChange::Full { before, after, .. }
            | EntryChange::Restored { before, after, .. } => {
                check(before.as_ref(), "before");
                after.clone()
            }
            EntryChange::SoftDeleted { before } => {
                check(before.as_ref(), "before");
                self.soft_deleted(before.as_ref(), entry)
            }
            EntryChange::HardDeleted { before } => {
                check(before.as_ref(), "before");
                None
            }
            EntryChange::Delta(delta) | EntryChange::RestoredDelta(delta) => {
                let Some(document) = self.document.take() else {
                    return faults;
                };
                match delta.replay(document) {
                    Ok(document) => Some(document),
                    Err(error) => {
                        faults.push(format!("its delta does not fit: {error}"));
                        None
                    }
                }
            }
            other => {
                faults.push(format!("what no operation of ours writes: {other:?}"));
                None
            }
        };
        faults.extend(version_of_image(entry, next.as_ref()));
        self.document = next;
        faults
    }

    /// Where an image, or what is stored, differs from what was told so far.
    pub(super) fn unlike(&self, image: &Document, which: &str) -> Option<String> {
        let told = self.document.as_ref()?;
        let differing = differing(told, image, self.left_out?);
        (!differing.is_empty()).then(|| {
            format!("{which} differs from what the entries tell at {differing:?}: told {told}, is {image}")
        })
    }

    fn soft_deleted(&self, before: Option<&Document>, entry: &RawEntry) -> Option<Document> {
        let mut deleted = self.document.clone().or_else(|| before.cloned())?;
        deleted.insert("deletedAt", entry.timestamp);
        deleted.insert("deletedBy", entry.user.clone().unwrap_or(Bson::Null));
        Some(deleted)
    }
}

/// An image after holds the version that was made.
fn version_of_image(entry: &RawEntry, after: Option<&Document>) -> Option<String> {
    let is_image = matches!(
        entry.change,
        EntryChange::Created { .. } | EntryChange::Full { .. } | EntryChange::Restored { .. }
    );
    let Some(after) = after.filter(|_| is_image) else {
        return is_image.then(|| "its entry has no image after".to_owned());
    };
    let of_image = after.get("__v").and_then(whole);
    let of_entry = entry.version.and_then(Version::as_i64);
    (of_image != of_entry).then(|| format!("its image after is of version {of_image:?}"))
}
