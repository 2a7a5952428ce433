//! What the tests of this folder have in common: a guard behind a proxy, one that goes straight to
//! the server, and a look at what is stored.

use std::time::Duration;

use mongodb::bson::{Bson, Document, doc, oid::ObjectId};
use monguard::MonguardBuilder;
use monguard::error::{Settled, Unsettled};
use monguard::prelude::*;
use monguard_tests::commands::CommandLog;
use monguard_tests::fixture::{Connect, TestClient, TestDb, after_write};
use monguard_tests::models::Tally;
use monguard_tests::proxy::{Command, Proxy, Rule};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// An account, whose id its owner chooses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "accounts")]
pub(super) struct Account {
    #[serde(rename = "_id")]
    #[monguard(id)]
    pub(super) number: String,
    pub(super) balance: i64,
}

impl Account {
    pub(super) fn numbered(number: &str) -> Self {
        Account {
            number: number.to_owned(),
            balance: 0,
        }
    }
}

/// How long a command may take effect, in guards whose tests wait until it cannot any more: longer
/// than the half second after which the driver connects again.
pub(super) const SHORT: Duration = Duration::from_millis(1500);

/// Nothing that a test waits for takes this long, unless it fails.
pub(super) const LONG: Duration = Duration::from_secs(20);

/// A write of a tally that is under way.
pub(super) type Write = JoinHandle<monguard::Result<Stored<Tally>>>;

/// A guard behind a proxy. The driver repeats nothing by itself, unless told.
pub(super) struct Stage {
    pub(super) guard: Monguard,
    client: TestClient,
    pub(super) proxy: Proxy,
    /// Goes straight to the server.
    direct: Monguard,
    // Last: the database is dropped when nothing writes to it any more.
    pub(super) db: TestDb,
}

impl Stage {
    /// Gives up after 20 s.
    pub(super) async fn new() -> Self {
        Self::of(|builder| builder.time_limit(LONG).margin(Duration::ZERO)).await
    }

    /// Gives up after [`SHORT`].
    pub(super) async fn impatient() -> Self {
        Self::of(impatient).await
    }

    /// A write and its entry are one command. `None` on a server that has no such command. Gives up
    /// after [`SHORT`].
    pub(super) async fn together() -> Option<Self> {
        let stage = Self::of(|builder| impatient(builder).bulk_write(true)).await;
        let has_it = stage.guard.capabilities().has_bulk_write();
        has_it.then_some(stage)
    }

    pub(super) async fn of(build: impl FnOnce(MonguardBuilder) -> MonguardBuilder) -> Self {
        let db = TestDb::new().await;
        let proxy = db.proxy().await;
        let client = without_retries(db.connect()).through(&proxy).open().await;
        Self::set(db, proxy, client, build).await
    }

    /// The driver repeats reads and writes by itself, as it does by default.
    pub(super) async fn with_driver_retries(
        build: impl FnOnce(MonguardBuilder) -> MonguardBuilder,
    ) -> Self {
        let db = TestDb::new().await;
        let proxy = db.proxy().await;
        let client = db.connect().through(&proxy).open().await;
        Self::set(db, proxy, client, build).await
    }

    async fn set(
        db: TestDb,
        proxy: Proxy,
        client: TestClient,
        build: impl FnOnce(MonguardBuilder) -> MonguardBuilder,
    ) -> Self {
        let direct = after_write(db.database().clone()).build();
        let guard = build(after_write(client.database().clone())).build();
        Stage {
            direct: direct.await.unwrap(),
            guard: guard.await.unwrap(),
            client,
            proxy,
            db,
        }
    }

    /// A writer behind the proxy.
    pub(super) fn writer<T: Auditable>(&self) -> Writer<T> {
        self.guard.collection().by("us")
    }

    /// A writer with a connection of its own, straight to the server.
    pub(super) fn rival<T: Auditable>(&self) -> Writer<T> {
        self.direct.collection().by("rival")
    }

    /// What the guard behind the proxy has sent.
    pub(super) fn commands(&self) -> &CommandLog {
        self.client.commands()
    }

    /// A tally, at version 1, with its entry.
    pub(super) async fn tally(&self) -> Stored<Tally> {
        self.rival::<Tally>()
            .create(Tally::default())
            .await
            .unwrap()
            .into_stored()
    }

