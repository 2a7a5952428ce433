//! Services with different guarantees, and the TypeScript monguard, write the same documents: of
//! ours nothing is lost.

use std::collections::BTreeMap;

use mongodb::bson::oid::ObjectId;
use mongodb::bson::{Bson, DateTime, Document, doc};
use monguard::audit::EntryChange;
use monguard::prelude::*;
use monguard::{Audit, AuditEntry};
use monguard_tests::fixture::TestDb;
use monguard_tests::models::Ticket;
use monguard_tests::proxy::Command;

use super::stage::{carried, guard, guard_through, log, stored};

/// What every service of the TypeScript monguard does: it knows nothing of `__w` and `__audit`.
struct TypeScript {
    data: mongodb::Collection<Document>,
    log: mongodb::Collection<Document>,
}

impl TypeScript {
    fn new(db: &TestDb) -> Self {
        TypeScript {
            data: db.database().collection("tickets"),
            log: db.database().collection("audit_logs"),
        }
    }

    /// One version-checked write and its entry, with both images. Returns the version that it made,
    /// or `None` where another write came first.
    async fn write(&self, id: i64, action: &str, set: Document) -> Option<i64> {
        let live = doc! { "_id": id, "deletedAt": { "$exists": false } };
        let before = self.data.find_one(live.clone()).await.unwrap()?;
        let version = before.get("__v").and_then(number).unwrap();
        let mut filter = live;
        filter.insert("__v", before.get("__v").cloned());
        let now = DateTime::now();
        let mut set = set;
        set.extend(doc! { "__v": i32::try_from(version + 1).unwrap(), "updatedAt": now });
        let update = doc! { "$set": set, "$inc": {} };
        let done = self.data.update_one(filter, update).await.unwrap();
        if done.modified_count == 0 {
            return None;
        }
        self.entry(id, action, doc! { "before": before, "storageMode": "full" })
            .await;
        Some(version + 1)
    }

    async fn entry(&self, id: i64, action: &str, metadata: Document) {
        let entry = doc! {
            "_id": ObjectId::new(),
            "ref": { "collection": "tickets", "id": id },
            "action": action,
            "userId": "node",
            "timestamp": DateTime::now(),
            "metadata": metadata,
        };
        self.log.insert_one(entry).await.unwrap();
    }

    async fn remove(&self, id: i64) {
        let before = self
            .data
            .find_one_and_delete(doc! { "_id": id })
            .await
            .unwrap();
        let metadata = doc! { "hardDelete": true, "before": before, "storageMode": "full" };
        self.entry(id, "delete", metadata).await;
    }
}

/// A guard whose writes are transactions, where the server has them.
async fn transactional(db: &TestDb) -> Option<Monguard> {
    if db.topology().await.has_transactions() {
        Some(guard(db, Audit::transactional()).await)
    } else {
        None
    }
}

fn number(value: &Bson) -> Option<i64> {
    value.as_i64().or_else(|| value.as_i32().map(i64::from))
}

fn text(version: i64) -> String {
    format!("version {version}")
}

