//! Version-checked, audited and typed writes for MongoDB: a derive macro, and a thin layer over the
//! official `mongodb` driver.
//!
//! - **Version-checked.** A write matches the very state that it was based on. Of two writers based
//!   on one state one succeeds; the other gets [`Error::Conflict`], with the current document.
//! - **Audited.** Every version of a document has one entry: who changed what, from what, to what. By
//!   default the command that writes the document writes the entry into it, and a relay copies it to
//!   the audit log. A field may be redacted, or left out: then nothing shows its values.
//! - **Typed.** A field that does not exist, a value of the wrong type, a write that names no version
//!   or no actor does not compile.
//!
//! It needs no transactions, and promises the same on a standalone server, a replica set and a
//! sharded cluster. Where there are transactions, [`Monguard::transaction`] uses them.
//!
//! # Example
//!
//! ```no_run
//! use monguard::prelude::*;
//!
//! #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
//! #[serde(rename_all = "camelCase")]
//! #[monguard(collection = "orders")]
//! struct Order {
//!     #[monguard(idempotency_key)]
//!     checkout_id: String,
//!     status: String,
//!     amount: i64,
//!     #[monguard(nested)]
//!     fulfilment: Fulfilment,
//!     #[monguard(audit = "redact")]
//!     card_token: Option<String>,
//! }
//!
//! #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Nested)]
//! struct Fulfilment {
//!     tracking: Option<String>,
//! }
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = mongodb::Client::with_uri_str("mongodb://localhost:27017").await?;
//! let monguard = Monguard::builder(client.database("shop")).build().await?;
//! let orders = monguard.collection::<Order>();
//! orders.ensure_indexes().await?;
//!
//! // A writer is a collection in the hands of someone: no write without an actor.
//! let desk = orders.by("cs-001").trace("req-42");
//! let order = Order {
//!     checkout_id: "c-1".into(),
//!     status: "pending".into(),
//!     amount: 500,
//!     fulfilment: Fulfilment::default(),
//!     card_token: Some("tok_1".into()),
//! };
//! // A second create of this checkout finds the first.
//! let placed: Stored<Order> = desk.create(order).await?.into_stored();
//!
//! let packed = desk
//!     .update(&placed)
//!     .when(|o| o.status.eq("pending"))
//!     .set(|o| o.status, "packed")
//!     .set(|o| o.fulfilment.tracking, "T-1")
//!     .await?;
//! assert_eq!(packed.version(), 2);
//!
//! // `placed` is stale: `packed` came after.
//! match desk.update(&placed).inc(|o| o.amount, 5).await {
//!     Err(Error::Conflict(conflict)) => {
//!         let current: Stored<Order> = conflict.current()?;
//!         assert_eq!(current.status, "packed");
//!     }
//!     other => drop(other?),
//! }
//!
//! // Reads, applies, and starts over where another write comes first.
//! desk.modify(placed.id(), |order, update| update.inc(|o| o.amount, order.amount / 10))
//!     .await?;
//!
//! for entry in orders.history(placed.id()).await? {
//!     println!("{} by {:?} at {}", entry.action, entry.user, entry.timestamp);
//! }
//!
//! // At the end of the program: waits until all entries are in the log.
//! monguard.shutdown().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What there is
//!
//! | to | use |
//! | --- | --- |
//! | describe a model | [`Versioned`](derive@Versioned), [`Auditable`](derive@Auditable), [`Nested`](derive@Nested) |
//! | create, once for each request | [`Writer::create`], [`Created`] |
//! | create, or take what is there | [`Writer::get_or_create`], [`Writer::create_or_modify`] |
//! | write to a state that was read | [`Writer::update`], [`Writer::replace`] |
//! | hand that state to a client, and take it back | [`Revision`] |
//! | write to whatever is there | [`Writer::modify`], [`Writer::update_latest`] |
//! | write many documents | [`Writer::update_many`], [`Writer::delete_many`], [`Writer::restore_many`], [`Writer::create_many`], [`Writer::bulk`] |
//! | delete, and bring back | [`Writer::delete`], [`Writer::restore`], [`Writer::hard_delete`]; by id, [`delete_latest`](Writer::delete_latest), [`restore_latest`](Writer::restore_latest) |
//! | write to what is deleted, or read it | `including_deleted` of [updates](Update#method.including_deleted) and [reads](Query::including_deleted) |
//! | say which documents | [`Filter`], [`filter!`] |
//! | say what no method says, in MongoDB's own words | [`Filter::document`], [`filter_document`](Query::filter_document), [`when_document`](Update::when_document), [`update_document`](Update::update_document); unchecked, [`driver_unchecked`](Collection::driver_unchecked) |
//! | reach into lists and maps | [`index`](Field::index), [`key`](Field::key), [`all`](Field::all), [`first_match`](Field::first_match) |
//! | see what changed, and repeat it | [`Stored::changes_since`], [`Update::apply`], [`Collection::history`] |
//! | read | [`Collection::find`], [`find_one`](Collection::find_one), [`find_by_id`](Collection::find_by_id), [`find_by_ids`](Collection::find_by_ids), [`count`](Collection::count), [`exists`](Collection::exists), [`distinct`](Collection::distinct), [`distinct_items`](Collection::distinct_items), [`aggregate`](Collection::aggregate) |
//! | read some fields | [`select`](Query::select), [`select_as`](Query::select_as), [`Projection`](derive@Projection) |
//! | read page by page | [`page`](Find::page), [`Page`], [`Cursor`] |
//! | test code that takes a [`Stored`] | [`Stored::builder`] |
//! | write to several documents, all or none | [`Monguard::transaction`], [`Writer::within`], [`Collection::within`] |
//! | choose how writes are audited | [`Audit`], [`Audit::choose`], [`OnAuditFailure`]; for one model, [`audit_of`](MonguardBuilder::audit_of) |
//! | see how the copying of carried entries stands, wait for it, end it | [`Monguard::relay_status`], [`Monguard::refused_entries`], [`Monguard::flush`], [`Monguard::shutdown`], [`RelayOptions`] |
//! | see to what a crash left | [`Collection::recover`] |
//! | make the indexes, or see what would be made | [`Collection::ensure_indexes`], [`Collection::index_plan`] |
//!
//! # Errors
//!
//! Every operation fails with [`Error`], an enum with a variant for each thing that a caller may
//! want to act on. Its texts name the model, the collection and the id, and never a document's
//! contents.
//!
//! | variant | what happened | what to do |
//! | --- | --- | --- |
//! | [`Conflict`](Error::Conflict) | another write came first | show the current document, or use [`Writer::modify`] |
//! | [`NotFound`](Error::NotFound), [`Deleted`](Error::Deleted) | there is no such document, or it is soft-deleted | answer 404; [restore](Writer::restore) it |
//! | [`ConditionFailed`](Error::ConditionFailed) | a `when` did not hold | look at the current document |
//! | [`DuplicateKey`](Error::DuplicateKey) | a unique index has the value | choose another one |
//! | [`IdempotencyMismatch`](Error::IdempotencyMismatch) | the key was used for another request | answer 422 |
//! | [`InvalidUpdate`](Error::InvalidUpdate) | refused before it was sent | correct the call |
//! | [`InvalidFilter`](Error::InvalidFilter) | a filter was refused before it was sent | correct the call |
//! | [`InvalidRead`](Error::InvalidRead) | a read refused before it was sent | correct the call |
//! | [`InvalidCursor`](Error::InvalidCursor) | the cursor is of another query, or none | answer 400; begin at the first page |
//! | [`InvalidRevision`](Error::InvalidRevision) | an entity tag is no revision of the model | answer 412 |
//! | [`Decode`](Error::Decode), [`ForeignVersion`](Error::ForeignVersion) | a stored document is not as the model says | migrate the document |
//! | [`AuditNotWritten`](Error::AuditNotWritten) | the write stands, its entry is missing or, of a hard delete, waits for the log | do not write again; after a hard delete, [`recover`](Collection::recover) |
//! | [`AuditBacklog`](Error::AuditBacklog) | too many entries wait for the audit log; nothing was written | try later; look why the log takes none |
//! | [`EntryRefused`](Error::EntryRefused) | the audit log refuses an entry, whenever it is asked | remove the index or validator that it names, and run [`recover`](Collection::recover) |
//! | [`RecoveryStopped`](Error::RecoveryStopped), [`InvalidRecoveryToken`](Error::InvalidRecoveryToken) | a recovery did not come to its end, or could not begin | go on with the token of its report; begin without one |
//! | [`Unsettled`](Error::Unsettled) | the outcome could not be found out | ask [`settle`](error::Unsettled::settle) later |
//! | [`DeadTransaction`](Error::DeadTransaction) | a command in a transaction failed and its closure went on, or its [`Tx`] was used after the end | pass errors on; keep no `Tx` |
//! | [`Exhausted`](Error::Exhausted) | each attempt met another writer | try later, or allow more attempts |
//! | [`MissingIndex`](Error::MissingIndex) | an index is not there | run [`ensure_indexes`](Collection::ensure_indexes) |
//! | [`IndexConflict`](Error::IndexConflict), [`IndexRefused`](Error::IndexRefused) | an index cannot be made | read the report; drop the index that is in the way, or mend the documents |
//! | [`AuditAtRisk`](Error::AuditAtRisk) | a collection would lose audit entries, or take no writes | its text says how to mend it |
//! | [`UnreadableEntry`](Error::UnreadableEntry) | the log holds what is no audit entry | look for a foreign writer |
//! | [`Unsupported`](Error::Unsupported) | it cannot be had | see its text |
//! | [`Abort`](Error::Abort) | the closure of a `modify` or a transaction ended it | – |
//! | [`Driver`](Error::Driver) | the driver or the server failed | retry if [`is_retryable`](Error::is_retryable) |
//!
//! # Features
//!
//! | feature | default | what it does |
//! | --- | --- | --- |
//! | `rustls-tls` | yes | TLS connections; the driver's feature of that name |
//! | `dns-resolver` | yes | `mongodb+srv://` connection strings; the driver's feature of that name |
//! | `chrono-0_4` | no | fields of `chrono::DateTime<Utc>` compare by order, take `current_date`, and `bson`'s helper stores them as dates |
//! | `time-0_3` | no | the same of `time::OffsetDateTime` |
//! | `jiff-0_2` | no | the same of `jiff::Timestamp` |
//! | `uuid-1` | no | fields of `uuid::Uuid` compare by order, and `bson`'s helper stores them as UUIDs |
//!
//! Without `bson`'s helper on the field, chrono and jiff write their times as texts: see
//! [what is read of serde](derive@Versioned#dates-and-ids-of-other-crates).
#![deny(missing_docs)]

