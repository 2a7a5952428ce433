use std::fmt;
use std::sync::Arc;

use mongodb::bson::Bson;

/// What an error is about: a document, or a collection.
#[derive(Clone, Debug)]
pub struct Subject {
    model: &'static str,
    collection: Arc<str>,
    id: Option<Bson>,
}

impl Subject {
    pub(crate) fn new(model: &'static str, collection: Arc<str>, id: Option<Bson>) -> Self {
        Subject {
            model,
            collection,
            id,
        }
    }

    /// The name of the model.
    #[must_use]
    pub fn model(&self) -> &'static str {
        self.model
    }

    /// The name of the collection.
    #[must_use]
    pub fn collection(&self) -> &str {
        &self.collection
    }

    /// The id of the document, where one document is meant and its id is known.
    #[must_use]
    pub fn id(&self) -> Option<&Bson> {
        self.id.as_ref()
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.model)?;
        if let Some(id) = &self.id {
            write!(f, " {}", IdText(id))?;
        }
        write!(f, " in `{}`", self.collection)
    }
}

/// An id as a person reads it.
pub(crate) struct IdText<'a>(pub(crate) &'a Bson);

impl fmt::Display for IdText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Bson::ObjectId(id) => id.fmt(f),
            Bson::String(id) => write!(f, "{id:?}"),
            other => other.fmt(f),
        }
    }
}
