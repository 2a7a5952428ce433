//! Everything public can be sent and shared between threads, and every action can be spawned.
//! Compiling is the test.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use mongodb::bson::oid::ObjectId;
use monguard::audit::{
    Action, Delta, EntryChange, Environment, PathChange, RawEntry, ReplayError, UnreadableEntry,
};
use monguard::error::{
    AuditAtRisk, AuditBacklog, AuditNotWritten, ConditionFailed, Conflict, DeadTransaction, Decode,
    Deleted, DriverError, DuplicateKey, EntryRefused, Exhausted, ForeignVersion,
    IdempotencyMismatch, IndexConflict, IndexRefused, InvalidCursor, InvalidRead, InvalidReason,
    InvalidRecoveryToken, InvalidRevision, InvalidUpdate, MissingIndex, NotFound, RecoveryStopped,
    Settled, Subject, Unsettled,
};
use monguard::field::{Keyed, NestedList, NestedMap, Positional, Undivided};
use monguard::prelude::*;
use monguard::read::{ResultStream, Selected};
use monguard::update::Placement;
use monguard::{
    ActionFuture, Actor, Aggregate, AuditEntry, BasedOn, Bulk, BulkOutcome, BulkReport,
    Capabilities, ConflictingIndex, Count, Counter, Create, CreateMany, CreateOrModify, Cursor,
    Delete, Distinct, EnsureIndexes, EnsuredIndexes, Exists, FailedWrite, Field, Find, FindByIds,
    FindOne, FindPage, Flush, Flushed, GetOrCreate, HardDelete, Hazard, History, IndexPlan, Latest,
    LatestMany, ManyReport, Modify, MonguardBuilder, OnAuditFailure, OnLatest, OnMany, OnVersion,
    Page, PlanIndexes, Product, ReadOnly, Recover, Recovered, RecoveryToken, RelayOptions,
    RelayStatus, Replace, Restore, Retry, Sealed, SettlingReads, Shutdown, Sort, StoredBuilder,
    StoredStream, Token, Topology, Transaction, Tx, Version, WithMetadata,
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
#[monguard(collection = "orders")]
struct Order {
    amount: i64,
    #[monguard(nested)]
    lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
struct Line {
    name: String,
}

fn shared<T: Send + Sync + 'static>() {}
fn sent<T: Send>() {}
fn unpinned<T: Unpin>() {}

#[test]
fn handles_values_and_entries_are_send_and_sync() {
    shared::<Monguard>();
    shared::<MonguardBuilder>();
    shared::<Capabilities>();
    shared::<Topology>();
    shared::<Product>();
    shared::<SettlingReads>();
    shared::<Environment>();
    shared::<Hazard>();
    shared::<Retry>();
    shared::<OnAuditFailure>();
    shared::<Actor>();
    shared::<Collection<Order>>();
    shared::<Writer<Order>>();
    shared::<Stored<Order>>();
    shared::<WithMetadata<'static, Order>>();
    shared::<Created<Order>>();
    shared::<Revision<Order>>();
    shared::<Outcome>();
    shared::<Version>();
    shared::<Counter>();
    shared::<Token>();
    shared::<Filter<Order>>();
    shared::<Sort<Order>>();
    shared::<Cursor>();
    shared::<Page<Stored<Order>>>();
    shared::<StoredBuilder<Order>>();
    shared::<InvalidRead>();
    shared::<InvalidCursor>();
    shared::<Update<Order>>();
    shared::<ManyReport>();
    shared::<FailedWrite>();
    shared::<BulkReport<Order>>();
    shared::<BulkOutcome<Order>>();
    shared::<OrderFields>();
    shared::<Field<Order, i64>>();
    shared::<Field<Order, i64, Keyed>>();
    shared::<Field<Order, i64, Positional>>();
    shared::<Field<Order, i64, Undivided>>();
    shared::<NestedList<Order, Vec<Line>, Line>>();
    shared::<NestedMap<Order, BTreeMap<String, Line>, Line>>();
    shared::<Placement<Line, LineFields<Line, Line, Keyed>>>();
    shared::<ReadOnly<Order, i64>>();
    shared::<OrderChange>();
    shared::<Change<i64>>();
    shared::<Sealed<String>>();
    shared::<Part<usize, Line>>();
    shared::<Audit>();
    shared::<AuditEntry<Order>>();
    shared::<RawEntry>();
    shared::<EntryChange>();
    shared::<Action>();
    shared::<Delta>();
    shared::<PathChange>();
    shared::<EnsuredIndexes>();
    shared::<IndexPlan>();
    shared::<ConflictingIndex>();
}

#[test]
fn what_carries_entries_to_the_log_is_send_and_sync() {
    shared::<RelayOptions>();
    shared::<RelayStatus>();
    shared::<Flushed>();
    shared::<Recovered>();
    shared::<RecoveryToken>();
    shared::<Tx>();
}

#[test]
fn errors_are_send_and_sync() {
    shared::<Error>();
    shared::<Subject>();
    shared::<Conflict>();
    shared::<InvalidRevision>();
    shared::<NotFound>();
    shared::<Deleted>();
    shared::<ConditionFailed>();
    shared::<DuplicateKey>();
    shared::<IdempotencyMismatch>();
    shared::<InvalidUpdate>();
    shared::<InvalidReason>();
    shared::<Decode>();
    shared::<ForeignVersion>();
    shared::<AuditNotWritten>();
    shared::<Unsettled>();
    shared::<Settled>();
    shared::<Exhausted>();
    shared::<DeadTransaction>();
    shared::<MissingIndex>();
    shared::<IndexConflict>();
    shared::<IndexRefused>();
    shared::<AuditAtRisk>();
    shared::<DriverError>();
    shared::<AuditBacklog>();
    shared::<EntryRefused>();
    shared::<RecoveryStopped>();
    shared::<InvalidRecoveryToken>();
    shared::<UnreadableEntry>();
    shared::<ReplayError>();
}

#[test]
fn actions_can_be_sent() {
    sent::<Create<'static, Order>>();
    sent::<Update<Order, OnVersion<'static, Order>>>();
    sent::<Update<Order, OnLatest<'static, Order>>>();
    sent::<Update<Order, OnMany<'static, Order>>>();
    sent::<LatestMany<'static, Order>>();
    sent::<CreateMany<'static, Order>>();
    sent::<Bulk<'static, Order>>();
    sent::<Modify<'static, Order>>();
    sent::<Replace<'static, Order>>();
    sent::<Delete<'static, Order>>();
    sent::<Restore<'static, Order>>();
    sent::<HardDelete<'static, Order>>();
    sent::<Find<'static, Order>>();
    sent::<FindOne<'static, Order>>();
    sent::<Count<'static, Order>>();
    sent::<Exists<'static, Order>>();
    sent::<FindPage<'static, Order>>();
    sent::<FindByIds<'static, Order>>();
    sent::<Distinct<'static, Order, i64>>();
    sent::<Aggregate<'static, Order>>();
    sent::<Find<'static, Order, Selected<Order, i64>>>();
    sent::<History<'static, Order>>();
    sent::<Recover<'static, Order>>();
    sent::<Flush<'static>>();
    sent::<Shutdown<'static>>();
    sent::<EnsureIndexes<'static, Order>>();
    sent::<PlanIndexes<'static, Order>>();
    sent::<GetOrCreate<'static, Order>>();
    sent::<CreateOrModify<'static, Order>>();
    sent::<Latest<'static, Order>>();
    sent::<Transaction<'static, i64>>();
    sent::<ActionFuture<'static, monguard::Result<Stored<Order>>>>();
    sent::<StoredStream<Order>>();
    unpinned::<StoredStream<Order>>();
    sent::<StoredStream<Order, Selected<Order, i64>>>();
    sent::<ResultStream<Order>>();
    unpinned::<ResultStream<Order>>();
    unpinned::<ActionFuture<'static, ()>>();
}

async fn writes(desk: &Writer<Order>, order: Order) -> monguard::Result<()> {
    let created = desk.create(order.clone()).await?.into_stored();
    let updated = desk
        .update(&created)
        .when(|o| o.amount.gt(1))
        .set(|o| o.amount, 1)
        .await?;
    let updated = desk
        .update_latest(updated.id())
        .inc(|o| o.amount, 1)
        .set(|o| o.lines.first_match(|line| line.name.eq("a")).name, "b")
        .pull_matching(|o| o.lines, |line| line.name.eq("c"))
        .await?;
    let mut closures = 0;
    let modified = desk
        .modify(updated.id(), |order, update| {
            closures += 1;
            update.set(|o| o.amount, order.amount)
        })
        .await?;
    let replaced = desk.replace(&modified, order).await?;
    let deleted = desk.delete(&replaced).await?;
    let restored = desk.restore(deleted.revision()).await?;
    desk.delete_latest(restored.id()).await?;
    let restored = desk.restore_latest(restored.id()).await?;
    desk.hard_delete(&restored).await?;
    desk.get_or_create(|o| o.id, restored.into_inner()).await?;
    Ok(())
}

async fn reads(orders: &Collection<Order>, id: ObjectId) -> monguard::Result<()> {
    orders.ensure_indexes().await?;
    orders.index_plan().await?;
    orders.find_by_id(id).await?;
    orders.find(|o| o.amount.gt(1)).await?;
    orders.find_one(|o| o.amount.gt(1)).await?;
    let mut stream = orders.find_matching(Filter::all()).stream().await?;
    while stream.try_next().await?.is_some() {}
    orders.count(|o| o.amount.eq(1)).await?;
    orders.exists(|o| o.amount.eq(1)).await?;
    orders.find_by_ids([id]).await?;
    orders.find_by_ids([id]).select(|o| o.amount).each().await?;
    let all = || orders.find_matching(Filter::all());
    all().select(|o| (o.id, o.amount)).with_revision().await?;
    let page = all().sort(|o| o.amount.ascending()).page(5).await?;
    if let Some(next) = page.next {
        all().page(5).after(next).select(|o| o.amount).await?;
    }
    orders.distinct(|o| o.amount).await?;
    orders
        .aggregate::<Line>([])
        .filter(|o| o.amount.gt(1))
        .await?;
    let history = orders.history(id).await?;
    history
        .iter()
        .try_for_each(|entry| entry.changed(|o| o.amount).map(drop))
}

/// A helper of an application's own, generic over what a write is based on.
async fn raise<B: BasedOn<Order> + Send>(desk: &Writer<Order>, base: B) -> monguard::Result<i64> {
    Ok(desk.update(base).inc(|o| o.amount, 1).await?.amount)
}

async fn end(monguard: &Monguard, orders: &Collection<Order>) -> monguard::Result<()> {
    let mut documents = 0;
    let recovered = orders
        .recover()
        .progress(|so_far| documents = so_far.documents);
    recovered.await?;
    monguard.flush().await?;
    monguard.shutdown().await.map(drop)
}

async fn settle(unsettled: Unsettled) -> monguard::Result<Settled> {
    unsettled.settle().await
}

/// Nothing is polled: there is no server here.
#[tokio::test]
async fn actions_that_borrow_their_writer_can_be_spawned() {
    async fn never() -> Option<(
        Writer<Order>,
        Order,
        Stored<Order>,
        Unsettled,
        MonguardBuilder,
    )> {
        std::future::pending().await
    }
    let tasks: [tokio::task::JoinHandle<monguard::Result<()>>; 4] = [
        tokio::spawn(async {
            if let Some((desk, order, ..)) = never().await {
                writes(&desk, order).await?;
            }
            Ok(())
        }),
        tokio::spawn(async {
            if let Some((desk, _, stored, ..)) = never().await {
                reads(desk.collection(), stored.id()).await?;
            }
            Ok(())
        }),
        tokio::spawn(async {
            if let Some((desk, _, stored, ..)) = never().await {
                raise(&desk, &stored).await?;
                raise(&desk, Revision::from_version(stored.id(), 1)).await?;
            }
            Ok(())
        }),
        tokio::spawn(async {
            if let Some((_, _, _, unsettled, builder)) = never().await {
                let monguard = builder.build().await?;
                end(&monguard, &monguard.collection()).await?;
                settle(unsettled).await?;
            }
            Ok(())
        }),
    ];
    tasks.iter().for_each(tokio::task::JoinHandle::abort);
}
