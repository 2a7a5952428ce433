use std::fmt;

use mongodb::bson::{Bson, Document, spec::ElementType};

use super::{
    names,
    raw::{Action, EntryChange, RawEntry},
};
use crate::audit::delta::Delta;
use crate::document::Version;

/// A document of the audit log is no audit entry.
#[derive(Clone, Debug, PartialEq)]
pub struct UnreadableEntry {
    inner: Box<Unreadable>,
}

#[derive(Clone, Debug, PartialEq)]
struct Unreadable {
    id: Option<Bson>,
    problem: Problem,
}

impl UnreadableEntry {
    /// The id of the entry, if it has one.
    #[must_use]
    pub fn id(&self) -> Option<&Bson> {
        self.inner.id.as_ref()
    }

    /// The path of what is wrong in it.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.inner.problem.path
    }
}

impl fmt::Display for UnreadableEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("audit entry ")?;
        match self.id() {
            Some(Bson::ObjectId(id)) => write!(f, "`{id}`")?,
            // Any other id may be as long as it likes.
            Some(id) => write!(f, "with an id of type {:?}", id.element_type())?,
            None => f.write_str("without an id")?,
        }
        let Problem {
            path,
            expected,
            found,
        } = &self.inner.problem;
        write!(f, " cannot be read: `{path}` should be {expected}, and is ")?;
        match found {
            Some(kind) => write!(f, "of type {kind:?}"),
            None => f.write_str("absent"),
        }
    }
}

impl std::error::Error for UnreadableEntry {}

impl RawEntry {
    /// Reads a document of the audit log: one of ours, or one that TypeScript's monguard wrote,
    /// in any of its versions.
    ///
    /// # Errors
    /// [`UnreadableEntry`] if the document is no audit entry.
    pub fn from_document(document: Document) -> Result<Self, UnreadableEntry> {
        let id = document.get(names::ID).cloned();
        read(document).map_err(|problem| UnreadableEntry {
            inner: Box::new(Unreadable { id, problem }),
        })
    }
}

/// What is wrong where; never what stands there.
#[derive(Clone, Debug, PartialEq)]
struct Problem {
    path: String,
    expected: &'static str,
    /// `None`: nothing is there.
    found: Option<ElementType>,
}

fn read(mut entry: Document) -> Result<RawEntry, Problem> {
    let mut reference =
        part(&mut entry, names::REF)?.ok_or_else(|| absent(names::REF, DOCUMENT))?;
    let mut metadata = part(&mut entry, names::METADATA)?.unwrap_or_default();
    let action = Action::named(&required_text(&mut entry, names::ACTION, names::ACTION)?);
    let timestamp = match entry.remove(names::TIMESTAMP) {
        Some(Bson::DateTime(timestamp)) => timestamp,
        other => return Err(problem(names::TIMESTAMP, "a date", other.as_ref())),
    };
    let trace_id = match present(entry.remove(names::TRACE_ID)) {
        None => None,
        Some(Bson::String(text)) => Some(text),
        Some(other) => return Err(problem(names::TRACE_ID, TEXT, Some(&other))),
    };
    let version = metadata.get(names::VERSION).and_then(Version::read);
    Ok(RawEntry {
        id: entry
            .remove(names::ID)
            .ok_or_else(|| absent(names::ID, "an id"))?,
        collection: required_text(&mut reference, names::REF_COLLECTION, "ref.collection")?,
        document_id: reference
            .remove(names::REF_ID)
            .ok_or_else(|| absent("ref.id", "an id"))?,
        user: present(entry.remove(names::USER_ID)),
        timestamp,
        trace_id,
        custom_data: present(metadata.remove(names::CUSTOM_DATA)),
        version,
        from: metadata.get(names::FROM).and_then(Version::read),
        prev: metadata.get(names::PREV).and_then(Bson::as_object_id),
        image_omitted: is_set(&metadata, names::IMAGE_OMITTED),
        change: change(&action, metadata, version.is_some())?,
        action,
    })
}

