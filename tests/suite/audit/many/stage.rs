//! What the tests of this folder have in common.

use std::time::Duration;

use futures_util::TryStreamExt;
use mongodb::bson::{Bson, Document, doc};
use monguard::prelude::*;
use monguard::{Audit, AuditEntry, ManyReport, ObjectId};
use monguard_tests::contents;
pub(super) use monguard_tests::contents::raw;
use monguard_tests::fixture::{TestClient, TestDb};
use monguard_tests::proxy::{Command, Proxy};
use monguard_tests::replay::replayed;

/// Something in a warehouse, with what is shown, hidden and left out of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "items")]
pub(super) struct Item {
    #[monguard(index(unique = "live"))]
    pub(super) name: String,
    pub(super) status: String,
    pub(super) amount: i32,
    #[serde(default)]
    pub(super) tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[monguard(audit = "redact")]
    pub(super) secret: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[monguard(audit = "skip")]
    pub(super) note: Option<String>,
    #[serde(default)]
    #[monguard(nested)]
    pub(super) shelf: Shelf,
}

/// Where it lies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Nested)]
pub(super) struct Shelf {
    pub(super) row: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[monguard(audit = "redact")]
    pub(super) lock: Option<String>,
}

impl Item {
    pub(super) fn numbered(number: i32) -> Self {
        Item {
            name: format!("item-{number:04}"),
            status: "new".to_owned(),
            amount: number,
            tags: Vec::new(),
            secret: None,
            note: None,
            shelf: Shelf::default(),
        }
    }
}

/// The ways to audit in which a batch is one command.
pub(super) const AUDITS: [Audit; 2] = [Audit::after_write(), Audit::carried()];

/// The ways to audit that the server of the run can keep.
pub(super) async fn audits() -> Vec<Audit> {
    let mut audits = AUDITS.to_vec();
    if TestDb::new().await.topology().await.has_transactions() {
        audits.push(Audit::transactional());
    }
    audits
}

async fn items(client: &TestClient, audit: Audit, limit: Duration) -> Collection<Item> {
    let builder = Monguard::builder(client.database().clone())
        .audit(audit)
        .time_limit(limit)
        .margin(Duration::from_secs(1));
    let items = builder.build().await.unwrap().collection::<Item>();
    items.ensure_indexes().await.unwrap();
    items
}

/// A guard with a connection of its own, straight to the server.
pub(super) async fn direct(db: &TestDb, audit: Audit) -> (TestClient, Collection<Item>) {
    let client = db.connect().open().await;
    let items = items(&client, audit, Duration::from_secs(20)).await;
    (client, items)
}

/// A guard behind a proxy. The driver repeats nothing by itself.
pub(super) async fn behind(
    db: &TestDb,
    proxy: &Proxy,
    audit: Audit,
) -> (TestClient, Collection<Item>) {
    behind_for(db, proxy, audit, Duration::from_secs(3)).await
}

/// The same, which waits for an answer for so long.
pub(super) async fn behind_for(
    db: &TestDb,
    proxy: &Proxy,
    audit: Audit,
    limit: Duration,
) -> (TestClient, Collection<Item>) {
    let connect = db.connect().retry_writes(false).retry_reads(false);
    let client = connect.through(proxy).open().await;
    let items = items(&client, audit, limit).await;
    (client, items)
}

/// So many items, with the amounts from 1.
pub(super) async fn stock(items: &Collection<Item>, count: i32) -> Vec<Stored<Item>> {
    let values = (1..=count).map(Item::numbered);
    let report = items.by("author").create_many(values).await.unwrap();
    assert!(report.is_complete(), "{report:?}");
    report
        .into_iter()
        .map(|outcome| outcome.stored().expect("created").clone())
        .collect()
}

/// The command that writes a batch.
pub(super) fn batch() -> Command {
    Command::named("update").on_collection("items")
}

/// A stored item, as the driver reads it.
pub(super) async fn stored(db: &TestDb, id: impl Into<Bson>) -> Document {
    contents::stored(db, "items", id).await
}

/// Everything that a database holds, as one text.
pub(super) async fn text(db: &TestDb) -> String {
    let mut text = String::new();
    for name in db.database().list_collection_names().await.unwrap() {
        let collection = raw(db, &name);
        let find = collection.find(doc! {});
        let all: Vec<Document> = find.await.unwrap().try_collect().await.unwrap();
        for document in all {
            text.push_str(&document.to_string());
        }
    }
    text
}

/// Asserts that the document is at this version, that each version has exactly one entry, that
/// each entry follows the one before, and that replaying them gives what is stored.
pub(super) async fn assert_life(db: &TestDb, items: &Collection<Item>, id: ObjectId, version: i64) {
    let document = stored(db, id).await;
    let at = document.get("__v").and_then(Bson::as_i32).map(i64::from);
    assert_eq!(at, Some(version), "{document}");
    let history = history(items, id, version).await;
    let number = |entry: &AuditEntry<Item>| entry.version?.as_i64();
    let versions: Vec<_> = history.iter().map(number).collect();
    let expected: Vec<_> = (1..=version).map(Some).collect();
    assert_eq!(versions, expected, "{history:#?}");
    assert!(history.iter().all(AuditEntry::is_linked), "{history:#?}");
    let newest = history.last().expect("an entry").id.as_object_id();
    let operation = document.get_object_id("__w").ok();
    let is_own = newest == operation || operation == of_many(&document);
    assert!(is_own, "{newest:?} {document}");
    assert_eq!(shown(replayed(&history, shown)), shown(document));
}

/// The operation of the newest entry that a document carries, where it is one over many documents.
fn of_many(document: &Document) -> Option<ObjectId> {
    let newest = document.get_array("__audit").ok()?.last()?.as_document()?;
    let is_of_many = newest.get_bool("m").ok()?;
    newest.get_object_id("o").ok().filter(|_| is_of_many)
}

/// The entries of a document, once a relay has brought so many to the log, or has had the time to.
pub(super) async fn history(
    items: &Collection<Item>,
    id: ObjectId,
    entries: i64,
) -> Vec<AuditEntry<Item>> {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    loop {
        let history = items.history(id).await.unwrap();
        let count = i64::try_from(history.len()).unwrap();
        if count >= entries || tokio::time::Instant::now() > deadline {
            return history;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A document as the log can show it.
fn shown(mut document: Document) -> Document {
    const OWNED: [&str; 9] = [
        "__v",
        "__w",
        "__audit",
        "createdAt",
        "updatedAt",
        "createdBy",
        "updatedBy",
        "secret",
        "note",
    ];
    for name in OWNED {
        document.remove(name);
    }
    if let Ok(shelf) = document.get_document_mut("shelf") {
        shelf.remove("lock");
    }
    document
}

/// The counts of a report: matched, modified, unchanged, skipped, failed.
pub(super) fn counts(report: &ManyReport) -> [u64; 5] {
    assert_eq!((report.not_attempted(), report.without_entry()), (0, 0));
    [
        report.matched(),
        report.modified(),
        report.unchanged(),
        report.skipped(),
        report.failed(),
    ]
}