// The derives name the crate, in tests of its own too.
#[cfg(test)]
extern crate self as monguard;

#[doc(hidden)]
pub mod __bench;
#[doc(hidden)]
pub mod __private;
mod action;
pub mod audit;
mod client;
mod document;
pub mod error;
pub mod field;
pub mod filter;
mod guard;
pub mod index;
mod page;
mod pipeline;
pub mod prelude;
pub mod read;
mod recovery;
mod relay;
mod select;
mod transaction;
pub mod update;
mod value;

pub use action::{
    ActionFuture, Aggregate, Bulk, BulkOutcome, BulkReport, Count, Create, CreateMany,
    CreateOrModify, Delete, Distinct, EnsureIndexes, Exists, FailedWrite, Find, FindByIds, FindOne,
    FindPage, Flush, GetOrCreate, HardDelete, History, Latest, LatestMany, ManyReport, Modify,
    OnLatest, OnMany, OnVersion, PlanIndexes, Query, Recover, Replace, Restore, Shutdown,
    StoredStream, Transaction,
};
pub use audit::{Audit, AuditEntry, Auditable, Change, Part, Sealed};
pub use client::{
    Actor, Capabilities, Collection, Monguard, MonguardBuilder, OnAuditFailure, Product, Retry,
    SettlingReads, Topology, Writer,
};
pub use document::{
    BasedOn, Counter, Created, DocumentId, Inline, Nested, Outcome, Revision, Stored,
    StoredBuilder, Token, UnknownFields, Version, VersionField, VersionKind, Versioned,
    WithMetadata,
};
pub use error::{Error, Result};
pub use field::{Field, FieldOf, Numeric, Ordered, ReadOnly, Text, Unknown};
pub use filter::{Filter, Sort};
pub use index::{ConflictingIndex, EnsuredIndexes, Hazard, IndexPlan, Indexable, StoredDate};
/// The id of the documents of a model without a field marked `id`.
#[doc(no_inline)]
pub use mongodb::bson::oid::ObjectId;
pub use monguard_derive::{Auditable, Nested, Projection, Versioned};
pub use page::{Cursor, Page};
pub use recovery::{Recovered, RecoveryToken, UnfinishedTombstone, UnreadableTrail};
pub use relay::{Flushed, RelayOptions, RelayStatus};
pub use select::Projection;
pub use transaction::Tx;
pub use update::{Draft, IntoDraft, Placement, Update};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
