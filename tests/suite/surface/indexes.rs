//! The indexes that a model declares, made and found.

use std::time::Duration;

use mongodb::bson::{Bson, doc};
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use tokio::task::JoinSet;

use super::indexed::{Member, collection, guard, indexes, make, named, raw};

const MADE: [&str; 7] = [
    "members.by_plan",
    "members.devices.serial_1",
    "members.email_1",
    "members.planName_-1",
    "members.joinedAt_1",
    "members.region_1",
    "audit_logs.monguard_history",
];

#[tokio::test(flavor = "multi_thread")]
async fn each_index_is_made_as_declared_and_found_afterwards() {
    let db = TestDb::new().await;
    let members = guard(&db).await.collection::<Member>();
    let made = members.ensure_indexes().await.unwrap();
    assert_eq!(
        (&made.made[..], made.found.len()),
        (&MADE.map(str::to_owned)[..], 0)
    );
    let there = indexes(&db, "members").await;
    let keys = |name: &str| there[name].keys.clone();
    assert_eq!(
        keys("by_plan"),
        doc! { "planName": 1, "joinedAt": -1, "address.zipCode": 1 }
    );
    assert_eq!(keys("devices.serial_1"), doc! { "devices.serial": 1 });
    assert_eq!(keys("planName_-1"), doc! { "planName": -1 });
    let options = |name: &str| there[name].options.clone().unwrap();
    assert_eq!(options("email_1").unique, Some(true));
    assert_eq!(options("planName_-1").sparse, Some(true));
    assert_eq!(
        options("joinedAt_1").expire_after,
        Some(Duration::from_secs(3600))
    );
    assert_eq!(
        options("region_1").partial_filter_expression,
        Some(doc! { "balance": { "$gt": Bson::Int64(0) } })
    );
    let again = members.ensure_indexes().await.unwrap();
    assert_eq!(
        (again.made.len(), &again.found[..]),
        (0, &MADE.map(str::to_owned)[..])
    );
    assert_eq!(indexes(&db, "members").await.len(), there.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unique_index_refuses_the_second_document() {
    let db = TestDb::new().await;
    let desk = collection::<Member>(&db).await.by("desk");
    desk.create(Member::of("a@x")).await.unwrap();
    let Err(Error::DuplicateKey(error)) = desk.create(Member::of("a@x")).await else {
        panic!("created twice")
    };
    assert_eq!(error.fields(), ["email"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_keeps_no_other_index_from_being_made() {
    let db = TestDb::new().await;
    let mut expiring = named("old");
    expiring.expire_after = Some(Duration::from_secs(60));
    make(&db, "members", doc! { "joinedAt": 1 }, expiring).await;
    make(&db, "members", doc! { "x": 1 }, named("email_1")).await;
    make(&db, "members", doc! { "y": 1 }, named("of_another")).await;
    let members = guard(&db).await.collection::<Member>();

    let Err(Error::IndexConflict(error)) = members.ensure_indexes().await else {
        panic!("no conflict")
    };

    let report = error.report();
    assert_eq!(error.name(), "email_1");
    assert!(
        error.to_string().contains("and 1 more conflicts"),
        "{error}"
    );
    let conflicts: Vec<_> = report
        .conflicts
        .iter()
        .map(|conflict| (conflict.name(), conflict.existing(), conflict.differences()))
        .collect();
    let keys = [
        "it is on `x: 1`, not on `email: 1`".to_owned(),
        "it is not unique".to_owned(),
    ];
    let lifetime = ["documents in it expire after 60 s, not after 3600 s".to_owned()];
    assert_eq!(
        conflicts,
        [
            ("email_1", "email_1", &keys[..]),
            ("joinedAt_1", "old", &lifetime[..])
        ]
    );
    assert_eq!(report.made.len(), 5);
    let others = ["email_1", "of_another", "old"].map(|name| format!("members.{name}"));
    let mut found = report.others.clone();
    found.sort();
    assert_eq!(found, others);
    let there = indexes(&db, "members").await;
    assert!(there.contains_key("old") && there.contains_key("region_1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_that_share_a_value_are_an_error_that_names_the_index() {
    let db = TestDb::new().await;
    let twice = [doc! { "email": "secret@x" }, doc! { "email": "secret@x" }];
    raw(&db, "members").insert_many(twice).await.unwrap();
    let members = guard(&db).await.collection::<Member>();
    let Err(Error::IndexRefused(error)) = members.ensure_indexes().await else {
        panic!("made")
    };
    assert_eq!((error.collection(), error.name()), ("members", "email_1"));
    assert_eq!(error.code(), Some(11000));
    assert_eq!(error.report().refused, ["members.email_1"]);
    assert_eq!(error.report().made.len(), 6);
    assert!(!error.to_string().contains("secret"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn services_that_start_at_once_make_each_index_once() {
    let db = TestDb::new().await;
    let members = guard(&db).await.collection::<Member>();
    let mut services = JoinSet::new();
    for _ in 0..6 {
        let members = members.clone();
        services.spawn(async move { members.ensure_indexes().await });
    }
    for ensured in services.join_all().await {
        let ensured = ensured.unwrap();
        assert_eq!(ensured.made.len() + ensured.found.len(), MADE.len());
    }
    // With that of the id, without that of the log.
    assert_eq!(indexes(&db, "members").await.len(), MADE.len());
}
