//! Stored documents that are not as the model says, with a secret where it does not belong.

use futures_util::StreamExt;
use mongodb::bson::{Document, doc};
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models_secret::{Account, text};
use monguard_tests::traces::Traces;

use super::{accounts, assert_database_hides, assert_traces_hide, damage, failed};

/// What is stored, where serde stumbles over it, and what it expects there.
fn damages() -> Vec<(Document, &'static str, &'static str)> {
    let doubled = format!("a, expected {}", text("x"));
    vec![
        (doc! { "rank": text("a") }, "rank", "i64"),
        (doc! { "ceiling": text("a") }, "ceiling", "u64"),
        (doc! { "ceiling": doubled.clone() }, "ceiling", "u64"),
        (doc! { "tier": text("a") }, "tier", "`Silver` or `Gold`"),
        (doc! { "tier": doubled }, "tier", "`Silver` or `Gold`"),
        (doc! { "cardToken": [text("a")] }, "cardToken", "a string"),
        (
            doc! { "cardToken": { "a": text("a") } },
            "cardToken",
            "a string",
        ),
        (doc! { "oldPin": [text("a")] }, "oldPin", "a string"),
        (doc! { "vault": text("a") }, "vault", "struct Vault"),
        (
            doc! { "vault": { "key": 1, "shelves": { text("a"): 1 } } },
            "vault",
            "a string",
        ),
        (
            doc! { "vault.shelves": { text("a"): text("b") } },
            "vault",
            "i64",
        ),
        (
            doc! { "tokens": { text("a"): text("b") } },
            "tokens",
            "a sequence",
        ),
    ]
}

