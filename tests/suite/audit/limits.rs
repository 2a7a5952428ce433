//! Documents and entries at the limits of the server, where documents carry entries.

use std::time::Duration;

use mongodb::Database;
use mongodb::bson::{Bson, doc};
use monguard::audit::EntryChange;
use monguard::error::InvalidReason;
use monguard::prelude::*;
use monguard::{Audit, AuditEntry, MonguardBuilder, RelayOptions};
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Profile, Tally};
use monguard_tests::proxy::Command;

use super::stage::{carried, log, stored};

const LIMIT: usize = 16 * 1024 * 1024;
const MIB: usize = 1024 * 1024;

fn text(letter: char, length: usize) -> String {
    std::iter::repeat_n(letter, length).collect()
}

fn nested(levels: usize) -> Bson {
    (0..levels).fold(Bson::Int32(1), |inside, _| {
        Bson::Document(doc! { "a": inside })
    })
}

fn reason<R: std::fmt::Debug>(result: monguard::Result<R>) -> InvalidReason {
    match result {
        Err(Error::InvalidUpdate(error)) => error.reason().clone(),
        other => panic!("not refused: {:.200}", format!("{other:?}")),
    }
}

/// A guard through the proxy.
async fn through(db: &TestDb, proxy: &monguard_tests::proxy::Proxy) -> Monguard {
    let client = db.through(proxy).await;
    let builder = patient(client.database().clone(), Audit::carried());
    builder.build().await.unwrap()
}

/// Writes of many megabytes take seconds where the disk is busy, and how long they take is not what
/// these tests are about.
fn patient(database: Database, audit: Audit) -> MonguardBuilder {
    let minute = Duration::from_secs(60);
    Monguard::builder(database)
        .audit(audit)
        .time_limit(minute)
        .relay(RelayOptions::default().backpressure(minute))
}

async fn guard(db: &TestDb, audit: Audit) -> Monguard {
    let builder = patient(db.database().clone(), audit);
    builder.build().await.unwrap()
}

