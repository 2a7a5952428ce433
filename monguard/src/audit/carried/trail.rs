use std::borrow::Cow;

use mongodb::bson::{Bson, Document, RawDocument, oid::ObjectId};

use super::{Owed, names, read, write};
use crate::audit::entry::{DraftChange, EntryDraft};
use crate::document::{Meta, names as stored};
use crate::value::parse;

/// The entries that a document carries, oldest first. What is no entry of ours stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Trail {
    elements: Vec<Bson>,
}

/// Where a trail is, and what its images are made by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Carrier<'a> {
    pub(crate) meta: &'a Meta,
    pub(crate) version_field: &'a str,
    pub(crate) collection: &'a str,
    /// The document, as it is stored, with or without its trail.
    pub(crate) document: &'a Document,
    /// What it carries.
    pub(crate) trail: Option<&'a Bson>,
    /// All of it, where the document is an excerpt.
    pub(crate) source: Option<&'a RawDocument>,
}

impl Carrier<'_> {
    fn id(&self) -> &Bson {
        self.document.get(stored::ID).unwrap_or(&Bson::Null)
    }

    /// The whole document; `None` where that is no valid BSON.
    fn whole(&self) -> Option<Cow<'_, Document>> {
        match self.source {
            None => Some(Cow::Borrowed(self.document)),
            Some(source) => parse(source).ok().map(Cow::Owned),
        }
    }
}

/// A document has something else in the place of its trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoTrail;

impl Trail {
    /// What the document carries.
    pub(crate) fn of(document: &Document) -> Result<Self, NoTrail> {
        elements_of(document.get(stored::AUDIT)).map(Trail::of_elements)
    }

    /// The same of elements that no document carries yet.
    pub(crate) fn of_elements(elements: &[Bson]) -> Self {
        let elements = elements.to_vec();
        Trail { elements }
    }

    /// Whether the document carries the entry of this operation.
    pub(crate) fn document_holds(document: &Document, operation: ObjectId) -> bool {
        let elements = document.get_array(stored::AUDIT).ok();
        let mut elements = elements.into_iter().flatten().filter_map(Bson::as_document);
        elements.any(|element| read::operation(element) == Some(operation))
    }

    /// Whether the document carries the entry of another write that replaced what `operation` wrote.
    pub(crate) fn document_holds_successor(
        document: &Document,
        operation: &Bson,
        own: ObjectId,
    ) -> bool {
        let elements = document.get_array(stored::AUDIT).ok();
        let mut elements = elements.into_iter().flatten().filter_map(Bson::as_document);
        elements.any(|element| {
            let is_other = read::operation(element).is_some_and(|operation| operation != own);
            is_other && element.get(names::PREV) == Some(operation)
        })
    }

    /// How many entries the document's next state keeps.
    pub(crate) fn count(carrier: Carrier<'_>, is_known: impl Fn(ObjectId) -> bool) -> usize {
        let elements = elements_of(carrier.trail).unwrap_or_default();
        let is_kept = |element: &&Bson| !log_id(element, carrier).is_some_and(&is_known);
        elements.iter().filter(is_kept).count()
    }

    /// Whether these are its elements.
    pub(crate) fn is(&self, elements: &[Bson]) -> bool {
        self.elements == elements
    }

    /// The trail that the next state of the document keeps: without the entries that are known to
    /// be in the log, and with the image in the last one that is the document's own until now.
    pub(crate) fn kept(
        carrier: Carrier<'_>,
        is_known: impl Fn(ObjectId) -> bool,
    ) -> Result<Self, NoTrail> {
        let elements = elements_of(carrier.trail)?;
        let is_kept = |element: &&Bson| !log_id(element, carrier).is_some_and(&is_known);
        let is_last_kept = elements.last().as_ref().is_some_and(is_kept);
        let mut kept: Vec<Bson> = elements.iter().filter(is_kept).cloned().collect();
        if is_last_kept && let Some(Bson::Document(last)) = kept.last_mut() {
            settle(last, carrier);
        }
        Ok(Trail { elements: kept })
    }

