//! A change that carries its entry, whose document is worked out and not returned.

use mongodb::bson::{Document, RawDocumentBuf, doc};
use mongodb::options::IndexOptions;
use mongodb::{Database, IndexModel};
use monguard::Audit;
use monguard::prelude::*;
use monguard_tests::fixture::{TestClient, TestDb};
use monguard_tests::models::{Address, Profile, Tally};
use monguard_tests::proxy::{Command, Proxy};

use super::stage::{carried, guard, guard_through, stored};

const CHANGE: &str = "update";

/// A guard behind a proxy, and a tally at version 1.
struct Stage {
    guard: Monguard,
    tally: Stored<Tally>,
    client: TestClient,
    proxy: Proxy,
    // Last: the database is dropped when nothing writes to it any more.
    db: TestDb,
}

impl Stage {
    async fn new() -> Self {
        let db = TestDb::new().await;
        let proxy = db.proxy().await;
        let client = db.through(&proxy).await;
        let guard = guard_through(&client, Audit::carried()).await;
        let tally = guard.collection().by("us").create(Tally::default()).await;
        Stage {
            tally: tally.unwrap().into_stored(),
            guard,
            client,
            proxy,
            db,
        }
    }

    fn desk(&self) -> Writer<Tally> {
        self.guard.collection().by("us")
    }

    async fn increment(&self) -> monguard::Result<Stored<Tally>> {
        self.desk().update(&self.tally).inc(|t| t.total, 5).await
    }

    /// Asserts that the tally is at this version and total, with an entry for each version.
    async fn assert_tally(&self, version: i32, total: i64) {
        let document = stored(&self.db, "tallies", self.tally.id()).await;
        assert_eq!(document.get_i32("__v").ok(), Some(version));
        assert_eq!(document.get_i64("total").ok(), Some(total));
        self.guard.flush().await.unwrap();
        let tallies = self.guard.collection::<Tally>();
        let history = tallies.history(self.tally.id()).await.unwrap();
        assert!(history.iter().all(AuditEntry::is_linked), "{history:#?}");
        assert_eq!(history.len(), usize::try_from(version).unwrap());
    }
}

/// Asserts that the document of a write is the stored one, field by field and in the same order, but
/// for what it carries, which it has only if `carries`.
async fn assert_stored(db: &TestDb, written: &Stored<Profile>, carries: bool) {
    let mut found = stored(db, "profiles", written.id()).await;
    assert_eq!(found.remove("__audit").is_some(), carries);
    let found = RawDocumentBuf::try_from(&found).unwrap();
    assert!(
        written.document().as_bytes() == found.as_bytes(),
        "{:?} is {found:?}",
        written.document()
    );
}

