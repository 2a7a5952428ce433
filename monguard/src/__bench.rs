//! Parts of a write by themselves, for the benchmarks of this workspace. No API: whatever is in here
//! changes without notice.

use std::sync::Arc;

use mongodb::bson::{Document, RawDocumentBuf, doc};

use crate::audit::{Carrier, Delta, DeltaOptions, EntryLimits, Form, entry_of_write};
use crate::client::{Actor, Author};
use crate::document::{Excerpt, Stored, Versioned};
use crate::error::{Result, Subject};
use crate::guard::{Base, Intent, Kind, Versions, moment};
use crate::update::{Draft, Touched, Update, evaluate, field_writes};

/// What the entry of a write shows of these two states of a document.
pub fn delta<T: Versioned>(before: &Document, after: &Document) -> Delta {
    Delta::between(&T::META, before, after, DeltaOptions::default())
}

/// What an update would set and unset, to make the one state of the other.
///
/// # Errors
/// A name that no update can reach.
pub fn writes(before: &Document, after: &Document) -> Result<(Document, Document)> {
    let writes = field_writes(before, after)?;
    Ok((writes.set, writes.unset))
}

/// A document, as it is read from an answer.
///
/// # Errors
/// It does not read as the model.
pub fn read<T: Versioned>(document: Arc<RawDocumentBuf>) -> Result<Stored<T>> {
    Stored::read(document, T::COLLECTION)
}

/// A model's value, as it is stored.
///
/// # Errors
/// It has no BSON form.
pub fn written<T: Versioned>(value: &T) -> Result<Document> {
    Ok(crate::document::written(value)?)
}

/// An update in the carried mode, from the document as it was read to the command and the entry of
/// the log; `None` where it changes nothing.
///
/// # Errors
/// The update is refused.
pub fn rendered<T: Versioned>(
    document: &Stored<T>,
    actor: &str,
    change: impl FnOnce(Update<T>) -> Update<T>,
) -> Result<Option<(Document, RawDocumentBuf)>> {
    let (meta, versions) = (const { &T::META }, Versions::of::<T>());
    let subject = || Subject::new(meta.name(), T::COLLECTION.into(), None);
    let (_, changes) = change(Update::new(Draft)).into_parts();
    let touched = Touched::by(meta, versions.field(), &changes.operations);
    let is_touched = |name: &str| touched.as_ref().is_none_or(|touched| touched.has(name));
    let before = Excerpt::of(document.snapshot(), is_touched);
    let before =
        before.map_err(|error| crate::error::Decode::new(subject(), None, None, Some(error)))?;
    let base = Base::of(before.fields(), meta, versions, subject)?;
    let at = moment(&base, versions);
    let fields = evaluate(meta, before.fields(), &changes.operations, at)?;
    let author = Author {
        actor: Actor::new(actor),
        trace_id: None,
        custom_data: None,
    };
    let of = (&author.actor, at);
    let intent = Intent::work_out(Kind::Update, (base, before), fields, None, of, versions)?;
    let Some(mut intent) = intent else {
        return Ok(None);
    };
    let entry = entry_of_write((meta, T::COLLECTION, Form::Delta), &author, &intent);
    let carrier = Carrier {
        meta,
        version_field: versions.field(),
        collection: T::COLLECTION,
        document: intent.before.fields(),
        source: intent.before.source(),
    };
    let trail = intent.before.trail().cloned().unwrap_or_default();
    let trail = trail.kept(carrier, |_| true).with(&entry, None);
    intent.carry(trail);
    let entry = entry.into_raw(EntryLimits::default()).unwrap_or_default();
    let update = intent.command();
    let command = doc! {
        "findAndModify": T::COLLECTION,
        "query": intent.filter,
        "update": update,
        "new": true,
    };
    Ok(Some((command, entry)))
}
