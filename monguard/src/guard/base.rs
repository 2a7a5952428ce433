use mongodb::bson::{Bson, Document, doc};

use super::Versions;
use crate::document::{Meta, Place, Version, equal_to, names};
use crate::error::{ForeignVersion, Subject};
use crate::value::equal;

/// The state of a document that a write is based on, as BSON.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    pub(crate) place: Place,
    pub(crate) version_field: &'static str,
    /// As it is stored; `None` where the document has no version.
    pub(crate) version: Option<Bson>,
    pub(crate) shown: Version,
    /// `None`: only the version is known.
    pub(crate) state: Option<State>,
}

/// What identifies a state beside its version.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct State {
    pub(crate) operation: Option<Bson>,
    pub(crate) updated_at: Option<Bson>,
}

impl State {
    /// The last operation and the stamp of a stored document.
    pub(crate) fn of(document: &Document) -> Self {
        State {
            operation: document.get(names::OPERATION).cloned(),
            updated_at: document.get(names::UPDATED_AT).cloned(),
        }
    }
}

impl Base {
    /// The whole state of a stored document.
    pub(crate) fn of(
        document: &Document,
        meta: &Meta,
        versions: Versions,
        subject: impl FnOnce() -> Subject,
    ) -> Result<Self, ForeignVersion> {
        let version = versions.read(document.get(versions.field()), subject)?;
        Ok(Base {
            place: Place::of(meta, document),
            version_field: versions.field(),
            version: version.stored,
            shown: version.shown,
            state: Some(State::of(document)),
        })
    }

    /// Whether the document is in this very state.
    pub(crate) fn is_state_of(&self, document: &Document) -> bool {
        same(self.version.as_ref(), document.get(self.version_field))
            && self.state.as_ref().is_none_or(|state| {
                same(state.operation.as_ref(), document.get(names::OPERATION))
                    && same(state.updated_at.as_ref(), document.get(names::UPDATED_AT))
            })
    }

    /// Matches the document only in this very state.
    pub(crate) fn filter(&self) -> Document {
        let mut filter = self.place.filter();
        filter.insert(self.version_field, exactly(self.version.as_ref()));
        if let Some(state) = &self.state {
            filter.insert(names::OPERATION, exactly(state.operation.as_ref()));
            filter.insert(names::UPDATED_AT, exactly(state.updated_at.as_ref()));
        }
        filter
    }
}

fn same(a: Option<&Bson>, b: Option<&Bson>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => equal(a, b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// Matches this value and no other: null and absent are two things, though MongoDB's `{x: null}`
/// matches both.
pub(crate) fn exactly(value: Option<&Bson>) -> Bson {
    /// The number of BSON's null type.
    const NULL_TYPE: i32 = 10;
    match value {
        None => Bson::Document(doc! { "$exists": false }),
        Some(Bson::Null) => Bson::Document(doc! { "$type": NULL_TYPE }),
        Some(value) => equal_to(value),
    }
}
