//! The handles: the guard itself, its collections, and the hands that write to them.

mod actor;
mod batch;
mod builder;
mod capability;
mod causal;
mod collection;
mod failure;
mod log;
mod monguard;
mod options;
mod product;
mod promise;
mod store;
mod writer;

pub use actor::Actor;
pub(crate) use actor::Author;
pub(crate) use batch::{EntryAnswer, EntryKey, is_about_an_entry};
pub use builder::MonguardBuilder;
pub use capability::{Capabilities, Topology};
pub(crate) use causal::CausalReads;
pub use collection::Collection;
pub(crate) use failure::{Failure, was_refused};
pub(crate) use log::{EntryInsert, LogStore, may_be_id_index};
pub use monguard::Monguard;
pub(crate) use monguard::Shared;
pub(crate) use options::{Limits, ModelAudit, Settings};
pub use options::{OnAuditFailure, Retry, SettlingReads};
pub use product::Product;
pub(crate) use promise::shared_collection;
pub(crate) use store::Store;
pub use writer::Writer;
