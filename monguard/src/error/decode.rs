use mongodb::bson::{self, oid::ObjectId};

use super::Subject;
use crate::document::Version;

/// A stored document is not what the model says.
#[derive(Debug, thiserror::Error)]
#[error("{subject} cannot be read{}{}{}", place_text(.path.as_deref()), expected_text(.expected.as_deref()), written_text(.written.as_ref()))]
pub struct Decode {
    subject: Subject,
    path: Option<String>,
    expected: Option<String>,
    written: Option<(ObjectId, Version)>,
    #[source]
    cause: Option<bson::error::Error>,
}

fn place_text(path: Option<&str>) -> String {
    path.map_or_else(String::new, |path| {
        format!(": `{path}` is not as the model says")
    })
}

fn expected_text(expected: Option<&str>) -> String {
    expected.map_or_else(String::new, |expected| format!(", expected {expected}"))
}

fn written_text(written: Option<&(ObjectId, Version)>) -> String {
    written.map_or_else(String::new, |(_, version)| {
        format!("; the write that it answers was made and audited, as version {version}")
    })
}

impl Decode {
    pub(crate) fn new(
        subject: Subject,
        path: Option<String>,
        expected: Option<String>,
        cause: Option<bson::error::Error>,
    ) -> Self {
        Decode {
            subject,
            path,
            expected,
            written: None,
            cause,
        }
    }

    /// Says that the document is the answer to a write that was made.
    pub(crate) fn after_write(mut self, operation: ObjectId, version: Version) -> Self {
        self.written = Some((operation, version));
        self
    }

    /// The document that was read.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Where in the document, in stored names: `contacts[0].street`. No deeper than the first field
    /// that the model hides; `None` where serde does not say.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// What serde expected there.
    #[must_use]
    pub fn expected(&self) -> Option<&str> {
        self.expected.as_deref()
    }

    /// The version that a write has just made, where this is the answer to a write: it has been
    /// made and audited all the same.
    #[must_use]
    pub fn written_version(&self) -> Option<Version> {
        self.written.map(|(_, version)| version)
    }

    /// The id of the operation that wrote the document, where this is the answer to a write.
    #[must_use]
    pub fn operation(&self) -> Option<ObjectId> {
        self.written.map(|(operation, _)| operation)
    }
}

/// A stored version is not of the model's kind. The document stays as it is.
#[derive(Debug, thiserror::Error)]
#[error("{subject} has a foreign version: `{field}` holds {found}, expected {expected}")]
pub struct ForeignVersion {
    // Boxed: this travels by value through many results.
    subject: Box<Subject>,
    field: &'static str,
    found: &'static str,
    expected: &'static str,
}

impl ForeignVersion {
    pub(crate) fn new(
        subject: Subject,
        field: &'static str,
        found: &'static str,
        expected: &'static str,
    ) -> Self {
        ForeignVersion {
            subject: Box::new(subject),
            field,
            found,
            expected,
        }
    }

    /// The document that was meant.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The type of what is stored as the version.
    #[must_use]
    pub fn found(&self) -> &'static str {
        self.found
    }
}
