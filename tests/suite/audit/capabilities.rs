//! What the server can do, and what is refused before anything is written.

use mongodb::bson::doc;
use mongodb::options::{Acknowledgment, WriteConcern};
use monguard::error::InvalidReason;
use monguard::prelude::*;
use monguard::{Audit, Capabilities, MonguardBuilder, Product, SettlingReads, Topology};
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Profile, Tally};

fn builder(db: &TestDb) -> MonguardBuilder {
    Monguard::builder(db.database().clone())
}

async fn capabilities(db: &TestDb) -> Capabilities {
    builder(db).build().await.unwrap().capabilities()
}

/// The text with which building is refused.
async fn refusal(builder: MonguardBuilder) -> String {
    match builder.build().await {
        Err(Error::Unsupported(reason)) => reason,
        other => panic!("not refused: {other:?}"),
    }
}

fn journaled(w: Acknowledgment, journal: bool) -> WriteConcern {
    WriteConcern::builder().w(w).journal(journal).build()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guard_knows_what_its_server_announces() {
    let db = TestDb::new().await;
    let capabilities = capabilities(&db).await;
    let hello = db
        .database()
        .run_command(doc! { "hello": 1 })
        .await
        .unwrap();
    let bytes = usize::try_from(hello.get_i32("maxBsonObjectSize").unwrap()).unwrap();
    assert_eq!(capabilities.document_bytes(), bytes);
    assert_eq!(
        capabilities.wire_version(),
        hello.get_i32("maxWireVersion").unwrap()
    );
    let has_transactions = db.topology().await.has_transactions();
    assert_eq!(capabilities.has_transactions(), has_transactions);
    assert_eq!(
        capabilities.topology() != Topology::Standalone,
        has_transactions
    );
    if capabilities.product() == Product::MongoDb {
        assert!(capabilities.has_pipeline_updates());
        assert_eq!(capabilities.has_linearizable_reads(), has_transactions);
        assert_eq!(capabilities.has_causal_sessions(), has_transactions);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn transactional_is_refused_where_there_are_no_transactions() {
    let db = TestDb::new().await;
    let for_all = builder(&db).audit(Audit::transactional());
    let for_one = builder(&db).audit_of::<Tally>(Audit::transactional().full());
    if db.topology().await.has_transactions() {
        for_all.build().await.unwrap();
        for_one.build().await.unwrap();
        return;
    }
    let reason = "`Audit::transactional()` needs transactions, and a standalone server has none";
    assert!(refusal(for_all).await.starts_with(reason));
    let for_one = refusal(for_one).await;
    assert!(
        for_one.starts_with(&format!("audit of Tally: {reason}")),
        "{for_one}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn carried_is_refused_with_a_weaker_write_concern() {
    let db = TestDb::new().await;
    let not_journaled = journaled(Acknowledgment::Majority, false);
    let carried = builder(&db).audit(Audit::carried());
    let reason = refusal(carried.write_concern(not_journaled.clone())).await;
    assert!(reason.contains("does not ask for the journal"), "{reason}");
    // Elsewhere it is a choice.
    builder(&db)
        .audit(Audit::after_write())
        .write_concern(not_journaled)
        .build()
        .await
        .unwrap();
    builder(&db).audit(Audit::carried()).build().await.unwrap();

    let one = journaled(Acknowledgment::Nodes(1), true);
    let carried = builder(&db).audit(Audit::carried()).write_concern(one);
    if capabilities(&db).await.topology() == Topology::Standalone {
        carried.build().await.unwrap();
    } else {
        let reason = refusal(carried).await;
        assert!(reason.contains("does not ask for the majority"), "{reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_is_in_no_collection_of_a_model() {
    let db = TestDb::new().await;
    let known = builder(&db)
        .audit_of::<Tally>(Audit::after_write())
        .audit_collection("tallies");
    let reason = "`tallies` cannot be the collection of Tally and the audit log at once: name another one with `audit_collection`";
    assert_eq!(refusal(known).await, reason);

    let guard = builder(&db)
        .audit_collection("tallies")
        .build()
        .await
        .unwrap();
    let tallies = guard.collection::<Tally>();
    let created = tallies.by("desk").create(Tally { total: 1 }).await;
    let Err(Error::InvalidUpdate(error)) = created else {
        panic!("{created:?}")
    };
    assert_eq!(error.reason(), &InvalidReason::InTheLog);
    for refused in [
        tallies.ensure_indexes().await.map(drop),
        tallies.index_plan().await.map(drop),
    ] {
        let Err(Error::Unsupported(text)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(text, reason);
    }
    // Others keep their entries there.
    guard
        .collection::<Profile>()
        .by("desk")
        .create(Profile::named("n"))
        .await
        .unwrap();
    guard.flush().await.unwrap();
    assert!(
        db.database()
            .list_collection_names()
            .await
            .unwrap()
            .contains(&"tallies".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_settles_a_write_reads_as_was_chosen() {
    let db = TestDb::new().await;
    let has_linearizable = capabilities(&db).await.has_linearizable_reads();
    for (chosen, level) in [
        (SettlingReads::Linearizable, "linearizable"),
        (SettlingReads::Majority, "majority"),
    ] {
        let guard = builder(&db).settling_reads(chosen).build().await.unwrap();
        let desk = guard.collection::<Tally>().by("desk");
        let first = desk.create(Tally { total: 1 }).await.unwrap();
        desk.update(&first).inc(|t| t.total, 1).await.unwrap();
        db.commands().clear();
        let late = desk.update(&first).inc(|t| t.total, 1).await;
        assert!(matches!(late, Err(Error::Conflict(_))), "{late:?}");
        let reads = db.commands().named("find");
        assert!(reads.len() >= 2, "{reads:#?}");
        for read in reads.iter().take(2) {
            let concern = read.body.get_document("readConcern").ok();
            let asked = concern.and_then(|concern| concern.get_str("level").ok());
            assert_eq!(asked, has_linearizable.then_some(level), "{read:#?}");
        }
    }
}
