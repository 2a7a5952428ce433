use mongodb::bson::{Bson, Document, doc};

use crate::document::{Version, names};

/// The state of a document that a write is based on, as BSON.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    pub(crate) id: Bson,
    pub(crate) version_field: &'static str,
    /// As it is stored; `None` where the document has no version.
    pub(crate) version: Option<Bson>,
    pub(crate) shown: Version,
    /// `None`: only the version is known.
    pub(crate) state: Option<State>,
}

/// What identifies a state beside its version.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) operation: Option<Bson>,
    pub(crate) updated_at: Option<Bson>,
}

impl Base {
    /// Matches the document only in this very state.
    pub(crate) fn filter(&self) -> Document {
        let mut filter = doc! { names::ID: self.id.clone() };
        filter.insert(self.version_field, exactly(self.version.as_ref()));
        if let Some(state) = &self.state {
            filter.insert(names::OPERATION, exactly(state.operation.as_ref()));
            filter.insert(names::UPDATED_AT, exactly(state.updated_at.as_ref()));
        }
        filter
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
        Some(value) => Bson::Document(doc! { "$eq": value.clone() }),
    }
}
