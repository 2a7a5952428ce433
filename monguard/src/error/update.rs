use std::fmt;

use mongodb::bson;

use super::{InvalidReason, Subject};
use crate::audit::shown_path;
use crate::document::Meta;
use crate::value::EncodeError;

/// The write was refused before it was sent.
#[derive(Clone, Debug)]
pub struct InvalidUpdate {
    // Boxed: this travels by value through many results.
    subject: Option<Box<Subject>>,
    path: String,
    reason: InvalidReason,
    cause: Option<Box<bson::error::Error>>,
}

impl InvalidUpdate {
    pub(crate) fn new(path: impl Into<String>, reason: InvalidReason) -> Self {
        InvalidUpdate {
            subject: None,
            path: path.into(),
            reason,
            cause: None,
        }
    }

    pub(crate) fn encode(path: impl Into<String>, error: EncodeError) -> Self {
        let reason = InvalidReason::NotEncodable(error.reason());
        InvalidUpdate {
            cause: Some(Box::new(error.into_cause())),
            ..InvalidUpdate::new(path, reason)
        }
    }

    pub(crate) fn of(mut self, subject: Subject) -> Self {
        self.subject = Some(Box::new(subject));
        self
    }

    /// Forgets what may show a value that the model hides: the cause, whose text may quote it, and
    /// names inside of a hidden field.
    pub(crate) fn hiding(mut self, meta: &Meta) -> Self {
        if meta.redacts() {
            self.cause = None;
            self.path = shown_path(meta, &self.path).to_owned();
        }
        self
    }

    /// Whether the document would be larger, or nested more deeply, than the server takes.
    pub(crate) fn is_too_large(&self) -> bool {
        matches!(
            self.reason,
            InvalidReason::TooLarge(..) | InvalidReason::TooDeep(..)
        )
    }

    /// The document that was meant.
    #[must_use]
    pub fn subject(&self) -> Option<&Subject> {
        self.subject.as_deref()
    }

    /// The stored path that was refused; empty where the whole document was. No deeper than the
    /// first field that the model hides.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &InvalidReason {
        &self.reason
    }
}

impl fmt::Display for InvalidUpdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write")?;
        if let Some(subject) = &self.subject {
            write!(f, " to {subject}")?;
        }
        f.write_str(" refused: ")?;
        if !self.path.is_empty() {
            write!(f, "`{}` ", self.path)?;
        }
        self.reason.fmt(f)
    }
}

impl std::error::Error for InvalidUpdate {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}
