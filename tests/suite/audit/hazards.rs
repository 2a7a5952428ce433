//! What on the server would take entries from the audit, found when the indexes are made.

use mongodb::IndexModel;
use mongodb::bson::{DateTime, Document, doc};
use mongodb::options::IndexOptions;
use monguard::prelude::*;
use monguard::{Audit, Hazard};
use monguard_tests::fixture::TestDb;
use monguard_tests::models::Tally;

/// A model that declares that its documents expire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "visits")]
struct Visit {
    #[monguard(index(expire_after = "1 hour"))]
    ends_at: Option<DateTime>,
    #[monguard(index)]
    page: String,
}

async fn collection<T: Versioned>(db: &TestDb, audit: Audit) -> Collection<T> {
    let guard = Monguard::builder(db.database().clone())
        .audit(audit)
        .build()
        .await;
    guard.unwrap().collection()
}

/// What `ensure_indexes` finds in the way, which `index_plan` foretells.
async fn hazards<T: Versioned>(collection: &Collection<T>) -> Vec<Hazard> {
    let plan = collection.index_plan().await.unwrap();
    let hazards = match collection.ensure_indexes().await {
        Ok(indexes) => indexes.hazards,
        Err(Error::AuditAtRisk(error)) => {
            assert_eq!(error.hazard(), &error.report().hazards[0]);
            assert!(
                error.to_string().starts_with(&error.hazard().to_string()),
                "{error}"
            );
            error.report().hazards.clone()
        }
        Err(error) => panic!("{error:?}"),
    };
    assert_eq!(plan.hazards, hazards);
    assert_eq!(
        plan.is_done(),
        plan.missing.is_empty() && hazards.is_empty()
    );
    hazards
}

async fn make(db: &TestDb, collection: &str, keys: Document, options: IndexOptions) {
    let index = IndexModel::builder().keys(keys).options(options).build();
    let handle = db.database().collection::<Document>(collection);
    handle.create_index(index).await.unwrap();
}

fn expiring(name: &str) -> IndexOptions {
    let options = IndexOptions::builder().name(name.to_owned());
    options
        .expire_after(std::time::Duration::from_secs(3600))
        .build()
}

