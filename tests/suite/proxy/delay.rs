use std::time::{Duration, Instant};

use mongodb::bson::{Document, doc};
use monguard_tests::fixture::TestDb;
use monguard_tests::proxy::Command;

/// Longer than any test waits: only the removal of the rule ends such a delay.
const FOREVER: Duration = Duration::from_secs(3600);

#[tokio::test(flavor = "multi_thread")]
async fn a_delayed_request_reaches_the_server_later() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let slow = db.through(&proxy).await;
    let rule = proxy.on(Command::named("insert")).delay_request(FOREVER);
    let orders = slow.database().collection("orders");
    let writer = tokio::spawn(async move { orders.insert_one(doc! { "_id": 1 }).await });

    rule.fired(1).await;
    let direct = db.database().collection::<Document>("orders");
    assert_eq!(direct.find_one(doc! {}).await.unwrap(), None);
    rule.remove();

    writer.await.unwrap().unwrap();
    assert_eq!(
        direct.find_one(doc! {}).await.unwrap(),
        Some(doc! { "_id": 1 })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_write_of_a_delayed_reply_has_been_made() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let slow = db.through(&proxy).await;
    let rule = proxy.on(Command::named("insert")).delay_reply(FOREVER);
    let orders = slow.database().collection("orders");
    let writer = tokio::spawn(async move { orders.insert_one(doc! { "_id": 1 }).await });

    rule.answered(1).await;
    let direct = db.database().collection::<Document>("orders");
    assert_eq!(
        direct.find_one(doc! {}).await.unwrap(),
        Some(doc! { "_id": 1 })
    );
    assert!(!writer.is_finished());
    rule.remove();

    writer.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delay_takes_as_long_as_it_says() {
    const DELAY: Duration = Duration::from_millis(60);
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let slow = db.through(&proxy).await;
    proxy.on(Command::named("insert")).delay_request(DELAY);
    proxy.on(Command::named("insert")).nth(2).delay_reply(DELAY);

    let orders = slow.database().collection("orders");
    for id in 1..=2 {
        let start = Instant::now();
        orders.insert_one(doc! { "_id": id }).await.unwrap();
        assert!(start.elapsed() >= DELAY);
    }
}