    /// How many of its elements are no entries of ours.
    pub(crate) fn unknown(carrier: Carrier<'_>) -> usize {
        let elements = elements_of(carrier.trail).unwrap_or_default();
        Trail::of_elements(elements).drafts(carrier).1
    }

    /// The ids that these entries have in the log.
    pub(crate) fn log_ids(elements: &[Bson], carrier: Carrier<'_>) -> Vec<ObjectId> {
        let ids = elements.iter();
        ids.filter_map(|element| log_id(element, carrier)).collect()
    }

    /// The trail with one entry more.
    pub(crate) fn with(mut self, draft: &EntryDraft, owed: Option<Owed>) -> Self {
        let element = write::element(draft, owed);
        self.elements.push(Bson::Document(element));
        self
    }

    /// The entries, for the log. Those that are none of ours are counted, not shown.
    pub(crate) fn drafts(&self, carrier: Carrier<'_>) -> (Vec<EntryDraft>, usize) {
        let last = self.elements.len().saturating_sub(1);
        let drafts: Vec<EntryDraft> = self
            .elements
            .iter()
            .enumerate()
            .filter_map(|(index, element)| {
                let element = element.as_document()?;
                // Only the last entry is of the state that the document is in.
                let image = image(element, Some(carrier).filter(|_| index == last));
                read::draft(element, carrier.collection, carrier.id(), image)
            })
            .collect();
        let unknown = self.elements.len() - drafts.len();
        (drafts, unknown)
    }

    pub(crate) fn into_bson(self) -> Bson {
        Bson::Array(self.elements)
    }
}

/// The elements of what a document has in the place of its trail.
fn elements_of(trail: Option<&Bson>) -> Result<&[Bson], NoTrail> {
    match trail {
        None => Ok(&[]),
        Some(Bson::Array(elements)) => Ok(elements),
        Some(_) => Err(NoTrail),
    }
}

fn log_id(element: &Bson, carrier: Carrier<'_>) -> Option<ObjectId> {
    let element = element.as_document()?;
    let operation = read::operation(element)?;
    Some(read::log_id(
        element,
        operation,
        carrier.collection,
        carrier.id(),
    ))
}

/// The image that an entry owes: from the document that carries it, or put in by the server, which
/// cannot tell whether another tool had changed the document before.
fn image(element: &Document, carrier: Option<Carrier<'_>>) -> Option<Document> {
    let owed = Owed::read(element.get(names::OWED)?)?;
    match element.get_document(side(element)) {
        Ok(held) => owed.is(held).then(|| held.clone()),
        Err(_) => carrier.and_then(|carrier| {
            owed.image(carrier.meta, carrier.version_field, &*carrier.whole()?)
        }),
    }
}

/// Which image it is that an entry owes.
fn side(element: &Document) -> &'static str {
    match element.get_str(names::ACTION) {
        Ok(names::SOFT_DELETE | names::HARD_DELETE) => names::BEFORE,
        _ => names::AFTER,
    }
}

/// Puts the image that an entry owes in. Where it is not to be had any more, the entry is left
/// without.
fn settle(element: &mut Document, carrier: Carrier<'_>) {
    if !element.contains_key(names::OWED) {
        return;
    }
    let (image, side) = (image(element, Some(carrier)), side(element));
    element.remove(names::OWED);
    match image {
        Some(image) => element.insert(side, image),
        None => element.remove(side),
    };
}

/// What the entry of this change leaves to the document that carries it. `was`: the stamps of the
/// document before.
pub(crate) fn owed_by(change: &DraftChange, was: impl FnOnce() -> Document) -> Option<Owed> {
    match change {
        DraftChange::Created { after }
        | DraftChange::Updated { after, .. }
        | DraftChange::Restored { after, .. } => Some(Owed::of(after.as_ref()?, None)),
        DraftChange::SoftDeleted { before } | DraftChange::HardDeleted { before } => {
            Some(Owed::of(before.as_ref()?, Some(was())))
        }
        DraftChange::UpdatedDelta(_) | DraftChange::RestoredDelta(_) => None,
    }
}
