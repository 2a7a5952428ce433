//! What the tests of the relay, and of recoveries, have in common.

use std::time::Duration;

use mongodb::bson::{Bson, Document, doc, oid::ObjectId};
use monguard::prelude::*;
use monguard::{Audit, AuditEntry, MonguardBuilder, RelayOptions};
use monguard_tests::commands::CommandLog;
pub(in super::super) use monguard_tests::contents::entries as log;
use monguard_tests::fixture::{TestClient, TestDb};
use monguard_tests::models::Tally;
use monguard_tests::proxy::{Command, Proxy, Rule};

/// The name of the audit log.
pub(in super::super) const LOG: &str = "audit_logs";

/// Nothing that a test waits for takes this long, unless it fails.
pub(in super::super) const LONG: Duration = Duration::from_secs(20);

/// A guard whose writes carry their entries, behind a proxy.
pub(in super::super) struct Stage {
    pub(in super::super) guard: Monguard,
    client: TestClient,
    pub(in super::super) proxy: Proxy,
    // Last: the database is dropped when nothing writes to it any more.
    pub(in super::super) db: TestDb,
}

impl Stage {
    pub(in super::super) async fn new() -> Self {
        Self::of(|builder| builder).await
    }

    /// One whose relay brings nothing by itself while a test lasts.
    pub(in super::super) async fn idle() -> Self {
        Self::of(idle).await
    }

    pub(in super::super) async fn of(
        build: impl FnOnce(MonguardBuilder) -> MonguardBuilder,
    ) -> Self {
        let db = TestDb::new().await;
        let proxy = db.proxy().await;
        let client = db.through(&proxy).await;
        let guard = build(carrying(client.database())).build().await.unwrap();
        Stage {
            guard,
            client,
            proxy,
            db,
        }
    }

    /// A writer behind the proxy.
    pub(in super::super) fn desk<T: Auditable>(&self) -> Writer<T> {
        self.guard.collection().by("desk")
    }

    /// What the guard behind the proxy has sent.
    pub(in super::super) fn commands(&self) -> &CommandLog {
        self.client.commands()
    }

    /// Another guard, straight to the server.
    pub(in super::super) async fn other(&self) -> Monguard {
        carrying(self.db.database()).build().await.unwrap()
    }

    /// A tally, at version 1.
    pub(in super::super) async fn tally(&self) -> Stored<Tally> {
        let created = self.desk::<Tally>().create(Tally::default()).await;
        created.unwrap().into_stored()
    }

    /// So many tallies, at version 1.
    pub(in super::super) async fn tallies(&self, count: usize) -> Vec<Stored<Tally>> {
        let mut tallies = Vec::new();
        for _ in 0..count {
            tallies.push(self.tally().await);
        }
        tallies
    }

    /// No insert into the log reaches the server, until the rule is removed.
    pub(in super::super) fn cut_log(&self) -> Rule {
        let inserts = Command::named("insert").on_collection(LOG);
        self.proxy.on(inserts).always().cut_before()
    }

    /// How many inserts into the log were sent.
    pub(in super::super) fn inserts(&self) -> usize {
        self.commands().count_on("insert", LOG)
    }

    pub(in super::super) async fn log(&self) -> Vec<Document> {
        log(&self.db).await
    }

    /// The versions that the log has of a document, in order.
    pub(in super::super) async fn logged(&self, id: impl Into<Bson>) -> Vec<i32> {
        let id = id.into();
        let of_document = |entry: &&Document| {
            let reference = entry.get_document("ref").unwrap();
            reference.get("id") == Some(&id)
        };
        let log = self.log().await;
        log.iter().filter(of_document).map(version).collect()
    }

    /// The versions of the entries that a document carries.
    pub(in super::super) async fn carried(&self, id: ObjectId) -> Vec<i32> {
        let documents = self.db.database().collection::<Document>("tallies");
        let found = documents.find_one(doc! { "_id": id }).await.unwrap();
        let document = found.expect("the document is there");
        let elements = document.get_array("__audit").cloned().unwrap_or_default();
        let elements = elements
            .iter()
            .map(|element| element.as_document().unwrap());
        elements
            .map(|element| element.get_i32("v").unwrap())
            .collect()
    }

    /// Asserts that the history of a tally has each version up to this one, once and linked.
    pub(in super::super) async fn assert_history(&self, id: ObjectId, last: i32) {
        let tallies = self.guard.collection::<Tally>();
        let history = tallies.history(id).await.unwrap();
        let versions = history.iter().filter_map(|entry| entry.version?.as_i64());
        let expected: Vec<i64> = (1..=last).map(i64::from).collect();
        assert_eq!(versions.collect::<Vec<_>>(), expected, "{history:#?}");
        assert_eq!(history.len(), expected.len(), "{history:#?}");
        assert!(history.iter().all(AuditEntry::is_linked), "{history:#?}");
    }

    /// Waits until the log has so many entries.
    pub(in super::super) async fn log_has(&self, entries: usize) {
        let log = self.db.database().collection::<Document>(LOG);
        let expected = u64::try_from(entries).unwrap();
        let has_them = async {
            while log.count_documents(doc! {}).await.unwrap() != expected {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let in_time = tokio::time::timeout(LONG, has_them).await;
        in_time.unwrap_or_else(|_| panic!("the log does not come to have {entries} entries"));
    }
}

/// A guard whose writes carry their entries, in the making.
pub(in super::super) fn carrying(database: &mongodb::Database) -> MonguardBuilder {
    Monguard::builder(database.clone()).audit(Audit::carried())
}

/// Entries are gathered for longer than a test lasts.
pub(in super::super) fn idle(builder: MonguardBuilder) -> MonguardBuilder {
    builder.relay(RelayOptions::default().gather(LONG))
}

pub(in super::super) fn version(entry: &Document) -> i32 {
    let metadata = entry.get_document("metadata").unwrap();
    metadata.get_i32("version").unwrap()
}

/// Lets the log take only what meets this condition.
pub(in super::super) async fn log_takes(db: &TestDb, validator: Document) {
    let command = doc! { "collMod": LOG, "validator": validator };
    db.database().run_command(command).await.unwrap();
}

/// Waits for a condition.
pub(in super::super) async fn until(what: &str, condition: impl Fn() -> bool) {
    let holds = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let in_time = tokio::time::timeout(LONG, holds).await;
    in_time.unwrap_or_else(|_| panic!("it does not come to be that {what}"));
}
