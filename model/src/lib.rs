//! The write protocol of monguard as a model, and a search through all of its states.
//!
//! One document, its lives one after the other, the log beside it; writers that read and write, each
//! in a mode of its own, what copies carried entries to the log, processes that sweep up after the
//! others, and a reader of the history. What may go wrong, in any order: answers are lost and commands come late, the driver
//! repeats a command that the server has forgotten, a failover rolls back what the majority does not
//! have, processes die, other tools write in between.
//!
//! `tests/searches.rs` searches with every rule kept: no property of `properties.rs` may break.
//! `tests/rules.rs` leaves out one rule after the other ([`Rule`]): each must then break one.
//!
//! # What it is a model of
//!
//! The rules are those of `docs/protocol.md`, and the names those of `monguard/src`, where
//! `tests/names.rs` looks for them.
//!
//! | in the model | in `monguard/src` |
//! | --- | --- |
//! | `Write::matches` | `guard::Base::filter` |
//! | `draft::draft` | `guard::Intent::work_out`, `guard::carry::with_entry`, `guard::carry::keep` |
//! | `draft::kept` | `audit::carried::Trail::kept` |
//! | `Draft::Full`, `Action::Bring` | `guard::carry::make_room` |
//! | `Command::Create` | `client::WriteCommand::create`, `guard::CreateWrite` |
//! | `Command::Write` | `guard::VersionedWrite`, `client::WriteCommand::send` |
//! | `Command::Remove` | `guard::tombstone::remove_tombstone` |
//! | `Entry`, `Document::entries` | `audit::carried::Trail` |
//! | `Image::Owed`, `Entry::moved_past` | `audit::carried::Owed`, `audit::carried::settle` |
//! | `Entry::for_the_log` | `audit::carried::Trail::drafts`, `audit::carried::image` |
//! | `Relay::take`, `Action::Insert` | `relay::Permit::hand_over`, `relay::Courier::deliver` |
//! | `Relay::learn` | `relay::Courier::look_up`, `relay::Relay::knows` |
//! | `Relay::finish` | `guard::tombstone::finish_tombstone`, `audit::complete_removal` |
//! | `Action::Recover` | `recovery::Sweep::see_to`, `recovery::Sweep::finish` |
//! | `Reader`, `chain` | `audit::Gathered`, `audit::chain::extents` |
//! | `DocumentSeen`, `LogSeen`, `judge` | `guard::verdict::Evidence`, `guard::verdict::judge` |
//! | `judge`, of a create | `guard::CreateWrite::look` |
//! | `settle::complete` | `audit::complete_creation` |
//! | `effect::landed`, `effect::record` | `guard::VersionedWrite::record`, `audit::insert_entry` |
//! | `Action::Look` with `over` | `guard::Patience::is_over` |
//! | `Mode` | `guard::Route`, `audit::Guarantee` |
//!
//! # What it takes for one
//!
//! Steps of a process that nobody else notices are no steps of their own: an answer is heard at once
//! or never, an entry may go to the log as soon as somebody may send it, and what a relay has learnt
//! is decided when it matters. Where no failover can come any more, the majority has each write at
//! once. [`Scenario::in_full`] takes less for one.
//!
//! Nothing has to happen, so a process may stop anywhere. One that dies ([`Faults::deaths`]) also
//! takes with it what it knows.
//!
//! # What it leaves out
//!
//! More than one document, and seals. A create with an idempotency key meets the document of an earlier
//! request as any other create meets the one that has its id. A transaction is the
//! step in which it is committed, since nobody else writes to its documents before. That a command
//! has a time after which it can no longer take effect, that ids of operations are unique, and that
//! other tools stamp what they write is assumed. Where entries come after their writes, it is assumed
//! as well that a server knows a command again which the driver repeats.

mod canonical;
mod command;
mod database;
mod draft;
mod effect;
mod enabled;
mod ghost;
mod process;
mod properties;
mod protocol;
mod renaming;
mod rules;
mod scenario;
mod settle;
mod world;

pub use protocol::{Outcome, search, search_up_to};
pub use rules::{Mode, Rule};
pub use scenario::{Faults, Intent, Scenario};