/// Writes its version into each document's text. Returns the versions that it made, by document.
async fn write_ours(tickets: Collection<Ticket>, name: &'static str) -> BTreeMap<i64, Vec<i64>> {
    let desk = tickets.by(name);
    let mut made: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for round in 0..ROUNDS {
        let id = round % DOCUMENTS;
        let written = desk.modify(id, |ticket, update| {
            let next = ticket.version().get().unwrap() + 1;
            update.set(|t| t.text, text(next))
        });
        match written.await {
            Ok(stored) => made
                .entry(id)
                .or_default()
                .push(stored.version().get().unwrap()),
            Err(Error::Exhausted(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    made
}

const ROUNDS: i64 = 30;
const DOCUMENTS: i64 = 2;

async fn write_theirs(service: TypeScript) -> BTreeMap<i64, Vec<i64>> {
    let mut made: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for round in 0..ROUNDS {
        let id = round % DOCUMENTS;
        let set = doc! { "text": "theirs" };
        if let Some(version) = service.write(id, "update", set).await {
            made.entry(id).or_default().push(version);
        }
        tokio::task::yield_now().await;
    }
    made
}

/// The versions of our entries in a history.
fn versions(history: &[AuditEntry<Ticket>]) -> Vec<i64> {
    let versions = history.iter().filter_map(|entry| entry.version);
    versions.map(|version| version.as_i64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_services_that_race_each_version_of_ours_has_one_entry() {
    let db = TestDb::new().await;
    let (one, other, late) = (
        guard(&db, Audit::carried()).await,
        guard(&db, Audit::carried().full()).await,
        guard(&db, Audit::after_write()).await,
    );
    let tickets = one.collection::<Ticket>();
    tickets.ensure_indexes().await.unwrap();
    for number in 0..DOCUMENTS {
        let ticket = Ticket {
            number,
            text: text(1),
        };
        tickets.by("a").create(ticket).await.unwrap();
    }
    let mut ours = vec![(&one, "a"), (&other, "b"), (&late, "c")];
    let atomic = transactional(&db).await;
    ours.extend(atomic.as_ref().map(|guard| (guard, "d")));
    let ours = ours.into_iter();
    let ours: Vec<_> = ours
        .map(|(guard, name)| tokio::spawn(write_ours(guard.collection(), name)))
        .collect();
    let theirs = tokio::spawn(write_theirs(TypeScript::new(&db)));
    let mut made: BTreeMap<i64, Vec<i64>> = (0..DOCUMENTS).map(|id| (id, vec![1])).collect();
    for ours in ours {
        for (id, versions) in ours.await.unwrap() {
            made.get_mut(&id).unwrap().extend(versions);
        }
    }
    let theirs = theirs.await.unwrap();
    for guard in [&one, &other] {
        guard.flush().await.unwrap();
    }
    for (id, mut ours) in made {
        ours.sort_unstable();
        let history = late.collection::<Ticket>().history(id).await.unwrap();
        assert_eq!(
            versions(&history),
            ours,
            "one entry for each version, in order"
        );
        let none = Vec::new();
        let theirs = theirs.get(&id).unwrap_or(&none);
        let unversioned = history.iter().filter(|entry| entry.is_unversioned());
        assert_eq!(unversioned.count(), theirs.len());

        // No write was lost, theirs neither.
        let mut all: Vec<i64> = ours.iter().chain(theirs).copied().collect();
        all.sort_unstable();
        let document = stored(&db, "tickets", id).await;
        let last = document.get("__v").and_then(number).unwrap();
        assert_eq!(all, (1..=last).collect::<Vec<_>>());
        for entry in history.iter().filter(|entry| entry.version.is_some()) {
            assert_says_what_was_stored(entry, theirs);
        }
    }
}

/// Each of ours wrote its version, and replaced what the version before had written.
fn assert_says_what_was_stored(entry: &AuditEntry<Ticket>, theirs: &[i64]) {
    let version = entry.version.unwrap().as_i64().unwrap();
    if matches!(entry.change, EntryChange::Created { .. }) {
        return;
    }
    let before = if theirs.contains(&(version - 1)) {
        "theirs".to_owned()
    } else {
        text(version - 1)
    };
    let Some(Change { old, new }) = entry.changed(|t| t.text).unwrap() else {
        panic!("{entry:#?}")
    };
    assert_eq!((old, new), (before, text(version)), "{entry:#?}");
    assert_eq!(entry.from.unwrap().as_i64(), Some(version - 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_document_carries_goes_through_the_writes_of_all() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let inserts = Command::named("insert").on_collection("audit_logs");
    let held = proxy.on(inserts).always().cut_before();
    let writer = guard_through(&db.through(&proxy).await, Audit::carried()).await;
    let late = guard(&db, Audit::after_write()).await;
    let node = TypeScript::new(&db);
    let ours = writer.collection::<Ticket>().by("a");
    let theirs = late.collection::<Ticket>();
    theirs.ensure_indexes().await.unwrap();
    ours.create(Ticket {
        number: 1,
        text: "1".into(),
    })
    .await
    .unwrap();
    ours.modify(1, |_, update| update.set(|t| t.text, "2"))
        .await
        .unwrap();
    assert_eq!(node.write(1, "update", doc! { "text": "3" }).await, Some(3));
    let desk = theirs.by("c");
    desk.modify(1, |_, update| update.set(|t| t.text, "4"))
        .await
        .unwrap();
    assert_eq!(
        node.write(1, "delete", doc! { "deletedAt": DateTime::now() })
            .await,
        Some(5)
    );
    desk.restore_latest(1).await.unwrap();
    desk.modify(1, |_, update| update.set(|t| t.text, "7"))
        .await
        .unwrap();

    let kept = carried(&db, "tickets", 1_i64).await;
    assert_eq!(kept.len(), 2, "{kept:#?}");
    let history = theirs.history(1).await.unwrap();
    assert_eq!(versions(&history), [1, 2, 4, 6, 7]);
    let links: Vec<bool> = history.iter().map(AuditEntry::is_linked).collect();
    // What ours followed on is not what ours had made: theirs stand in between.
    assert_eq!(
        links,
        [true, true, false, false, false, false, true],
        "{history:#?}"
    );
    assert_eq!(log(&db).await.len(), 5);

    // The service that wrote them is gone, and another one sweeps.
    drop((ours, writer, held, proxy));
    assert_eq!(theirs.recover().await.unwrap().brought, 2);
    assert_eq!(log(&db).await.len(), 7);
    let after = theirs.history(1).await.unwrap();
    assert_eq!(versions(&after), versions(&history));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_tool_removes_is_in_the_log_once_the_relay_has_it() {
    let db = TestDb::new().await;
    let writer = guard(&db, Audit::carried()).await;
    let tickets = writer.collection::<Ticket>();
    let ours = tickets.by("a");
    ours.create(Ticket {
        number: 1,
        text: "1".into(),
    })
    .await
    .unwrap();
    ours.modify(1, |_, update| update.set(|t| t.text, "2"))
        .await
        .unwrap();
    TypeScript::new(&db).remove(1).await;
    writer.flush().await.unwrap();
    let history = tickets.history(1).await.unwrap();
    assert_eq!(versions(&history), [1, 2]);
    assert_eq!(history.len(), 3);

    // The id begins another life.
    ours.create(Ticket {
        number: 1,
        text: "1".into(),
    })
    .await
    .unwrap();
    let history = tickets.history(1).await.unwrap();
    assert_eq!(history.len(), 4, "{history:#?}");
    assert_eq!(history[3].life(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_may_change_its_guarantee_and_change_it_back() {
    let db = TestDb::new().await;
    let mut modes = vec![
        Audit::after_write(),
        Audit::carried(),
        Audit::after_write(),
        Audit::carried().full(),
    ];
    if db.topology().await.has_transactions() {
        modes.extend([Audit::transactional(), Audit::carried()]);
    }
    let mut written = 0;
    for (audit, step) in modes.into_iter().zip(0..) {
        let service = guard(&db, audit).await;
        let tickets = service.collection::<Ticket>();
        let desk = tickets.by("a");
        if step == 0 {
            tickets.ensure_indexes().await.unwrap();
            desk.create(Ticket {
                number: 1,
                text: "0".into(),
            })
            .await
            .unwrap();
            written += 1;
        }
        for _ in 0..3 {
            written += 1;
            let text = written.to_string();
            desk.modify(1, |_, update| update.set(|t| t.text, text.clone()))
                .await
                .unwrap();
        }
        // It is stopped without a word: what it carries is on the document.
        let history = tickets.history(1).await.unwrap();
        assert_eq!(versions(&history), (1..=written).collect::<Vec<_>>());
        assert!(history.iter().all(AuditEntry::is_linked), "{history:#?}");
    }
    // Each left what its relay had not copied by then; it is brought once.
    let tickets = guard(&db, Audit::after_write())
        .await
        .collection::<Ticket>();
    tickets.recover().await.unwrap();
    let log = log(&db).await;
    let versions = log
        .iter()
        .map(|entry| entry.get_document("metadata").unwrap().get("version"));
    let versions: Vec<i64> = versions
        .map(|version| version.and_then(number).unwrap())
        .collect();
    assert_eq!(versions, (1..=written).collect::<Vec<_>>());
}
