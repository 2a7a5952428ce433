//! The handles: the guard itself, its collections, and the hands that write to them.

mod actor;
mod batch;
mod builder;
mod capability;
mod collection;
mod failure;
mod log;
mod monguard;
mod options;
mod store;
mod writer;

pub use actor::Actor;
pub(crate) use actor::Author;
pub(crate) use batch::{EntryAnswer, EntryKey, is_about_an_entry};
pub use builder::MonguardBuilder;
pub use capability::{Capabilities, Topology};
pub use collection::Collection;
pub(crate) use failure::{Failure, was_refused};
pub(crate) use log::{EntryInsert, LogStore};
pub use monguard::Monguard;
pub(crate) use monguard::Shared;
pub(crate) use options::{Limits, Settings};
pub use options::{OnAuditFailure, Retry};
pub(crate) use store::Store;
pub use writer::Writer;
