use std::time::Duration;

use mongodb::bson::{Document, doc};
use monguard_tests::fixture::TestDb;
use monguard_tests::proxy::Command;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

#[tokio::test(flavor = "multi_thread")]
async fn refused_connections_are_an_outage_that_ends() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let flaky = db
        .connect()
        .through(&proxy)
        .retry_reads(false)
        .options(|options| options.server_selection_timeout = Some(Duration::from_millis(200)))
        .open()
        .await;
    let orders = flaky.database().collection::<Document>("orders");
    orders.find_one(doc! {}).await.unwrap();

    proxy.refuse_connections();
    proxy.cut_connections();
    assert!(orders.find_one(doc! {}).await.is_err());
    assert!(orders.find_one(doc! {}).await.is_err());

    proxy.accept_connections();
    let back = db.through(&proxy).await;
    back.database()
        .collection::<Document>("orders")
        .find_one(doc! {})
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn cutting_all_connections_reaches_those_that_are_held() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let flaky = db
        .connect()
        .through(&proxy)
        .retry_writes(false)
        .open()
        .await;
    let gate = proxy.on(Command::named("insert")).hold_request();
    let orders = flaky.database().collection("orders");
    let writer = tokio::spawn(async move { orders.insert_one(doc! { "_id": 1 }).await });
    gate.reached(1).await;

    proxy.cut_connections();

    assert!(writer.await.unwrap().is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_the_proxy_closes_its_sockets() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let address = proxy.address();
    let client = db.through(&proxy).await;
    client
        .database()
        .run_command(doc! { "ping": 1 })
        .await
        .unwrap();
    let mut socket = TcpStream::connect(address).await.unwrap();

    drop(proxy);

    let read = socket.read(&mut [0]).await;
    assert!(matches!(read, Ok(0) | Err(_)));
    let closed = async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), closed)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_server_connections_are_closed() {
    let free = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap();
    let nobody = free.local_addr().unwrap();
    drop(free);
    let proxy = monguard_tests::proxy::Proxy::start(nobody).await;
    let mut socket = TcpStream::connect(proxy.address()).await.unwrap();
    assert!(matches!(socket.read(&mut [0]).await, Ok(0) | Err(_)));
}
