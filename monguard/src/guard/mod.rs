//! What is promised of every write: what it is based on, its version, its stamps, and that its
//! outcome is known.

mod base;
mod carry;
mod create;
mod idempotency;
mod intent;
mod landing;
mod mismatch;
mod patience;
mod route;
#[cfg(test)]
mod samples;
mod settle;
mod tombstone;
mod unique;
mod verdict;
mod versions;
mod write;

pub(crate) use base::{Base, State, exactly};
pub(crate) use carry::{bring_all, carrier, kept_entries, log_entry, make_room};
pub(crate) use create::{CreateWrite, Creation, KnownBy};
pub(crate) use idempotency::IdempotencyKey;
pub(crate) use intent::{CONDITION, Intent, Kind, filter, moment};
pub(crate) use landing::{Landed, Proof};
pub(crate) use mismatch::mismatch;
pub(crate) use patience::Patience;
pub(crate) use route::Route;
pub(crate) use settle::Settle;
pub(crate) use tombstone::{Removal, finish_tombstone};
pub(crate) use unique::UniqueValue;
pub(crate) use verdict::is_tombstone;
pub(crate) use versions::Versions;
pub(crate) use write::{VersionedWrite, to_the_end};
