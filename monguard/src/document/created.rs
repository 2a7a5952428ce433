use std::fmt;
use std::ops::Deref;

use super::{Outcome, Stored, Versioned};

/// What a create found or made.
#[derive(Clone)]
pub enum Created<T: Versioned> {
    /// The document was created now.
    New(Stored<T>),
    /// An earlier request with the same idempotency key created it. It may have moved on since,
    /// and may be soft-deleted ([`Stored::is_deleted`]).
    Existing(Stored<T>),
}

impl<T: Versioned> Created<T> {
    /// The document, whoever created it.
    pub fn into_stored(self) -> Stored<T> {
        match self {
            Created::New(stored) | Created::Existing(stored) => stored,
        }
    }

    /// Whether the document was created now.
    pub fn is_new(&self) -> bool {
        matches!(self, Created::New(_))
    }

    /// Whether the request was compared with the one that created the document. It is not where
    /// the document was created by other means, and so has no fingerprint of its request.
    pub fn was_compared(&self) -> bool {
        !matches!(self.outcome(), Outcome::Existing { compared: false })
    }
}

impl<T: Versioned> Deref for Created<T> {
    type Target = Stored<T>;
    fn deref(&self) -> &Stored<T> {
        match self {
            Created::New(stored) | Created::Existing(stored) => stored,
        }
    }
}

impl<T: Versioned + fmt::Debug> fmt::Debug for Created<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.is_new() { "New" } else { "Existing" };
        f.debug_tuple(name).field(&**self).finish()
    }
}
