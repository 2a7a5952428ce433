use mongodb::Collection;
use mongodb::bson::{Document, doc};
use monguard_tests::fixture::{TestClient, TestDb};
use monguard_tests::proxy::{Command, Proxy};
use tokio::task::JoinHandle;

type Insert = JoinHandle<mongodb::error::Result<()>>;

async fn held_client(db: &TestDb) -> (Proxy, TestClient) {
    let proxy = db.proxy().await;
    let client = db
        .connect()
        .through(&proxy)
        .retry_writes(false)
        .retry_reads(false)
        .open()
        .await;
    (proxy, client)
}

fn insert(client: &TestClient, id: i32) -> Insert {
    let orders = client.database().collection("orders");
    tokio::spawn(async move { orders.insert_one(doc! { "_id": id }).await.map(|_| ()) })
}

async fn stored(db: &TestDb) -> u64 {
    db.database()
        .collection::<Document>("orders")
        .count_documents(doc! {})
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_request_waits_outside_the_server() {
    let db = TestDb::new().await;
    let (proxy, client) = held_client(&db).await;
    let gate = proxy.on(Command::named("insert")).hold_request();
    let writer = insert(&client, 1);

    gate.reached(1).await;
    assert_eq!(stored(&db).await, 0);
    assert!(!writer.is_finished());
    gate.release();

    writer.await.unwrap().unwrap();
    assert_eq!(stored(&db).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_reply_is_that_of_a_write_that_was_made() {
    let db = TestDb::new().await;
    let (proxy, client) = held_client(&db).await;
    let gate = proxy.on(Command::named("insert")).hold_reply();
    let writer = insert(&client, 1);

    gate.reached(1).await;
    assert_eq!(stored(&db).await, 1);
    assert!(!writer.is_finished());
    gate.release();

    writer.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_request_that_is_cut_never_reaches_the_server() {
    let db = TestDb::new().await;
    let (proxy, client) = held_client(&db).await;
    let gate = proxy.on(Command::named("insert")).hold_request();
    let writer = insert(&client, 1);

    gate.reached(1).await;
    gate.cut();

    assert!(writer.await.unwrap().is_err());
    assert_eq!(stored(&db).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_reply_that_is_cut_is_lost() {
    let db = TestDb::new().await;
    let (proxy, client) = held_client(&db).await;
    let gate = proxy.on(Command::named("insert")).hold_reply();
    let writer = insert(&client, 1);

    gate.reached(1).await;
    gate.cut();

    assert!(writer.await.unwrap().is_err());
    assert_eq!(stored(&db).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn held_commands_go_on_in_the_order_of_their_coming() {
    let db = TestDb::new().await;
    let (proxy, client) = held_client(&db).await;
    let gate = proxy.on(Command::named("insert")).times(3).hold_request();
    let mut writers = Vec::new();
    for id in 1..=3 {
        writers.push(insert(&client, id));
        gate.reached(usize::try_from(id).unwrap()).await;
    }

    gate.release_one();
    gate.answered(1).await;
    assert_eq!(stored(&db).await, 1);
    gate.cut_one();
    gate.release_one();

    let mut arrived = Vec::new();
    for writer in writers {
        arrived.push(writer.await.unwrap().is_ok());
    }
    assert_eq!(arrived, [true, false, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_writers_can_be_made_to_read_the_same_state() {
    let db = TestDb::new().await;
    let (proxy, client) = held_client(&db).await;
    let orders = client.database().collection::<Document>("orders");
    orders
        .insert_one(doc! { "_id": 1, "amount": 0 })
        .await
        .unwrap();
    let gate = proxy.on(Command::named("find")).times(2).hold_reply();
    let writers = [unguarded_increment(&orders), unguarded_increment(&orders)];

    gate.reached(2).await;
    gate.release();
    for writer in writers {
        writer.await.unwrap();
    }

    let lost = doc! { "_id": 1, "amount": 1 };
    assert_eq!(orders.find_one(doc! {}).await.unwrap(), Some(lost));
}

fn unguarded_increment(orders: &Collection<Document>) -> JoinHandle<()> {
    let orders = orders.clone();
    tokio::spawn(async move {
        let amount = orders
            .find_one(doc! {})
            .await
            .unwrap()
            .unwrap()
            .get_i32("amount")
            .unwrap();
        let update = doc! { "$set": { "amount": amount + 1 } };
        orders.update_one(doc! { "_id": 1 }, update).await.unwrap();
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_released_request_arrives_although_its_caller_has_gone() {
    let db = TestDb::new().await;
    let (proxy, client) = held_client(&db).await;
    let gate = proxy.on(Command::named("insert")).hold_request();
    let writer = insert(&client, 1);
    gate.reached(1).await;

    writer.abort();
    assert!(writer.await.unwrap_err().is_cancelled());
    drop(client);
    assert_eq!(stored(&db).await, 0);
    gate.release();
    gate.answered(1).await;

    assert_eq!(stored(&db).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_a_gate_opens_it() {
    let db = TestDb::new().await;
    let (proxy, client) = held_client(&db).await;
    let gate = proxy.on(Command::named("insert")).always().hold_request();
    let writer = insert(&client, 1);
    gate.reached(1).await;
    drop(gate);

    writer.await.unwrap().unwrap();
    insert(&client, 2).await.unwrap().unwrap();
    assert_eq!(stored(&db).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gate_that_was_opened_holds_nothing_more() {
    let db = TestDb::new().await;
    let (proxy, client) = held_client(&db).await;
    let gate = proxy.on(Command::named("insert")).always().hold_reply();
    gate.release();

    insert(&client, 1).await.unwrap().unwrap();
    insert(&client, 2).await.unwrap().unwrap();
    gate.reached(2).await;
}
