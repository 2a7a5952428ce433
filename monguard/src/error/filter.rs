use std::fmt;

use mongodb::bson;

use super::Subject;
use crate::audit::shown_path;
use crate::document::Meta;
use crate::value::EncodeError;

/// The filter was refused before it was sent.
#[derive(Clone, Debug)]
pub struct InvalidFilter {
    // Boxed: this travels by value through many results.
    subject: Option<Box<Subject>>,
    path: String,
    reason: InvalidFilterReason,
    cause: Option<Box<bson::error::Error>>,
}

/// Why a filter was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidFilterReason {
    /// A value has no BSON form.
    NotEncodable(&'static str),
    /// The server alone can decide this, and it was to be decided in memory.
    NotOnClient(&'static str),
    /// Conditions on one element of a list that MongoDB cannot combine.
    Element,
    /// A regular expression with NUL in it.
    NulInPattern,
}

impl InvalidFilter {
    pub(crate) fn new(path: impl Into<String>, reason: InvalidFilterReason) -> Self {
        InvalidFilter {
            subject: None,
            path: path.into(),
            reason,
            cause: None,
        }
    }

    pub(crate) fn encode(path: impl Into<String>, error: EncodeError) -> Self {
        let reason = InvalidFilterReason::NotEncodable(error.reason());
        InvalidFilter {
            cause: Some(Box::new(error.into_cause())),
            ..InvalidFilter::new(path, reason)
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

    /// What was to be filtered.
    #[must_use]
    pub fn subject(&self) -> Option<&Subject> {
        self.subject.as_deref()
    }

    /// The stored path that was refused; empty where the whole filter was. No deeper than the
    /// first field that the model hides.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &InvalidFilterReason {
        &self.reason
    }
}

impl fmt::Display for InvalidFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("filter")?;
        if let Some(subject) = &self.subject {
            write!(f, " on {subject}")?;
        }
        f.write_str(" refused: ")?;
        if !self.path.is_empty() {
            write!(f, "`{}` ", self.path)?;
        }
        self.reason.fmt(f)
    }
}

impl fmt::Display for InvalidFilterReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InvalidFilterReason::NotEncodable(why) => write!(f, "cannot be stored: {why}"),
            InvalidFilterReason::NotOnClient(what) => write!(
                f,
                "is compared with {what}, which cannot be evaluated on the client: use another condition"
            ),
            InvalidFilterReason::Element => f.write_str(
                "is asked for an element that meets conditions which MongoDB cannot combine: ask for fewer of them, of different kinds, all on the element itself or all on its fields",
            ),
            InvalidFilterReason::NulInPattern => {
                f.write_str("is matched with a regular expression that has NUL in it: write `\\x00`")
            }
        }
    }
}

impl std::error::Error for InvalidFilter {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}
