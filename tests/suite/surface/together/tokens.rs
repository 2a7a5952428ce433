//! Tokens, with soft deletion, unique values and requests that race.

use mongodb::bson::{DateTime, Uuid, doc};
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};
use monguard_tests::proxy::Command;
use tokio::task::JoinSet;

use super::{collection, entries, raw};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "seats")]
struct Seat {
    #[monguard(version = "uuid")]
    #[serde(skip_serializing_if = "Option::is_none")]
    row_version: Option<Uuid>,
    #[monguard(index(unique = "live"))]
    place: String,
    taken: i64,
}

fn seat(place: &str) -> Seat {
    Seat {
        row_version: None,
        place: place.to_owned(),
        taken: 1,
    }
}

fn at_of(seat: &Stored<Seat>, name: &str) -> i64 {
    let at = seat.document().get_datetime(name).unwrap();
    at.timestamp_millis()
}

/// No operation is in the log twice, and no document has two entries of one version.
fn assert_audited_once(entries: &[mongodb::bson::Document], count: usize) {
    assert_eq!(entries.len(), count, "{entries:#?}");
    let versions: std::collections::BTreeSet<String> = entries
        .iter()
        .map(|entry| {
            let metadata = entry.get_document("metadata").unwrap();
            let reference = entry.get_document("ref").unwrap();
            format!(
                "{} {}",
                reference.get("id").unwrap(),
                metadata.get("version").unwrap()
            )
        })
        .collect();
    assert_eq!(versions.len(), count);
}

#[tokio::test(flavor = "multi_thread")]
async fn deletions_in_one_millisecond_move_on_and_stay_linked() {
    const HOUR: i64 = 60 * 60 * 1000;
    let db = TestDb::new().await;
    let seats = collection::<Seat>(&db).await;
    let desk = seats.by("desk");
    let at = DateTime::now().timestamp_millis() + HOUR;
    let taken: Vec<_> = (0..5)
        .map(|n| doc! { "place": "1A", "taken": 0_i64, "deletedAt": DateTime::from_millis(at + 1 + n) })
        .collect();
    raw(&db, "seats").insert_many(taken).await.unwrap();
    let id = desk.create(seat("1A")).await.unwrap().id();
    let ahead = doc! { "$set": { "updatedAt": DateTime::from_millis(at) } };
    raw(&db, "seats")
        .update_one(doc! { "_id": id }, ahead)
        .await
        .unwrap();
    let base = seats.find_by_id(id).await.unwrap().unwrap();
    let deleted = desk.delete(&base).await.unwrap();
    let moment = at_of(&deleted, "deletedAt");
    assert_eq!(moment, at + 6);
    let etag = deleted.revision().to_etag();
    let meant = Revision::from_etag(&etag).unwrap();
    let updated = desk.update(&meant).including_deleted().inc(|s| s.taken, 1);
    let updated = updated.await.unwrap();
    assert!(updated.is_deleted() && updated.row_version.is_some());
    assert!(at_of(&updated, "updatedAt") > moment);
    let stale = desk
        .update(&meant)
        .including_deleted()
        .inc(|s| s.taken, 1)
        .await;
    assert!(stale.unwrap_err().is_conflict());
    let changes = updated.changes_since(&deleted).unwrap();
    let again = desk.update_latest(id).including_deleted().apply(changes);
    assert!(matches!(again.await.unwrap().outcome(), Outcome::Unchanged));
    desk.restore_latest(id).await.unwrap();
    let history = seats.history(id).await.unwrap();
    assert_eq!(history.len(), 4);
    // The first link is to what was changed by other means.
    assert!(history[2..].iter().all(monguard::AuditEntry::is_linked));
    assert_audited_once(&entries(&db).await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn creates_changes_and_deletions_that_race_have_one_effect_each() {
    const TASKS: i64 = 24;
    let db = TestDb::new().await;
    let seats = collection::<Seat>(&db).await;
    let desk = seats.by("desk");
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        let desk = desk.clone();
        tasks.spawn(async move {
            let create = desk.create_or_modify(
                |s| s.place,
                seat("1A"),
                |_, update| update.inc(|s| s.taken, 1),
            );
            create.retry(monguard::Retry::default().attempts(100)).await
        });
    }
    let made = tasks.join_all().await;
    let made: Vec<_> = made.into_iter().map(Result::unwrap).collect();
    assert_eq!(made.iter().filter(|made| made.is_new()).count(), 1);
    let id = made[0].id();
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let desk = desk.clone();
        tasks.spawn(async move { desk.delete_latest(id).await });
    }
    let deleted = tasks.join_all().await;
    let deleted = deleted.into_iter().map(Result::unwrap);
    let written = deleted.filter(|seat| !matches!(seat.outcome(), Outcome::Unchanged));
    assert_eq!(written.count(), 1);
    assert_audited_once(&entries(&db).await, 25);
    let history = seats.history(id).await.unwrap();
    assert!(history.iter().all(monguard::AuditEntry::is_linked));
}

