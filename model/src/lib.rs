//! The write protocol of monguard as a model, and a search through all of its states.
//!
//! One document, its lives one after the other, the log beside it; writers that read and write, what
//! copies carried entries to the log, processes that sweep up after the others, and a reader of the
//! history. What may go wrong, in any order: answers are lost and commands come late, the driver
//! repeats a command that the server has forgotten, a failover rolls back what the majority does not
//! have, processes die, other tools write in between.
//!
//! `tests/searches.rs` searches with every rule kept: no property of `properties.rs` may break.
//! `tests/rules.rs` leaves out one rule after the other ([`Rule`]): each must then break one.
//!
//! # What it is a model of
//!
//! | in the model | in `monguard/src` |
//! | --- | --- |
//! | `Write::matches` | `guard::Base::filter` |
//! | `Command::Create` | `client::Store::create` |
//! | `Command::Remove` | `guard::finish_tombstone` |
//! | `Command::Insert` | `client::LogStore::insert` |
//! | `judge`, of a versioned write | `guard::verdict::judge`, `guard::VersionedWrite` |
//! | `judge`, of a create | `guard::CreateWrite` |
//! | `Sent::over`, `Action::Expire` | `guard::Patience::is_over` |
//! | `Relay`, after the write | `audit::after_write::insert_entry` |
//!
//! [`Mode::AfterWrite`] is what the library does. [`Mode::Carried`], where the entry is a part of the
//! document's own write, is how it may be done without losing one: the library does not have it yet,
//! and neither `Command::Many` nor the reader of a history that is carried in part.
//!
//! # What it leaves out
//!
//! Images, digests and seals of entries, the limit on how many a document carries, idempotency keys,
//! transactions, soft deletes (to the protocol they are updates), and more than one document. That a
//! command has a time after which it can no longer take effect, that ids of operations are unique, and
//! that other tools stamp what they write is assumed. Where entries come after their writes, it is
//! assumed as well that a server knows a command again which the driver repeats.

mod canonical;
mod command;
mod database;
mod effect;
mod enabled;
mod ghost;
mod process;
mod properties;
mod protocol;
mod renaming;
mod rules;
mod scenario;
mod world;

pub use protocol::{Outcome, search, search_up_to};
pub use rules::{Mode, Rule};
pub use scenario::{Faults, Intent, Scenario};
