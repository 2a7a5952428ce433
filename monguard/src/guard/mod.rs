//! What is promised of every write: what it is based on, its version, its stamps, and that its
//! outcome is known.

mod at_once;
mod base;
mod batch;
mod carry;
mod copies;
mod create;
mod idempotency;
mod intent;
mod kind;
mod landing;
mod mismatch;
mod patience;
mod preview;
mod route;
#[cfg(test)]
mod samples;
mod settle;
mod size;
mod to_the_end;
mod tombstone;
mod turns;
mod unique;
mod verdict;
mod versions;
mod write;
mod written;

pub(crate) use at_once::AtOnce;
pub(crate) use base::{Base, State, exactly};
pub(crate) use batch::{Part, commit_all};
pub(crate) use carry::{bring_all, carrier, kept_entries, log_entry, make_room};
pub(crate) use copies::{Copies, Written, copy_later};
pub(crate) use create::{CreateWrite, Creation, KnownBy};
pub(crate) use idempotency::IdempotencyKey;
pub(crate) use intent::{CONDITION, Intent, filter, moment};
pub(crate) use kind::Kind;
pub(crate) use landing::{Landed, Proof};
pub(crate) use mismatch::mismatch;
pub(crate) use patience::Patience;
pub(crate) use preview::{Preview, Previewed};
pub(crate) use route::{Route, Seat};
pub(crate) use settle::Settle;
pub(crate) use to_the_end::to_the_end;
pub(crate) use tombstone::{Removal, finish_tombstone};
pub(crate) use unique::UniqueValue;
pub(crate) use verdict::is_tombstone;
pub(crate) use versions::Versions;
pub(crate) use write::{Refused, VersionedWrite};
pub(crate) use written::{ManyOperation, entries_of_many};
