//! Versions that are UUIDs, counters under other names, and counters that grow.

use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Bson, Document, Uuid, doc};
use monguard::prelude::*;
use monguard::{Token, Version};
use monguard_tests::fixture::TestDb;
use monguard_tests::models::Tally;
use tokio::task::JoinSet;

use super::setup::{collection, entries, only, raw};

/// Declares its token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "profiles", idempotency_key)]
struct Profile {
    #[monguard(version = "uuid")]
    row_version: Option<Uuid>,
    name: String,
    visits: i64,
}

/// Declares nothing of its token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "settings", version = "uuid", version_name = "etag")]
struct Settings {
    theme: String,
}

/// A counter under a name that no field declares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "counted", version_name = "rev_no")]
struct Counted {
    total: i64,
}

fn profile(name: &str) -> Profile {
    Profile {
        row_version: None,
        name: name.to_owned(),
        visits: 0,
    }
}

fn token_of(document: &Document, name: &str) -> Uuid {
    match document.get(name) {
        Some(Bson::Binary(binary)) if binary.subtype == BinarySubtype::Uuid => {
            binary.to_uuid().unwrap()
        }
        other => panic!("no token: {other:?} in {document}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_write_makes_another_token() {
    let db = TestDb::new().await;
    let profiles = collection::<Profile>(&db).await;
    let desk = profiles.by("desk");
    let created = desk.create(profile("Ada")).await.unwrap().into_stored();
    let mut seen = vec![token_of(&only(&db, "profiles").await, "rowVersion")];
    assert_eq!(created.row_version, Some(seen[0]));
    assert_eq!(created.version(), seen[0]);

    let updated = desk.update(&created).inc(|p| p.visits, 1).await.unwrap();
    let deleted = desk.delete(&updated).await.unwrap();
    let restored = desk.restore(&deleted).await.unwrap();
    let replaced = desk.replace(&restored, profile("Eve")).await.unwrap();
    for stored in [&updated, &deleted, &restored, &replaced] {
        let token = stored.version().get().unwrap();
        assert_eq!(stored.row_version, Some(token));
        assert!(!seen.contains(&token));
        seen.push(token);
    }
    assert_eq!(
        token_of(&only(&db, "profiles").await, "rowVersion"),
        seen[4]
    );
    let found = profiles.find_one(|p| p.row_version.eq(Some(seen[4]))).await;
    assert_eq!(found.unwrap().unwrap().name, "Eve");
    // What changes nothing keeps the token.
    let same = desk.update(&replaced).set(|p| p.name, "Eve").await.unwrap();
    assert_eq!(same.version(), replaced.version());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_of_tokens_is_linked_and_in_order() {
    let db = TestDb::new().await;
    let settings = collection::<Settings>(&db).await;
    let desk = settings.by("desk");
    let theme = "light".to_owned();
    let mut stored = desk.create(Settings { theme }).await.unwrap().into_stored();
    let mut made = vec![stored.version().get().unwrap()];
    for n in 0..20 {
        stored = desk
            .update(&stored)
            .set(|s| s.theme, n.to_string())
            .await
            .unwrap();
        made.push(stored.version().get().unwrap());
    }
    desk.hard_delete(&stored).await.unwrap();
    let history = settings.history(stored.id()).await.unwrap();
    let versions: Vec<Version> = history.iter().filter_map(|entry| entry.version).collect();
    let expected: Vec<_> = made.iter().copied().map(Version::Token).collect();
    assert_eq!(versions[..21], expected);
    assert_eq!(history.len(), 22);
    for (before, after) in history.iter().zip(&history[1..]) {
        assert_eq!(after.from, before.version);
        assert!(after.is_linked() && before.timestamp < after.timestamp);
    }
    let metadata = entries(&db).await[1]
        .get_document("metadata")
        .unwrap()
        .clone();
    assert_eq!(token_of(&metadata, "version"), made[1]);
    assert_eq!(token_of(&metadata, "from"), made[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_writers_with_one_token_one_wins() {
    let db = TestDb::new().await;
    let profiles = collection::<Profile>(&db).await;
    let created = profiles.by("desk").create(profile("Ada")).await.unwrap();
    let mut writers = JoinSet::new();
    for n in 0..10 {
        let (desk, created) = (profiles.by(n), created.clone());
        writers.spawn(async move { desk.update(&created).inc(|p| p.visits, 1).await });
    }
    let (won, lost): (Vec<_>, Vec<_>) = writers
        .join_all()
        .await
        .into_iter()
        .partition(Result::is_ok);
    assert_eq!((won.len(), lost.len()), (1, 9));
    let current = won[0].as_ref().unwrap().version();
    for result in lost {
        let Err(Error::Conflict(conflict)) = result else {
            panic!("{result:?}")
        };
        assert_eq!(
            Some(conflict.expected_version()),
            created.version().get().map(Version::Token)
        );
        assert_eq!(conflict.current_version(), current.get().unwrap());
        let text = conflict.to_string();
        assert!(
            text.contains(&format!("version is {current}, expected ")),
            "{text}"
        );
    }
    // Retried, every one of them lands.
    let mut retries = JoinSet::new();
    for n in 0..9 {
        let (desk, id) = (profiles.by(n), created.id());
        retries.spawn(async move {
            desk.modify(id, |_, update| update.inc(|p| p.visits, 1))
                .await
        });
    }
    retries
        .join_all()
        .await
        .into_iter()
        .for_each(|done| drop(done.unwrap()));
    assert_eq!(only(&db, "profiles").await.get_i64("visits").unwrap(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_without_a_token_gets_one_with_its_first_write() {
    let db = TestDb::new().await;
    let profiles = collection::<Profile>(&db).await;
    let legacy = doc! { "name": "Ada", "visits": 1_i64 };
    raw(&db, "profiles").insert_one(legacy).await.unwrap();
    let found = profiles
        .find_one(|p| p.name.eq("Ada"))
        .await
        .unwrap()
        .unwrap();
    assert!(found.version().is_absent() && found.row_version.is_none());
    let desk = profiles.by("desk");
    let updated = desk.update(&found).inc(|p| p.visits, 1).await.unwrap();
    assert!(!updated.version().is_absent());
    let stale = desk.update(&found).inc(|p| p.visits, 1).await;
    let Err(Error::Conflict(conflict)) = stale else {
        panic!("{stale:?}")
    };
    assert!(conflict.expected_version().is_absent());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_token_is_foreign_and_stays() {
    let db = TestDb::new().await;
    let settings = collection::<Settings>(&db).await;
    let uuid = Uuid::new();
    for (foreign, kind) in [
        (Bson::Int32(3), "a 32-bit integer"),
        (Bson::String(uuid.to_string()), "a string"),
        (Bson::Null, "null"),
    ] {
        let documents = raw(&db, "settings");
        let document = doc! { "theme": "dark", "etag": foreign };
        let inserted = documents.insert_one(document.clone()).await.unwrap();
        let id = inserted.inserted_id.as_object_id().unwrap();
        let error = settings.find_by_id(id).await.unwrap_err();
        let Error::ForeignVersion(error) = error else {
            panic!("{error:?}")
        };
        assert_eq!(error.found(), kind);
        let text = error.to_string();
        let expected = format!("`etag` holds {kind}, expected a UUID (binary, subtype 4)");
        assert!(text.ends_with(&expected), "{text}");
        let desk = settings.by("desk");
        let token = Revision::<Settings>::from_version(id, uuid);
        let refused = desk.update(token).set(|s| s.theme, "light").await;
        assert!(
            matches!(refused, Err(Error::ForeignVersion(_))),
            "{refused:?}"
        );
        let refused = desk.update_latest(id).set(|s| s.theme, "light").await;
        assert!(
            matches!(refused, Err(Error::ForeignVersion(_))),
            "{refused:?}"
        );
        let left = documents
            .find_one(doc! { "_id": id })
            .await
            .unwrap()
            .unwrap();
        assert_eq!(left.get("etag"), document.get("etag"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_with_a_key_finds_the_token_of_the_first() {
    let db = TestDb::new().await;
    let desk = collection::<Profile>(&db).await.by("desk");
    let create = || desk.create(profile("Ada")).idempotency_key("r-1");
    let first = create().await.unwrap();
    let second = create().await.unwrap();
    assert!(first.is_new() && !second.is_new() && second.was_compared());
    assert_eq!(first.version(), second.version());
    let other = desk.create(profile("Eve")).idempotency_key("r-1").await;
    assert!(
        matches!(other, Err(Error::IdempotencyMismatch(_))),
        "{other:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_shown_as_a_uuid() {
    let stored = Stored::from_parts(
        mongodb::bson::oid::ObjectId::new(),
        Token::from(Uuid::from_bytes([7; 16])),
        Settings {
            theme: "dark".to_owned(),
        },
    );
    let shown = serde_json::to_value(stored.unwrap().with_metadata()).unwrap();
    assert_eq!(shown["version"], "07070707-0707-0707-0707-070707070707");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_has_the_name_that_the_model_gives_it() {
    let db = TestDb::new().await;
    let desk = collection::<Counted>(&db).await.by("desk");
    let created = desk.create(Counted { total: 1 }).await.unwrap();
    let updated = desk.update(&created).inc(|c| c.total, 1).await.unwrap();
    assert_eq!(updated.version(), 2);
    let stored = only(&db, "counted").await;
    assert_eq!(stored.get("rev_no"), Some(&Bson::Int32(2)));
    assert!(!stored.contains_key("__v"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_grows_to_int64_and_is_read_from_each_integer() {
    let db = TestDb::new().await;
    let desk = collection::<Tally>(&db).await.by("desk");
    let tallies = raw(&db, "tallies");
    for (stored, next) in [
        (Bson::Int32(i32::MAX - 1), Bson::Int32(i32::MAX)),
        (Bson::Int32(i32::MAX), Bson::Int64(1 << 31)),
        (Bson::Int64(1 << 31), Bson::Int64((1 << 31) + 1)),
        (Bson::Double(4_294_967_296.0), Bson::Int64((1 << 32) + 1)),
        (Bson::Int64(7), Bson::Int32(8)),
    ] {
        let document = doc! { "total": 1_i64, "__v": stored };
        let inserted = tallies.insert_one(document).await.unwrap();
        let id = inserted.inserted_id.as_object_id().unwrap();
        desk.update_latest(id).inc(|t| t.total, 1).await.unwrap();
        let found = tallies.find_one(doc! { "_id": id }).await.unwrap().unwrap();
        assert_eq!(found.get("__v"), Some(&next));
    }
    let last = doc! { "total": 1_i64, "__v": i64::MAX };
    let inserted = tallies.insert_one(last).await.unwrap();
    let id = inserted.inserted_id.as_object_id().unwrap();
    let used_up = desk.update_latest(id).inc(|t| t.total, 1).await;
    let Err(Error::InvalidUpdate(error)) = used_up else {
        panic!("{used_up:?}")
    };
    assert_eq!(error.path(), "__v");
}