async fn index_names(db: &TestDb, collection: &str) -> Vec<String> {
    let handle = db.database().collection::<Document>(collection);
    let mut names = handle.list_index_names().await.unwrap();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_that_carry_entries_do_not_expire() {
    let db = TestDb::new().await;
    let visits = collection::<Visit>(&db, Audit::carried()).await;
    let hazard = |index: &str| Hazard::ExpiringDocuments {
        collection: "visits".to_owned(),
        index: index.to_owned(),
    };
    assert_eq!(hazards(&visits).await, [hazard("endsAt_1")]);
    // The others were made.
    assert_eq!(index_names(&db, "visits").await, ["_id_", "page_1"]);
    make(&db, "visits", doc! { "x": 1 }, expiring("by_hand")).await;
    make(&db, "visits", doc! { "endsAt": 1 }, expiring("endsAt_1")).await;
    let found = hazards(&visits).await;
    assert_eq!(found, [hazard("endsAt_1"), hazard("by_hand")]);
    let text = found[1].to_string();
    assert!(
        text.contains("`by_hand`") && text.contains("hard-delete"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_that_carry_nothing_may_expire() {
    let db = TestDb::new().await;
    let visits = collection::<Visit>(&db, Audit::after_write()).await;
    assert_eq!(hazards(&visits).await, []);
    assert_eq!(
        index_names(&db, "visits").await,
        ["_id_", "endsAt_1", "page_1"]
    );
}

fn closed(properties: Document) -> Document {
    doc! { "$jsonSchema": { "properties": properties, "additionalProperties": false } }
}

/// The fields of a tally, as far as a validator without knowledge of monguard has them.
fn of_a_tally() -> Document {
    doc! { "_id": {}, "total": {}, "__v": {}, "createdAt": {}, "updatedAt": {}, "createdBy": {}, "updatedBy": {} }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_that_forbids_what_is_written_is_named_with_the_fields() {
    for (audit, forbidden) in [
        (Audit::carried(), vec!["__w", "__audit"]),
        (Audit::after_write(), vec!["__w"]),
    ] {
        let db = TestDb::new().await;
        let create = db.database().create_collection("tallies");
        create.validator(closed(of_a_tally())).await.unwrap();
        let tallies = collection::<Tally>(&db, audit).await;
        let found = hazards(&tallies).await;
        let fields = forbidden.iter().map(|&field| field.to_owned()).collect();
        let collection = "tallies".to_owned();
        assert_eq!(found, [Hazard::ForbiddenFields { collection, fields }]);
        // And so it is: the write is refused, with the code of validators.
        let created = tallies.by("desk").create(Tally { total: 1 }).await;
        let Err(Error::Driver(error)) = created else {
            panic!("{created:?}")
        };
        assert_eq!(error.code(), Some(121));

        let mut open = of_a_tally();
        open.extend(doc! { "__w": { "bsonType": "objectId" }, "__audit": { "bsonType": "array" } });
        let change = doc! { "collMod": "tallies", "validator": closed(open) };
        db.database().run_command(change).await.unwrap();
        assert_eq!(hazards(&tallies).await, []);
        tallies.by("desk").create(Tally { total: 1 }).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_that_only_warns_is_in_nobodys_way() {
    let db = TestDb::new().await;
    let create = db
        .database()
        .create_collection("tallies")
        .validator(closed(of_a_tally()));
    let warns = mongodb::options::ValidationAction::Warn;
    create.validation_action(warns).await.unwrap();
    let tallies = collection::<Tally>(&db, Audit::carried()).await;
    assert_eq!(hazards(&tallies).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_loses_or_refuses_entries_is_reported() {
    let db = TestDb::new().await;
    let log = "audit_logs".to_owned();
    make(&db, &log, doc! { "timestamp": 1 }, expiring("old")).await;
    let unique = IndexOptions::builder()
        .name("one".to_owned())
        .unique(true)
        .build();
    make(&db, &log, doc! { "traceId": 1 }, unique).await;
    let change =
        doc! { "collMod": "audit_logs", "validator": { "metadata": { "$exists": false } } };
    db.database().run_command(change).await.unwrap();
    for audit in [Audit::after_write(), Audit::carried()] {
        let collection = |name: &str| (log.clone(), name.to_owned());
        let (expiring, unique) = (collection("old"), collection("one"));
        let expected = [
            Hazard::ExpiringEntries {
                collection: expiring.0,
                index: expiring.1,
            },
            Hazard::UniqueEntries {
                collection: unique.0,
                index: unique.1,
            },
            Hazard::ForbiddenFields {
                collection: log.clone(),
                fields: vec!["metadata".to_owned()],
            },
        ];
        let tallies = self::collection::<Tally>(&db, audit).await;
        assert_eq!(hazards(&tallies).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_capped_log_is_reported_and_so_are_capped_documents_that_carry_entries() {
    let db = TestDb::new().await;
    for name in ["audit_logs", "tallies"] {
        let create = db.database().create_collection(name).capped(true);
        create.size(1_000_000).await.unwrap();
    }
    let of = |name: &str| name.to_owned();
    let entries = Hazard::CappedEntries {
        collection: of("audit_logs"),
    };
    let documents = Hazard::CappedDocuments {
        collection: of("tallies"),
    };
    let carried = collection::<Tally>(&db, Audit::carried()).await;
    assert_eq!(hazards(&carried).await, [documents, entries.clone()]);
    let after_write = collection::<Tally>(&db, Audit::after_write()).await;
    assert_eq!(hazards(&after_write).await, [entries]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_of_time_series_is_reported() {
    let db = TestDb::new().await;
    let options = mongodb::options::TimeseriesOptions::builder();
    let options = options.time_field("timestamp".to_owned()).build();
    let create = db.database().create_collection("audit_logs");
    create.timeseries(options).await.unwrap();
    let tallies = collection::<Tally>(&db, Audit::after_write()).await;
    let plan = tallies.index_plan().await.unwrap();
    let collection = "audit_logs".to_owned();
    assert_eq!(plan.hazards, [Hazard::TimeSeriesEntries { collection }]);
}
