//! The kinds of [`Query`](crate::Query), and what reads make of documents: names that a program
//! seldom writes.

pub use crate::action::{
    All, ByIds, Counted, DocumentsKind, First, Paged, Piped, QueryKind, ResultStream,
    SelectingKind, SortKeys, SortedKind, Tested, UnfilteredKind, ValuesOf,
};
pub use crate::select::{
    Asked, Columns, Many, One, Readable, SameAs, Selected, Selection, Selector, Unreadable, Values,
    Whole, WithRevision,
};
