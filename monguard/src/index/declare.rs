use std::fmt;
use std::marker::PhantomData;

use crate::filter::Filter;

/// An index that a model declares, as the derive makes it.
#[must_use]
pub struct Index<R> {
    pub(crate) keys: Vec<IndexKey<R>>,
    pub(crate) unique: Uniqueness,
    pub(crate) sparse: bool,
    /// In seconds.
    pub(crate) expire_after: Option<u32>,
    pub(crate) partial: Option<fn() -> Filter<R>>,
    pub(crate) name: Option<&'static str>,
}

/// A field of an index, with its direction.
#[must_use]
pub struct IndexKey<R> {
    pub(crate) path: String,
    pub(crate) descending: bool,
    document: PhantomData<fn() -> R>,
}

/// Among which documents a value is the only one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Uniqueness {
    None,
    All,
    /// Those that are not soft-deleted.
    Live,
}

impl<R> fmt::Debug for Index<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index")
            .field("keys", &self.keys)
            .field("unique", &self.unique)
            .finish_non_exhaustive()
    }
}

impl<R> fmt::Debug for IndexKey<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.descending { "-" } else { "" };
        write!(f, "{sign}{}", self.path)
    }
}

impl<R> IndexKey<R> {
    pub(super) fn ascending(path: String) -> Self {
        IndexKey {
            path,
            descending: false,
            document: PhantomData,
        }
    }

    /// The greatest value first.
    pub fn descending(mut self) -> Self {
        self.descending = true;
        self
    }
}

impl<R> Index<R> {
    /// An index on these fields.
    pub fn on<const N: usize>(keys: [IndexKey<R>; N]) -> Self {
        Index {
            keys: Vec::from(keys),
            unique: Uniqueness::None,
            sparse: false,
            expire_after: None,
            partial: None,
            name: None,
        }
    }

    /// No two documents have the same values.
    pub fn unique(mut self) -> Self {
        self.unique = Uniqueness::All;
        self
    }

    /// No two documents that are not soft-deleted have the same values.
    pub fn unique_among_live(mut self) -> Self {
        self.unique = Uniqueness::Live;
        self
    }

    /// Documents without the fields are left out.
    pub fn sparse(mut self) -> Self {
        self.sparse = true;
        self
    }

    /// The server removes documents this many seconds after the field's date.
    pub fn expire_after(mut self, seconds: u32) -> Self {
        self.expire_after = Some(seconds);
        self
    }

    /// Documents that do not match are left out.
    pub fn partial(mut self, filter: fn() -> Filter<R>) -> Self {
        self.partial = Some(filter);
        self
    }

    /// A name other than MongoDB's default.
    pub fn name(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }
}