async fn assert_each_is_stored(audit: Audit) {
    let carries = audit == Audit::carried();
    let db = TestDb::new().await;
    let writer = guard(&db, audit).await;
    let writer = writer.collection::<Profile>().by("us");
    let made = writer.create(Profile::named("A")).await.unwrap();
    let address = Address {
        street: "Main Street".to_owned(),
        zip: None,
    };
    let update = writer.update(&*made).set(|p| p.name, "Ada");
    let update = update.set(|p| p.motto, Some("on".to_owned()));
    let update = update.set(|p| p.address, Some(address));
    let written = update.push(|p| p.scores, 5).await.unwrap();
    assert_stored(&db, &written, carries).await;
    let update = writer.update(&written).unset(|p| p.motto);
    let update = update.set(|p| p.address.street, "High Street");
    let update = update.set(|p| p.nickname, Some("a".to_owned()));
    let written = update.push(|p| p.scores, 7).await.unwrap();
    assert_stored(&db, &written, carries).await;
    let update = writer
        .update(&written)
        .set(|p| p.motto, Some("on".to_owned()));
    let written = update.await.unwrap();
    assert_stored(&db, &written, carries).await;
    let deleted = writer.delete(&written).await.unwrap();
    assert_stored(&db, &deleted, carries).await;
    let restored = writer.restore(&deleted).await.unwrap();
    assert_stored(&db, &restored, carries).await;
    let replaced = writer.replace(&restored, Profile::named("B")).await;
    assert_stored(&db, &replaced.unwrap(), carries).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_of_a_write_is_as_it_is_stored() {
    assert_each_is_stored(Audit::carried()).await;
    assert_each_is_stored(Audit::after_write()).await;
    if TestDb::new().await.topology().await.has_transactions() {
        assert_each_is_stored(Audit::transactional()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_tool_changed_without_a_stamp_stays_and_is_found_by_the_next_read() {
    let stage = Stage::new().await;
    let tallies = stage.db.database().collection::<Document>("tallies");
    let note = doc! { "$set": { "note": "by hand" } };
    tallies.update_one(doc! {}, note).await.unwrap();
    let written = stage.increment().await.unwrap();
    assert!(written.document().get("note").unwrap().is_none());
    let read = stage.guard.collection::<Tally>();
    let read = read.find_by_id(written.id()).await.unwrap().unwrap();
    assert_eq!(read.document().get_str("note").ok(), Some("by hand"));
    assert_eq!(read.version(), 2);
}

async fn refuse(database: &Database, collection: &str) {
    let never = doc! { "never": { "$exists": true } };
    let command = doc! { "collMod": collection, "validator": never };
    database.run_command(command).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_the_server_refuses_is_told_apart_and_leaves_no_entry() {
    let stage = Stage::new().await;
    let database = stage.db.database();
    let options = IndexOptions::builder().unique(true).build();
    let index = IndexModel::builder().keys(doc! { "total": 1 });
    let tallies = database.collection::<Document>("tallies");
    let index = index.options(options).build();
    tallies.create_index(index).await.unwrap();
    let other = stage.desk().create(Tally { total: 5 }).await.unwrap();
    let taken = stage.increment().await;
    let Err(Error::DuplicateKey(duplicate)) = taken else {
        panic!("{taken:?}")
    };
    assert_eq!(duplicate.index(), "total_1");
    assert_eq!(duplicate.fields(), ["total"]);

    refuse(database, "tallies").await;
    let update = stage.desk().update(&stage.tally).inc(|t| t.total, 1).await;
    let Err(Error::Driver(refused)) = update else {
        panic!("{update:?}")
    };
    assert_eq!(refused.code(), Some(121));
    let open = doc! { "collMod": "tallies", "validator": {} };
    database.run_command(open).await.unwrap();
    stage.assert_tally(1, 0).await;
    assert_eq!(other.version(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_whose_answer_is_lost_is_made_once() {
    let stage = Stage::new().await;
    stage.proxy.on(Command::named(CHANGE)).cut_after();
    let stored = stage.increment().await.unwrap();
    let outcome = stored.outcome();
    assert!(
        matches!(outcome, Outcome::Settled { overtaken: false }),
        "{outcome:?}"
    );
    assert_eq!((stored.version(), stored.total), (2.into(), 5));
    assert_eq!(stage.client.commands().count(CHANGE), 1);
    stage.assert_tally(2, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_did_not_arrive_is_sent_again() {
    let stage = Stage::new().await;
    stage.proxy.on(Command::named(CHANGE)).cut_before();
    let stored = stage.increment().await.unwrap();
    assert!(matches!(stored.outcome(), Outcome::Written), "{stored:?}");
    assert_eq!(stage.client.commands().count(CHANGE), 2);
    assert_eq!(carried(&stage.db, "tallies", stored.id()).await.len(), 2);
    stage.assert_tally(2, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_names_its_concern_and_its_time_limit() {
    let stage = Stage::new().await;
    stage.increment().await.unwrap();
    let sent = stage.client.commands().named(CHANGE);
    let [command] = sent.as_slice() else {
        panic!("{sent:?}")
    };
    let concern = command.body.get_document("writeConcern").unwrap();
    assert_eq!(concern, &doc! { "w": "majority", "j": true });
    assert_eq!(command.body.get_i64("maxTimeMS").ok(), Some(10_000));
}
