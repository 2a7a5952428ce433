use std::fmt;

/// What was to be read as a [`Revision`](crate::Revision) is none of this model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a revision of `{model}` in `{collection}`: {reason}")]
pub struct InvalidRevision {
    model: &'static str,
    collection: &'static str,
    reason: InvalidRevisionReason,
}

/// Why a text, a tag or a document is no revision of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidRevisionReason {
    /// It was not made by monguard, or not as it was made: cut, mistyped, of another format.
    Malformed,
    /// It is of a document in another collection.
    OtherCollection,
    /// It is of the same collection, and its id, version or shard key is not of the model's type.
    OtherModel,
    /// The header is not one tag in double quotes.
    NotATag,
    /// The tag is weak (`W/"…"`): a weak tag does not say which state it was.
    WeakTag,
    /// The header has more than one tag, and a write is based on one state.
    ManyTags,
    /// The header is `*`, which names no state.
    AnyTag,
}

impl InvalidRevision {
    pub(crate) fn new(
        model: &'static str,
        collection: &'static str,
        reason: InvalidRevisionReason,
    ) -> Self {
        InvalidRevision {
            model,
            collection,
            reason,
        }
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> InvalidRevisionReason {
        self.reason
    }
}

impl fmt::Display for InvalidRevisionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            InvalidRevisionReason::Malformed => "it is not as monguard made it",
            InvalidRevisionReason::OtherCollection => "it is of another collection",
            InvalidRevisionReason::OtherModel => {
                "its id, version or shard key is not of the model's type"
            }
            InvalidRevisionReason::NotATag => "expected one entity tag in double quotes",
            InvalidRevisionReason::WeakTag => "a weak entity tag does not say which state it was",
            InvalidRevisionReason::ManyTags => {
                "expected one entity tag, found several: a write is based on one state"
            }
            InvalidRevisionReason::AnyTag => "`*` names no state: send the entity tag of one",
        })
    }
}
