//! What the server refuses, and a server that is not there.

use std::time::Duration;

use mongodb::bson::{Bson, Document, doc};
use mongodb::options::{Acknowledgment, WriteConcern};
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};
use monguard_tests::models::{Address, Profile, Tally, Wide};

use super::stage::{Contents, collection, raw};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_an_error_of_the_driver() {
    let db = TestDb::new().await;
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    drop(socket);
    let uri = format!("mongodb://127.0.0.1:{port}/?serverSelectionTimeoutMS=200");
    let client = mongodb::Client::with_uri_str(uri).await.unwrap();
    let built = after_write(client.database(db.name())).build().await;
    let Err(Error::Driver(error)) = built else {
        panic!("{built:?}")
    };
    assert!(error.is_transient());
    assert!(
        error.to_string().contains("no server could be reached"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_concern_that_reports_nothing_is_refused() {
    let db = TestDb::new().await;
    let none = WriteConcern::builder().w(Acknowledgment::Nodes(0)).build();
    let builder = after_write(db.database().clone()).write_concern(none);
    let built = builder.build().await;
    assert!(matches!(built, Err(Error::Unsupported(_))), "{built:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_of_another_unique_index_names_the_index_and_its_fields() {
    let db = TestDb::new().await;
    let desk = collection::<Profile>(&db).await.by("desk");
    let keys = doc! { "name": 1, "address.street": -1 };
    let options = mongodb::options::IndexOptions::builder().unique(true);
    let options = options.name("one_of_a_kind".to_owned()).build();
    let index = mongodb::IndexModel::builder().keys(keys).options(options);
    raw(&db, "profiles")
        .create_index(index.build())
        .await
        .unwrap();
    let mut profile = Profile::named("n");
    let street = "s".to_owned();
    profile.address = Some(Address { street, zip: None });
    desk.create(profile.clone()).await.unwrap();
    let mut other = profile.clone();
    other.name = "other".to_owned();
    let other = desk.create(other).await.unwrap();
    let contents = Contents::of(&db).await;
    for result in [
        desk.create(profile.clone()).await.map(|_| ()),
        desk.update(&other).set(|p| p.name, "n").await.map(|_| ()),
        desk.replace(&other, profile).await.map(|_| ()),
    ] {
        let Err(Error::DuplicateKey(error)) = result else {
            panic!("{result:?}")
        };
        assert_eq!(error.index(), "one_of_a_kind");
        assert_eq!(error.fields(), ["name", "address.street"]);
    }
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_taken_is_a_duplicate_key() {
    let db = TestDb::new().await;
    let wides = collection::<Wide>(&db).await;
    let desk = wides.by("desk");
    desk.create(Wide { number: 1, size: 1 }).await.unwrap();
    let contents = Contents::of(&db).await;
    let again = desk.create(Wide { number: 1, size: 2 }).await;
    let Err(Error::DuplicateKey(error)) = again else {
        panic!("{again:?}")
    };
    assert_eq!(error.fields(), ["_id"]);
    assert_eq!(error.subject().id(), Some(&Bson::Int64(1)));
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_validator_refuses_is_not_written() {
    let db = TestDb::new().await;
    let validator: Document = doc! { "total": { "$lt": 100 } };
    let create = db
        .database()
        .create_collection("tallies")
        .validator(validator);
    create.await.unwrap();
    let desk = collection::<Tally>(&db).await.by("desk");
    let created = desk.create(Tally { total: 5 }).await.unwrap();
    let contents = Contents::of(&db).await;
    for result in [
        desk.create(Tally { total: 500 }).await.map(|_| ()),
        desk.update(&created)
            .set(|t| t.total, 500)
            .await
            .map(|_| ()),
        desk.update_latest(created.id())
            .inc(|t| t.total, 500)
            .await
            .map(|_| ()),
    ] {
        let Err(Error::Driver(error)) = result else {
            panic!("{result:?}")
        };
        assert_eq!(error.code(), Some(121));
        assert!(!error.is_transient());
        assert!(error.to_string().contains("validator"), "{error}");
    }
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_away_is_a_typed_error_of_reads_and_writes() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let connect = db.connect().through(&proxy).options(|options| {
        options.server_selection_timeout = Some(Duration::from_millis(300));
    });
    let through = connect.open().await;
    let builder = after_write(through.database().clone());
    let builder = builder.time_limit(Duration::from_millis(300));
    let monguard = builder.margin(Duration::from_millis(100)).build().await;
    let tallies = monguard.unwrap().collection::<Tally>();
    let desk = tallies.by("desk");
    let created = desk.create(Tally::default()).await.unwrap();
    let contents = Contents::of(&db).await;
    drop(proxy);
    let found = tallies.find_by_id(created.id()).await;
    assert!(matches!(found, Err(Error::Driver(_))), "{found:?}");
    let updated = desk.update(&created).inc(|t| t.total, 1).await;
    assert!(
        matches!(updated, Err(Error::Driver(_) | Error::Unsettled(_))),
        "{updated:?}"
    );
    contents.assert_kept(&db).await;
}
