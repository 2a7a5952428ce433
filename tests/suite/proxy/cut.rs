use mongodb::bson::{Document, doc};
use monguard_tests::fixture::TestDb;
use monguard_tests::proxy::Command;

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_is_cut_before_the_server_has_no_effect() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let flaky = db
        .connect()
        .through(&proxy)
        .retry_writes(false)
        .open()
        .await;
    let rule = proxy
        .on(Command::named("insert").on_collection("orders"))
        .cut_before();

    let result = flaky
        .database()
        .collection("orders")
        .insert_one(doc! { "_id": 1 })
        .await;

    assert!(result.is_err());
    assert_eq!((rule.times_fired(), proxy.seen("insert")), (1, 1));
    let orders = db.database().collection::<Document>("orders");
    assert_eq!(orders.find_one(doc! {}).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_answer_is_cut_has_been_made() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let flaky = db
        .connect()
        .through(&proxy)
        .retry_writes(false)
        .open()
        .await;
    let rule = proxy
        .on(Command::named("insert").on_collection("orders"))
        .cut_after();

    let result = flaky
        .database()
        .collection("orders")
        .insert_one(doc! { "_id": 1 })
        .await;

    assert!(result.is_err());
    assert_eq!((rule.times_fired(), proxy.seen("insert")), (1, 1));
    let orders = db.database().collection::<Document>("orders");
    assert_eq!(
        orders.find_one(doc! {}).await.unwrap(),
        Some(doc! { "_id": 1 })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_driver_sends_a_lost_write_again_and_the_server_makes_it_once() {
    let db = TestDb::new().await;
    if !db.topology().await.has_transactions() {
        return;
    }
    let orders = db.database().collection::<Document>("orders");
    for (cut_after, id) in [(false, 1), (true, 2)] {
        orders
            .insert_one(doc! { "_id": id, "amount": 0 })
            .await
            .unwrap();
        let proxy = db.proxy().await;
        let flaky = db.through(&proxy).await;
        let rule = proxy.on(Command::named("findAndModify"));
        if cut_after {
            rule.cut_after()
        } else {
            rule.cut_before()
        };

        let through = flaky.database().collection::<Document>("orders");
        let update = doc! { "$inc": { "amount": 1 } };
        through
            .find_one_and_update(doc! { "_id": id }, update)
            .await
            .unwrap();

        assert_eq!(proxy.seen_on("findAndModify", "orders"), 2);
        let stored = orders.find_one(doc! { "_id": id }).await.unwrap();
        assert_eq!(stored, Some(doc! { "_id": id, "amount": 1 }));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_chosen_command_is_cut() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let flaky = db
        .connect()
        .through(&proxy)
        .retry_writes(false)
        .open()
        .await;
    proxy
        .on(Command::named("insert").on_collection("orders"))
        .nth(2)
        .cut_before();

    let orders = flaky.database().collection("orders");
    let invoices = flaky.database().collection("invoices");
    let mut inserted = Vec::new();
    for id in 1..=3 {
        inserted.push(invoices.insert_one(doc! { "_id": id }).await.is_ok());
        inserted.push(orders.insert_one(doc! { "_id": id }).await.is_ok());
    }

    assert_eq!(inserted, [true, true, true, false, true, true]);
    assert_eq!(
        (proxy.seen("insert"), proxy.seen_on("insert", "orders")),
        (6, 3)
    );
    proxy.forget_seen();
    assert_eq!(proxy.seen("insert"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_of_an_operation_can_be_the_one_that_is_lost() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let flaky = db
        .connect()
        .through(&proxy)
        .retry_writes(false)
        .retry_reads(false)
        .open()
        .await;
    let orders = flaky.database().collection::<Document>("orders");
    for lost in 1..=3 {
        let rule = proxy
            .on(Command::any().in_database(db.name()))
            .nth(lost)
            .cut_before();
        let results = [
            orders
                .insert_one(doc! { "_id": lost.to_string() })
                .await
                .is_ok(),
            orders.find_one(doc! {}).await.is_ok(),
            orders.delete_one(doc! {}).await.is_ok(),
        ];
        assert_eq!(results.iter().position(|arrived| !arrived), Some(lost - 1));
        rule.remove();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_connections_survive_a_cut() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let flaky = db
        .connect()
        .through(&proxy)
        .retry_reads(false)
        .retry_writes(false)
        .open()
        .await;
    let orders = flaky.database().collection::<Document>("orders");
    let gate = proxy.on(Command::named("find")).hold_reply();
    let reader = tokio::spawn({
        let orders = orders.clone();
        async move { orders.find_one(doc! {}).await }
    });
    gate.reached(1).await;

    proxy.on(Command::named("insert")).cut_after();
    assert!(orders.insert_one(doc! { "_id": 1 }).await.is_err());
    gate.release();

    assert_eq!(reader.await.unwrap().unwrap(), None);
}