/// The same for nested structs, in a list and in a map too.
fn nested_damages() -> Vec<(Document, &'static str, &'static str)> {
    vec![
        (doc! { "address": text("a") }, "address", "struct Address"),
        (
            doc! { "address.doorCode": [text("a")] },
            "address.doorCode",
            "a string",
        ),
        (
            doc! { "address.memo": [text("a")] },
            "address.memo",
            "a string",
        ),
        (doc! { "former": text("a") }, "former", "struct Address"),
        (doc! { "contacts": text("a") }, "contacts", "a sequence"),
        (
            doc! { "contacts": [text("a")] },
            "contacts[0]",
            "struct Address",
        ),
        (
            doc! { "byName": { "home": text("a") } },
            "byName.home",
            "struct Address",
        ),
        (
            doc! { "byName": { "home": { "street": "s", "safe": { "label": "l", "code": [text("a")] } } } },
            "byName.home.safe.code",
            "a string",
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_does_not_decode_shows_where_and_never_what() {
    let traces = Traces::record();
    let db = TestDb::new().await;
    // A write that has its document returned.
    let accounts = accounts(&db, Audit::after_write()).await;
    let desk = accounts.by("desk");
    let damages = damages().into_iter().chain(nested_damages());
    for (index, (set, path, expected)) in damages.enumerate() {
        let request = format!("r-{index}");
        let old = desk.create(Account::plain(&request)).await.unwrap();
        let old = old.into_stored();
        let id = old.id();
        let new = desk.update(&old).set(|o| o.name, "G").await.unwrap();
        let update = doc! { "$set": set.clone(), "$unset": { "pin": "" } };
        let update = if set.contains_key("oldPin") {
            update
        } else {
            doc! { "$set": set.clone() }
        };
        damage(&db, id, update).await;

        let mut stream = accounts.find(|o| o.id.eq(id)).stream().await.unwrap();
        let streamed = stream.next().await.unwrap();
        let conflict = failed(desk.update(&old).set(|o| o.name, "X").await);
        let Error::Conflict(conflict) = conflict else {
            panic!("{conflict:?}")
        };
        let condition = desk.update(&new).when(|o| o.name.eq("nobody"));
        let refused = failed(condition.set(|o| o.name, "X").await);
        let Error::ConditionFailed(refused) = refused else {
            panic!("{refused:?}")
        };
        let errors = [
            failed(accounts.find_by_id(id).await),
            failed(accounts.find(|o| o.id.eq(id)).await),
            failed(streamed),
            failed(conflict.current::<Account>()),
            failed(refused.current::<Account>()),
            failed(desk.modify(id, |_, u| u.set(|o| o.name, "X")).await),
            failed(desk.create(Account::plain(&request)).await),
            failed(desk.update(&new).set(|o| o.name, "X").await),
        ];
        for error in errors {
            let Error::Decode(error) = error else {
                panic!("{set}: {error:?}")
            };
            let shown = error.path().unwrap_or("nothing");
            assert!(shown == path, "{set}: {error}, found {shown}");
            let found = error.expected().unwrap_or("nothing");
            assert!(found.contains(expected), "{set}: {error}");
        }
    }
    assert_database_hides(&db).await;
    assert_traces_hide(traces);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_field_is_named() {
    let db = TestDb::new().await;
    let accounts = accounts(&db, Audit::default()).await;
    for (field, place, expected) in [
        ("name", None, Some("a field `name`")),
        ("address.street", Some("address"), Some("a field `street`")),
        ("vault.key", Some("vault"), None),
    ] {
        let account = accounts.by("desk").create(Account::plain(field)).await;
        let id = account.unwrap().id();
        damage(&db, id, doc! { "$unset": { field: "" } }).await;
        let Error::Decode(error) = failed(accounts.find_by_id(id).await) else {
            panic!("not a decode error")
        };
        assert_eq!(error.path(), place);
        assert_eq!(error.expected(), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_version_shows_its_type_only() {
    let db = TestDb::new().await;
    let accounts = accounts(&db, Audit::default()).await;
    let desk = accounts.by("desk");
    let account = desk.create(Account::plain("r-1")).await.unwrap();
    let account = account.into_stored();
    let id = account.id();
    damage(&db, id, doc! { "$set": { "__v": text("v") } }).await;
    for error in [
        failed(accounts.find_by_id(id).await),
        failed(desk.update(&account).set(|o| o.name, "X").await),
        failed(desk.update_latest(id).set(|o| o.name, "X").await),
    ] {
        assert!(matches!(error, Error::ForeignVersion(_)), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_cannot_be_read_shows_its_path_only() {
    let db = TestDb::new().await;
    let accounts = accounts(&db, Audit::default()).await;
    let account = accounts.by("desk").create(Account::plain("r-1")).await;
    let id = account.unwrap().id();
    let log = db.database().collection::<Document>("audit_logs");
    let broken = doc! {
        "ref": { "collection": "accounts", "id": id }, "action": "update",
        "timestamp": text("t"), "metadata": { "deltaChanges": { "pin": text("p") } },
    };
    log.insert_one(broken).await.unwrap();
    let error = failed(accounts.history(id).await);
    assert!(matches!(error, Error::UnreadableEntry(_)), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_from_before_a_field_was_hidden_are_hidden_when_read() {
    let db = TestDb::new().await;
    let accounts = accounts(&db, Audit::default()).await;
    let account = accounts.by("desk").create(Account::plain("r-1")).await;
    let id = account.unwrap().id();
    let open = doc! {
        "_id": id, "name": "Ada", "pin": text("pin"), "note": text("note"),
        "address": { "street": "s", "doorCode": text("d"), "memo": text("m") },
    };
    let entries = [
        doc! { "before": &open, "after": &open, "changes": ["pin"], "storageMode": "full" },
        doc! { "deltaChanges": {
            "pin": { "old": text("a"), "new": text("b") },
            "note": { "old": text("a"), "new": text("b") },
            "address.doorCode": { "old": text("a") },
            "address.memo": { "new": text("a") },
            "contacts.0.safe.code": { "old": text("a"), "new": text("b") },
            "byName.home": { "new": { "street": "s", "doorCode": text("d") } },
            "vault.key": { "old": text("a"), "new": text("b") },
            "tokens.x": { "old": [text("a")] },
            "name": { "old": "Ada", "new": "Grace" },
            "": { "old": &open, "new": &open, "fullDocument": true },
        }, "storageMode": "delta" },
        doc! { "multiDocumentUpdate": true, "filter": { "pin": text("a") }, "documentsModified": 2 },
    ];
    let log = db.database().collection::<Document>("audit_logs");
    for metadata in entries {
        let entry = doc! {
            "ref": { "collection": "accounts", "id": id }, "action": "update", "userId": "u",
            "timestamp": mongodb::bson::DateTime::now(), "metadata": metadata,
        };
        log.insert_one(entry).await.unwrap();
    }
    let history = accounts.history(id).await.unwrap();
    assert_eq!(history.len(), 4);
    super::assert_debug_hides(&history);
    let shown = format!("{history:?}");
    assert!(
        shown.contains("Grace") && shown.contains("address.doorCode"),
        "{shown}"
    );
}