fn log_inserts() -> Command {
    Command::named("insert").on_collection("audit_logs")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_fits_only_without_its_entry_is_refused_before_it_is_sent() {
    let db = TestDb::new().await;
    let writer = guard(&db, Audit::carried()).await;
    let profiles = writer.collection::<Profile>();
    let desk = profiles.by("desk");
    let small = desk.create(Profile::named("")).await.unwrap();
    let room = LIMIT - small.document().as_bytes().len();
    desk.hard_delete(&small).await.unwrap();
    let before = log(&db).await.len();

    db.commands().clear();
    let one_more = desk.create(Profile::named(&text('x', room + 1))).await;
    assert!(matches!(
        reason(one_more),
        InvalidReason::TooLarge(_, LIMIT)
    ));
    assert!(db.commands().all().is_empty());

    let largest = desk.create(Profile::named(&text('x', room))).await.unwrap();
    let smaller = desk
        .update(&largest)
        .set(|p| p.name, "small")
        .await
        .unwrap();
    writer.flush().await.unwrap();
    assert_eq!(log(&db).await.len(), before + 2);
    let history = profiles.history(smaller.id()).await.unwrap();
    assert!(
        history[0].image_omitted,
        "the log has no room for the image"
    );
    // Neither the document nor the log has room for the old value.
    let EntryChange::Delta(delta) = &history[1].change else {
        panic!("no delta")
    };
    assert!(history[1].image_omitted);
    assert_eq!(delta.get("name").unwrap().new, Some("small".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_document_carries_goes_to_the_log_first_where_there_is_no_room_for_both() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let held = proxy.on(log_inserts()).always().cut_before();
    let blocked = through(&db, &proxy).await;
    let desk = blocked.collection::<Profile>().by("a");
    let first = desk
        .create(Profile::named(&text('a', 3 * MIB)))
        .await
        .unwrap()
        .into_stored();
    let second = desk
        .update(&first)
        .set(|p| p.name, text('b', 3 * MIB))
        .await
        .unwrap();
    assert_eq!(carried(&db, "profiles", first.id()).await.len(), 2);

    // The log takes nothing, and the document cannot carry a third.
    let before = stored(&db, "profiles", first.id()).await;
    let refused = desk
        .update(&second)
        .set(|p| p.name, text('c', 3 * MIB))
        .time_limit(Duration::from_secs(5))
        .await;
    assert!(
        matches!(refused, Err(Error::AuditBacklog(_))),
        "{:.300}",
        format!("{refused:?}")
    );
    assert!(
        before == stored(&db, "profiles", first.id()).await,
        "nothing was written"
    );

    // Another process, whose log takes them.
    let other = guard(&db, Audit::carried()).await;
    let profiles = other.collection::<Profile>();
    let third = profiles
        .by("b")
        .update(&second)
        .set(|p| p.name, text('c', 3 * MIB))
        .await
        .unwrap();
    let kept = carried(&db, "profiles", first.id()).await;
    assert_eq!(kept.len(), 1, "the others are in the log");
    let history = profiles.history(third.id()).await.unwrap();
    assert_eq!(history.len(), 3);
    assert!(
        history
            .iter()
            .all(|entry| entry.is_linked() && !entry.image_omitted)
    );
    let Some(Change { old, new }) = history[2].changed(|p| p.name).unwrap() else {
        panic!("not changed")
    };
    assert!(old.starts_with('b') && new.starts_with('c'));
    held.remove();
}

#[test]
fn a_document_as_deep_as_the_server_takes_carries_what_fits() {
    // Reading so deep a value takes more of the stack than a thread has, in a build for tests.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .worker_threads(2)
        .thread_stack_size(32 * MIB)
        .build();
    let runtime = runtime.unwrap();
    runtime.block_on(async { tokio::spawn(live_deeply()).await.unwrap() });
}

async fn live_deeply() {
    let db = TestDb::new().await;
    let one = guard(&db, Audit::carried()).await;
    let other = guard(&db, Audit::carried()).await;
    let profiles = one.collection::<Profile>();
    for levels in [94, 95, 96, 97, 98, 99] {
        let mut deep = Profile::named("n");
        deep.extra = nested(levels);
        let created = profiles.by("a").create(deep).await.unwrap().into_stored();
        // The creation's image has no room in the document once that is another one.
        let theirs = other.collection::<Profile>().by("b");
        let renamed = theirs.update(&created).set(|p| p.name, "m").await.unwrap();
        let flat = theirs
            .update(&renamed)
            .set(|p| p.extra, Bson::Int32(1))
            .await
            .unwrap();
        let back = theirs
            .update(&flat)
            .set(|p| p.extra, nested(levels))
            .await
            .unwrap();
        let history = profiles.history(created.id()).await.unwrap();
        assert_eq!(history.len(), 4, "{levels}");
        assert!(history.iter().all(AuditEntry::is_linked), "{levels}");
        assert_eq!(back.extra, nested(levels));
    }
    let mut deeper = Profile::named("n");
    deeper.extra = nested(100);
    let refused = profiles.by("a").create(deeper).await;
    assert!(matches!(reason(refused), InvalidReason::TooDeep(101, 100)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_entry_carries_of_the_caller_may_not_be_larger_than_document_or_log() {
    let db = TestDb::new().await;
    let writer = guard(&db, Audit::carried()).await;
    let tallies = writer.collection::<Tally>();
    let created = tallies
        .by("desk")
        .create(Tally::default())
        .await
        .unwrap()
        .into_stored();
    writer.flush().await.unwrap();
    let before = (stored(&db, "tallies", created.id()).await, log(&db).await);
    let long = text('x', LIMIT);
    let by_data = tallies.by("desk").custom_data(doc! { "long": &long });
    let by_trace = tallies.by("desk").trace(&long);
    for desk in [by_data, by_trace] {
        for refused in [
            desk.create(Tally::default()).await.map(drop),
            desk.update(&created).inc(|t| t.total, 1).await.map(drop),
            desk.delete(&created).await.map(drop),
            desk.hard_delete(&created).await.map(drop),
        ] {
            let reason = reason(refused);
            let is_size = matches!(
                reason,
                InvalidReason::EntryTooLarge(..) | InvalidReason::TooLarge(..)
            );
            assert!(is_size, "{reason:?}");
        }
    }
    writer.flush().await.unwrap();
    assert_eq!(
        before,
        (stored(&db, "tallies", created.id()).await, log(&db).await)
    );

    // As much as there is room for goes along.
    let much = tallies
        .by("desk")
        .custom_data(doc! { "much": text('y', 15 * MIB) });
    let updated = much.update(&created).inc(|t| t.total, 1).await.unwrap();
    let again = much.update(&updated).inc(|t| t.total, 1).await.unwrap();
    writer.flush().await.unwrap();
    let history = tallies.history(again.id()).await.unwrap();
    assert_eq!(history.len(), 3);
    assert!(history[1].custom_data.is_some() && history[2].custom_data.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mode_writes_a_document_that_has_no_room_for_the_image_that_it_owes() {
    let db = TestDb::new().await;
    let carrying = guard(&db, Audit::carried()).await;
    for audit in [Audit::after_write(), Audit::transactional()] {
        let builder = patient(db.database().clone(), audit);
        let Ok(other) = builder.build().await else {
            continue;
        };
        let profiles = other.collection::<Profile>();
        let large = Profile::named(&text('a', 9 * MIB));
        let author = carrying.collection::<Profile>().by("a");
        let created = author.create(large).await.unwrap().into_stored();
        let desk = profiles.by("b");
        let noted = desk
            .update(&created)
            .set(|p| p.extra, Bson::Int32(7))
            .await
            .unwrap();
        let history = profiles.history(created.id()).await.unwrap();
        assert_eq!(history.len(), 2);
        let is_whole = |entry: &AuditEntry<Profile>| entry.is_linked() && !entry.image_omitted;
        assert!(history.iter().all(is_whole));
        desk.hard_delete(&noted).await.unwrap();
        assert_eq!(profiles.history(created.id()).await.unwrap().len(), 3);
    }
}