    /// Our increment by 5, under way.
    pub(super) fn increment(&self, tally: &Stored<Tally>) -> Write {
        let (writer, tally) = (self.writer::<Tally>(), tally.clone());
        tokio::spawn(async move { writer.update(&tally).inc(|t| t.total, 5).await })
    }

    /// The document as it is stored.
    pub(super) async fn document<T: Versioned>(&self, id: impl Into<Bson>) -> Option<Document> {
        let documents = self.db.database().collection::<Document>(T::COLLECTION);
        documents.find_one(doc! { "_id": id.into() }).await.unwrap()
    }

    /// How many documents the collection has.
    pub(super) async fn count<T: Versioned>(&self) -> u64 {
        let documents = self.db.database().collection::<Document>(T::COLLECTION);
        documents.count_documents(doc! {}).await.unwrap()
    }

    /// The document's audit entries, by version.
    pub(super) async fn entries(&self, id: impl Into<Bson>) -> Vec<Document> {
        let log = self.db.database().collection::<Document>("audit_logs");
        let find = log.find(doc! { "ref.id": id.into() });
        let mut cursor = find.sort(doc! { "metadata.version": 1 }).await.unwrap();
        let mut entries = Vec::new();
        while cursor.advance().await.unwrap() {
            entries.push(cursor.deserialize_current().unwrap());
        }
        entries
    }

    /// Asserts that the document is at this version and total, that each version has one entry,
    /// that each entry follows the one before, and that the last is that of the document.
    pub(super) async fn assert_tally(&self, id: ObjectId, version: i32, total: i64) {
        let document = self.document::<Tally>(id).await.unwrap();
        assert_eq!(document.get_i32("__v").ok(), Some(version), "{document}");
        assert_eq!(document.get_i64("total").ok(), Some(total), "{document}");
        let last = self.assert_linked(id, version).await;
        assert_eq!(document.get_object_id("__w").ok(), last);
    }

    /// Asserts that the versions up to this one have one entry each, each following the one
    /// before. Returns the id of the last.
    pub(super) async fn assert_linked(
        &self,
        id: impl Into<Bson>,
        version: i32,
    ) -> Option<ObjectId> {
        let entries = self.entries(id).await;
        let versions: Vec<_> = entries.iter().map(version_of).collect();
        assert_eq!(versions, (1..=version).collect::<Vec<_>>(), "{entries:#?}");
        let mut before = None;
        for entry in &entries {
            let metadata = entry.get_document("metadata").unwrap();
            assert_eq!(metadata.get_object_id("prev").ok(), before, "{entries:#?}");
            before = entry.get_object_id("_id").ok();
        }
        before
    }

    /// A rule that harms nothing and tells when such commands were answered.
    pub(super) fn watch(&self, command: Command) -> Rule {
        self.proxy.on(command).always().delay_reply(Duration::ZERO)
    }
}

pub(super) fn version_of(entry: &Document) -> i32 {
    let metadata = entry.get_document("metadata").unwrap();
    metadata.get_i32("version").unwrap()
}

pub(super) fn without_retries(connect: Connect) -> Connect {
    connect.retry_writes(false).retry_reads(false)
}

pub(super) fn impatient(builder: MonguardBuilder) -> MonguardBuilder {
    builder.time_limit(SHORT / 5 * 4).margin(SHORT / 5)
}

/// A guard that is somebody else's: with a proxy of its own, through which its log can be reached.
pub(super) async fn other<T: Auditable>(db: &TestDb, proxy: &Proxy) -> Writer<T> {
    let client = without_retries(db.connect()).through(proxy).open().await;
    let guard = after_write(client.database().clone()).build();
    guard.await.unwrap().collection().by("other")
}

/// Asks until the outcome is known: each time the server is asked again.
pub(super) async fn settled(unsettled: &Unsettled) -> Settled {
    let settle = async {
        loop {
            match unsettled.settle().await {
                Ok(settled) => return settled,
                Err(Error::Unsettled(_)) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
    };
    timeout(LONG, settle).await.unwrap()
}

/// The data write of every operation.
pub(super) fn data_write() -> Command {
    Command::named("findAndModify")
}

/// A write and its entry in one command.
pub(super) fn both() -> Command {
    Command::named("bulkWrite")
}

/// The insert of an entry.
pub(super) fn entry_insert() -> Command {
    Command::named("insert").on_collection("audit_logs")
}

/// A look at the log.
pub(super) fn log_read() -> Command {
    Command::named("find").on_collection("audit_logs")
}
