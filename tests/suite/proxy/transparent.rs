use std::time::Duration;

use mongodb::Client;
use mongodb::bson::{Document, doc};
use mongodb::event::EventHandler;
use mongodb::event::sdam::SdamEvent;
use monguard_tests::fixture::TestDb;
use monguard_tests::proxy::Command;
use tokio::sync::watch;

#[tokio::test(flavor = "multi_thread")]
async fn a_client_of_the_uri_works_as_without_a_proxy() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let client = Client::with_uri_str(proxy.uri_with("retryWrites=false"))
        .await
        .unwrap();
    let orders = client.database(db.name()).collection::<Document>("orders");

    let large = "x".repeat(100_000);
    let batch: Vec<_> = (0..100)
        .map(|id| doc! { "_id": id, "large": &large })
        .collect();
    orders.insert_many(batch).await.unwrap();
    assert_eq!(orders.count_documents(doc! {}).await.unwrap(), 100);
    let mut cursor = orders.find(doc! {}).batch_size(10).await.unwrap();
    let mut read = 0;
    while cursor.advance().await.unwrap() {
        read += 1;
    }

    assert_eq!(read, 100);
    assert_eq!((proxy.seen("insert"), proxy.seen("find")), (1, 1));
    assert!(proxy.seen_on("getMore", "orders") >= 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documents_of_an_insert_can_be_matched() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let flaky = db
        .connect()
        .through(&proxy)
        .retry_writes(false)
        .open()
        .await;
    let two = |body: &Document| body.get_array("documents").is_ok_and(|all| all.len() == 2);
    proxy
        .on(Command::named("insert").matching(two))
        .cut_before();

    let orders = flaky.database().collection("orders");
    orders.insert_one(doc! { "_id": 1 }).await.unwrap();
    assert!(
        orders
            .insert_many([doc! { "_id": 2 }, doc! { "_id": 3 }])
            .await
            .is_err()
    );
    orders.insert_one(doc! { "_id": 4 }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn monitoring_works_through_the_proxy() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let (beats, mut beaten) = watch::channel(0);
    let client = db
        .connect()
        .through(&proxy)
        .options(move |options| {
            options.heartbeat_freq = Some(Duration::from_millis(500));
            options.sdam_event_handler = Some(EventHandler::callback(move |event| match event {
                SdamEvent::ServerHeartbeatSucceeded(_) => beats.send_modify(|count| *count += 1),
                SdamEvent::ServerHeartbeatFailed(failed) => {
                    panic!("a failed heartbeat: {failed:?}")
                }
                _ => {}
            }));
        })
        .open()
        .await;
    client
        .database()
        .run_command(doc! { "ping": 1 })
        .await
        .unwrap();

    let third = beaten.wait_for(|count| *count >= 3);
    tokio::time::timeout(Duration::from_secs(10), third)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_goes_through_the_proxy() {
    let db = TestDb::new().await;
    if !db.topology().await.has_transactions() {
        return;
    }
    let proxy = db.proxy().await;
    let client = db.through(&proxy).await;
    let orders = client.database().collection("orders");
    let mut session = client.client().start_session().await.unwrap();
    session.start_transaction().await.unwrap();
    orders
        .insert_one(doc! { "_id": 1 })
        .session(&mut session)
        .await
        .unwrap();
    session.commit_transaction().await.unwrap();

    assert_eq!(proxy.seen("commitTransaction"), 1);
    assert_eq!(client.commands().names(), ["insert", "commitTransaction"]);
}