fn change(action: &Action, mut metadata: Document, is_ours: bool) -> Result<EntryChange, Problem> {
    let many = is_set(&metadata, names::MULTI_DOCUMENT_UPDATE);
    if *action == Action::Update && many {
        let count = metadata
            .get(names::DOCUMENTS_MODIFIED)
            .and_then(counter)
            .unwrap_or_default();
        let filter = image(&mut metadata, names::FILTER)?;
        return Ok(EntryChange::ManyUpdated { filter, count });
    }
    if let Some(delta) = delta(&mut metadata, is_ours)? {
        return Ok(match action {
            Action::Restore => EntryChange::RestoredDelta(delta),
            Action::Create | Action::Update | Action::Delete | Action::Custom(_) => {
                EntryChange::Delta(delta)
            }
        });
    }
    let before = image(&mut metadata, names::BEFORE)?;
    let after = image(&mut metadata, names::AFTER)?;
    Ok(match action {
        Action::Create => EntryChange::Created { after },
        Action::Update => EntryChange::Full {
            before,
            after,
            changes: changes(&mut metadata)?,
        },
        Action::Delete if is_set(&metadata, names::SOFT_DELETE) => {
            EntryChange::SoftDeleted { before }
        }
        Action::Delete if is_set(&metadata, names::HARD_DELETE) => {
            EntryChange::HardDeleted { before }
        }
        Action::Restore => EntryChange::Restored {
            before,
            after,
            changes: changes(&mut metadata)?,
        },
        Action::Delete | Action::Custom(_) => EntryChange::Other { before, after },
    })
}

/// The delta. Ours always have a version; in one without, values may have been taken apart.
fn delta(metadata: &mut Document, is_ours: bool) -> Result<Option<Delta>, Problem> {
    let Some(changes) = part_at(metadata, names::DELTA_CHANGES, "metadata.deltaChanges")? else {
        return Ok(None);
    };
    let read = if is_ours {
        Delta::from_document
    } else {
        Delta::from_typescript
    };
    let delta = read(changes).map_err(|error| Problem {
        path: format!("metadata.deltaChanges.{}", error.path),
        expected: DOCUMENT,
        found: Some(error.found),
    });
    delta.map(Some)
}

fn image(metadata: &mut Document, name: &'static str) -> Result<Option<Document>, Problem> {
    let path = format!("{}.{name}", names::METADATA);
    part_at(metadata, name, &path)
}

fn changes(metadata: &mut Document) -> Result<Vec<String>, Problem> {
    let path = "metadata.changes";
    let list = match present(metadata.remove(names::CHANGES)) {
        None => return Ok(Vec::new()),
        Some(Bson::Array(list)) => list,
        Some(other) => return Err(problem(path, "a list of names", Some(&other))),
    };
    let names = list.into_iter().map(|name| match name {
        Bson::String(name) => Ok(name),
        other => Err(problem(path, "a list of names", Some(&other))),
    });
    names.collect()
}

const DOCUMENT: &str = "a document";
const TEXT: &str = "a string";

fn part(parent: &mut Document, name: &str) -> Result<Option<Document>, Problem> {
    part_at(parent, name, name)
}

/// A document that may be absent or null: the writer's driver stores undefined as null.
fn part_at(parent: &mut Document, name: &str, path: &str) -> Result<Option<Document>, Problem> {
    match present(parent.remove(name)) {
        None => Ok(None),
        Some(Bson::Document(part)) => Ok(Some(part)),
        Some(other) => Err(problem(path, DOCUMENT, Some(&other))),
    }
}

fn required_text(parent: &mut Document, name: &str, path: &str) -> Result<String, Problem> {
    match parent.remove(name) {
        Some(Bson::String(text)) => Ok(text),
        other => Err(problem(path, TEXT, other.as_ref())),
    }
}

fn present(value: Option<Bson>) -> Option<Bson> {
    value.filter(|value| !matches!(value, Bson::Null | Bson::Undefined))
}

fn is_set(metadata: &Document, name: &str) -> bool {
    metadata.get(name) == Some(&Bson::Boolean(true))
}

/// A whole number, in whichever type it was stored.
fn counter(value: &Bson) -> Option<i64> {
    match value {
        Bson::Int32(int) => Some(i64::from(*int)),
        Bson::Int64(int) => Some(*int),
        Bson::Double(double) => whole(*double),
        _ => None,
    }
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "whole and within the numbers that a double holds exactly"
)]
fn whole(double: f64) -> Option<i64> {
    const LARGEST: f64 = 9_007_199_254_740_991.0;
    (double.fract() == 0.0 && double.abs() <= LARGEST).then_some(double as i64)
}

fn problem(path: &str, expected: &'static str, found: Option<&Bson>) -> Problem {
    Problem {
        path: path.to_owned(),
        expected,
        found: found.map(Bson::element_type),
    }
}

fn absent(path: &str, expected: &'static str) -> Problem {
    problem(path, expected, None)
}