/// A guard behind a proxy, and the proxy.
async fn behind<T: Auditable>(
    db: &TestDb,
) -> (
    monguard_tests::proxy::Proxy,
    Writer<T>,
    monguard_tests::fixture::TestClient,
) {
    collection::<T>(db).await;
    let proxy = db.proxy().await;
    let connect = db.connect().retry_writes(false).retry_reads(false);
    let client = connect.through(&proxy).open().await;
    let guard = after_write(client.database().clone())
        .build()
        .await
        .unwrap();
    let desk = guard.collection::<T>().by("desk");
    (proxy, desk, client)
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_of_writes_by_id_and_by_value_have_one_effect() {
    let db = TestDb::new().await;
    let (proxy, desk, _client) = behind::<Seat>(&db).await;
    let lose = || proxy.on(Command::named("findAndModify").on_collection("seats"));
    lose().cut_after();
    let made = desk.create_or_modify(
        |s| s.place,
        seat("1A"),
        |_, update| update.inc(|s| s.taken, 1),
    );
    let made = made.await.unwrap();
    assert!(made.is_new());
    lose().cut_after();
    let modified = desk.create_or_modify(
        |s| s.place,
        seat("1A"),
        |_, update| update.inc(|s| s.taken, 1),
    );
    let modified = modified.await.unwrap();
    assert_eq!((modified.is_new(), modified.taken), (false, 2));
    lose().cut_after();
    let deleted = desk.delete_latest(made.id()).await.unwrap();
    assert!(deleted.is_deleted());
    lose().cut_before();
    let restored = desk.restore_latest(made.id()).await.unwrap();
    assert!(!restored.is_deleted());
    lose().cut_after();
    let meant = desk.update_latest(made.id()).including_deleted();
    assert_eq!(meant.inc(|s| s.taken, 1).await.unwrap().taken, 3);
    lose().cut_before();
    let other = desk.get_or_create(|s| s.place, seat("1B")).await.unwrap();
    assert!(other.is_new());
    assert_audited_once(&entries(&db).await, 6);
    assert_eq!(raw(&db, "seats").count_documents(doc! {}).await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_that_nobody_waits_for_have_their_entries() {
    let db = TestDb::new().await;
    let (proxy, desk, _client) = behind::<Seat>(&db).await;
    let data = || Command::named("findAndModify").on_collection("seats");
    let log = || Command::named("insert").on_collection("audit_logs");
    let id = desk.create(seat("1A")).await.unwrap().id();
    for round in 0..4 {
        let gate = proxy.on(data()).hold_reply();
        let writer = desk.clone();
        let write = tokio::spawn(async move {
            match round {
                0 => drop(writer.delete_latest(id).await),
                1 => drop(writer.restore_latest(id).await),
                2 => drop(
                    writer
                        .create_or_modify(
                            |s| s.place,
                            seat("1A"),
                            |_, update| update.inc(|s| s.taken, 1),
                        )
                        .await,
                ),
                _ => drop(writer.get_or_create(|s| s.place, seat("1B")).await),
            }
        });
        gate.reached(1).await;
        write.abort();
        assert!(write.await.is_err_and(|error| error.is_cancelled()));
        let entry = proxy.on(log()).hold_reply();
        gate.release();
        entry.reached(1).await;
        entry.release();
    }
    assert_audited_once(&entries(&db).await, 5);
}
