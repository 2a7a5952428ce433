use std::fmt;

use mongodb::bson;

use super::Subject;
use crate::audit::shown_path;
use crate::document::Meta;
use crate::value::EncodeError;

/// The write was refused before it was sent.
#[derive(Debug)]
pub struct InvalidUpdate {
    // Boxed: this travels by value through many results.
    subject: Option<Box<Subject>>,
    path: String,
    reason: InvalidReason,
    cause: Option<Box<bson::error::Error>>,
}

/// Why a write was refused before it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidReason {
    /// Nothing was to be changed.
    Empty,
    /// Two operators write one path, or a path and one inside it.
    Overlap,
    /// The path leads through something that is not a sub-document.
    NotADocument(&'static str),
    /// A number was to be added to something that is not one.
    NotANumber(&'static str),
    /// An element was to be appended to something that is not a list.
    NotAList(&'static str),
    /// The sum does not fit into the field's Rust type.
    OutOfRange(&'static str),
    /// A name in the value contains a dot or NUL, or begins with a dollar sign.
    Name,
    /// The value has no BSON form.
    NotEncodable(&'static str),
    /// The field never changes after the document's creation.
    Immutable,
    /// The field is a part of the shard key, which says where the document is.
    ShardKey,
    /// The value of a field of the shard key is a list.
    ShardKeyIsList,
    /// The id is null or missing, and its type takes no `ObjectId` made in its place.
    NoId,
    /// An idempotency key that is null or missing.
    NoKey,
    /// An idempotency key that is a list: a unique index tells its elements apart, not the list.
    KeyIsList,
    /// The model does not say that its creates may carry an idempotency key.
    NoKeyField,
    /// The document would be larger than the server takes: bytes, and the limit.
    TooLarge(usize, usize),
    /// The document would be nested more deeply than the server takes: levels, and the limit.
    TooDeep(usize, usize),
    /// The audit entry would be larger than the log takes, even without images: bytes, and the
    /// limit.
    EntryTooLarge(usize, usize),
    /// The version has no successor.
    VersionsUsedUp,
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

impl fmt::Display for InvalidReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InvalidReason::Empty => f.write_str("it changes nothing: add `set` or another operator"),
            InvalidReason::Overlap => {
                f.write_str("is written twice: use one operator for a path and what is inside it")
            }
            InvalidReason::NotADocument(found) => write!(
                f,
                "cannot be reached, because the stored document has {found} on the way there: set the whole sub-document first"
            ),
            InvalidReason::NotANumber(found) => {
                write!(f, "cannot be added to, because it holds {found}: set it first")
            }
            InvalidReason::NotAList(found) => {
                write!(f, "cannot be appended to, because it holds {found}: set it first")
            }
            InvalidReason::OutOfRange(kind) => write!(f, "would leave the range of {kind}"),
            InvalidReason::Name => f.write_str(
                "has a name that cannot be stored: names must not contain a dot or NUL, nor begin with a dollar sign",
            ),
            InvalidReason::NotEncodable(why) => write!(f, "cannot be stored: {why}"),
            InvalidReason::Immutable => f.write_str("never changes after the document's creation"),
            InvalidReason::ShardKey => f.write_str(
                "is a part of the shard key, which never changes: create the document anew under the other key",
            ),
            InvalidReason::ShardKeyIsList => f.write_str(
                "is a part of the shard key, and must not be a list: the server takes none there",
            ),
            InvalidReason::NoId => f.write_str(
                "is missing, and an `ObjectId` in its place would not be of its type: give the document an id",
            ),
            InvalidReason::NoKey => {
                f.write_str("is the idempotency key, and must not be null or missing")
            }
            InvalidReason::KeyIsList => f.write_str(
                "is the idempotency key, and must not be a list: a unique index tells its elements apart, not the list",
            ),
            InvalidReason::NoKeyField => f.write_str(
                "is not a field of the model: add `#[monguard(idempotency_key)]` to the struct, and run `ensure_indexes`",
            ),
            InvalidReason::TooLarge(bytes, limit) => {
                write!(f, "the document would take {bytes} bytes, and the limit is {limit}")
            }
            InvalidReason::TooDeep(levels, limit) => {
                write!(f, "the document would be {levels} levels deep, and the limit is {limit}")
            }
            InvalidReason::EntryTooLarge(bytes, limit) => write!(
                f,
                "its audit entry would take {bytes} bytes, and the limit is {limit}: carry less custom data"
            ),
            InvalidReason::VersionsUsedUp => f.write_str("the version has no successor"),
        }
    }
}

impl std::error::Error for InvalidUpdate {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}
