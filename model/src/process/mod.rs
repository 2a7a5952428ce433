//! The processes: writers, what copies entries to the log, and a reader of the history.

pub(crate) mod reader;
pub(crate) mod relay;
pub(crate) mod verdict;
pub(crate) mod writer;
