use std::borrow::Cow;
use std::sync::Arc;

use mongodb::bson::{Bson, Document, RawDocument, oid::ObjectId};

use super::{Owed, names, read, write};
use crate::audit::entry::{DraftChange, EntryDraft};
use crate::document::{Meta, names as stored};
use crate::value::{Measure, parse};

/// The entries that a document carries, oldest first. What is no entry of ours stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Trail {
    /// Shared: most of them stay, write after write.
    elements: Vec<Arc<Element>>,
}

/// An element of a trail, and what each write asks of it.
#[derive(Clone, Debug)]
struct Element {
    value: Bson,
    measure: Measure,
    /// The operation and whether it was one over many documents, where it is an entry of ours.
    entry: Option<(ObjectId, bool)>,
}

impl From<Bson> for Element {
    fn from(value: Bson) -> Self {
        let measure = Measure::of(&value);
        let entry = value.as_document().and_then(read::entry);
        Element {
            value,
            measure,
            entry,
        }
    }
}

impl PartialEq for Element {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Element {
    /// The id that it has in the log.
    fn log_id(&self, carrier: Carrier<'_>) -> Option<ObjectId> {
        let (operation, is_of_many) = self.entry?;
        Some(read::log_id(
            operation,
            is_of_many,
            carrier.collection,
            carrier.id(),
        ))
    }

    /// Whether the document's next state keeps it.
    fn is_kept(&self, carrier: Carrier<'_>, is_known: impl Fn(ObjectId) -> bool) -> bool {
        !self.log_id(carrier).is_some_and(is_known)
    }
}

/// What a document has where its trail is to be.
#[derive(Clone, Debug)]
pub(crate) enum Held {
    Trail(Trail),
    Foreign(Bson),
}

/// Where a trail is, and what its images are made by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Carrier<'a> {
    pub(crate) meta: &'a Meta,
    pub(crate) version_field: &'a str,
    pub(crate) collection: &'a str,
    /// The document, as it is stored, with or without its trail.
    pub(crate) document: &'a Document,
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
        match document.get(stored::AUDIT) {
            None => Ok(Trail::NONE),
            Some(Bson::Array(elements)) => Ok(elements.iter().cloned().collect()),
            Some(_) => Err(NoTrail),
        }
    }

    /// Of a document that carries nothing.
    pub(crate) const NONE: Trail = Trail {
        elements: Vec::new(),
    };

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
    pub(crate) fn count_kept(
        &self,
        carrier: Carrier<'_>,
        is_known: impl Fn(ObjectId) -> bool,
    ) -> usize {
        let is_kept = |element: &&Arc<Element>| element.is_kept(carrier, &is_known);
        self.elements.iter().filter(is_kept).count()
    }

    pub(crate) fn len(&self) -> usize {
        self.elements.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    pub(crate) fn elements(&self) -> impl Iterator<Item = &Bson> {
        self.elements.iter().map(|element| &element.value)
    }

    /// What it has more than `before`, where that is all that is different. What both have must be
    /// shared, as it is where one was made of the other: it is not compared.
    pub(crate) fn added_to(&self, before: &Trail) -> Option<&Bson> {
        let (last, others) = self.elements.split_last()?;
        let mut pairs = others.iter().zip(&before.elements);
        let is_grown = others.len() == before.elements.len()
            && pairs.all(|(own, before)| Arc::ptr_eq(own, before));
        is_grown.then_some(&last.value)
    }

    /// The trail that the next state of the document keeps: without the entries that are known to
    /// be in the log, and with the image in the last one that is the document's own until now.
    pub(crate) fn kept(&self, carrier: Carrier<'_>, is_known: impl Fn(ObjectId) -> bool) -> Self {
        let is_kept = |element: &&Arc<Element>| element.is_kept(carrier, &is_known);
        let is_last_kept = self.elements.last().as_ref().is_some_and(is_kept);
        let mut kept = Vec::with_capacity(self.elements.len() + 1);
        kept.extend(self.elements.iter().filter(is_kept).cloned());
        if is_last_kept
            && let Some(last) = kept.last_mut()
            && let Some(element) = last.value.as_document()
            && element.contains_key(names::OWED)
        {
            let mut element = element.clone();
            settle(&mut element, carrier);
            *last = Arc::new(Bson::Document(element).into());
        }
        Trail { elements: kept }
    }

    /// The ids that its entries have in the log.
    pub(crate) fn log_ids(&self, carrier: Carrier<'_>) -> impl Iterator<Item = ObjectId> {
        self.elements
            .iter()
            .filter_map(move |element| element.log_id(carrier))
    }

    /// The trail with one entry more.
    pub(crate) fn with(self, draft: &EntryDraft, owed: Option<Owed>) -> Self {
        self.with_element(write::element(draft, owed))
    }

    pub(crate) fn with_element(mut self, element: Document) -> Self {
        self.elements.push(Arc::new(Bson::Document(element).into()));
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
                let element = element.value.as_document()?;
                // Only the last entry is of the state that the document is in.
                let image = image(element, Some(carrier).filter(|_| index == last));
                read::draft(element, carrier.collection, carrier.id(), image)
            })
            .collect();
        let unknown = self.elements.len() - drafts.len();
        (drafts, unknown)
    }

    pub(crate) fn measure(&self) -> Measure {
        Measure::of_array(self.elements.iter().map(|element| element.measure))
    }

    pub(crate) fn to_bson(&self) -> Bson {
        Bson::Array(self.elements().cloned().collect())
    }
}

impl FromIterator<Bson> for Trail {
    fn from_iter<I: IntoIterator<Item = Bson>>(elements: I) -> Self {
        let elements = elements.into_iter();
        Trail {
            elements: elements.map(|element| Arc::new(element.into())).collect(),
        }
    }
}

impl From<Bson> for Held {
    fn from(held: Bson) -> Self {
        match held {
            Bson::Array(elements) => Held::Trail(elements.into_iter().collect()),
            other => Held::Foreign(other),
        }
    }
}

impl Held {
    pub(crate) fn trail(&self) -> Result<&Trail, NoTrail> {
        match self {
            Held::Trail(trail) => Ok(trail),
            Held::Foreign(_) => Err(NoTrail),
        }
    }

    pub(crate) fn to_bson(&self) -> Bson {
        match self {
            Held::Trail(trail) => trail.to_bson(),
            Held::Foreign(other) => other.clone(),
        }
    }

    pub(crate) fn measure(&self) -> Measure {
        match self {
            Held::Trail(trail) => trail.measure(),
            Held::Foreign(other) => Measure::of(other),
        }
    }
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
