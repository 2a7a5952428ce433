use mongodb::bson::{Document, doc};
use monguard_tests::proxy::{Command, Proxy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const OP_MSG: i32 = 2013;
const MORE_TO_COME: u32 = 1 << 1;
const EXHAUST_ALLOWED: u32 = 1 << 16;

fn message(request_id: i32, response_to: i32, flags: u32, body: &Document) -> Vec<u8> {
    let body = body.to_vec().unwrap();
    let length = i32::try_from(16 + 4 + 1 + body.len()).unwrap();
    let mut bytes = Vec::new();
    for number in [length, request_id, response_to, OP_MSG] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(flags.to_le_bytes());
    bytes.push(0);
    bytes.extend(body);
    bytes
}

/// Both ends of one connection through the proxy: the driver's and the server's.
async fn connected(listener: &TcpListener, proxy: &Proxy) -> (TcpStream, TcpStream) {
    let driver = TcpStream::connect(proxy.address()).await.unwrap();
    let (server, _) = listener.accept().await.unwrap();
    (driver, server)
}

async fn pass(from: &mut TcpStream, to: &mut TcpStream, message: &[u8]) {
    from.write_all(message).await.unwrap();
    let mut received = vec![0; message.len()];
    to.read_exact(&mut received).await.unwrap();
    assert_eq!(received, message);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_request_may_have_many_replies() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let proxy = Proxy::start(listener.local_addr().unwrap()).await;
    let rule = proxy
        .on(Command::named("hello"))
        .delay_reply(std::time::Duration::ZERO);
    let (mut driver, mut server) = connected(&listener, &proxy).await;

    let hello = doc! { "hello": 1, "$db": "admin" };
    pass(
        &mut driver,
        &mut server,
        &message(1, 0, EXHAUST_ALLOWED, &hello),
    )
    .await;
    for reply in 1..=5 {
        let streamed = message(100 + reply, 99 + reply, MORE_TO_COME, &doc! { "ok": reply });
        let first = message(101, 1, MORE_TO_COME, &doc! { "ok": 1 });
        let reply = if reply == 1 { first } else { streamed };
        pass(&mut server, &mut driver, &reply).await;
    }

    assert_eq!((proxy.seen("hello"), rule.times_fired()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_may_have_no_reply() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let proxy = Proxy::start(listener.local_addr().unwrap()).await;
    let (mut driver, mut server) = connected(&listener, &proxy).await;

    let insert = doc! { "insert": "orders", "$db": "shop" };
    let find = doc! { "find": "orders", "$db": "shop" };
    pass(
        &mut driver,
        &mut server,
        &message(1, 0, MORE_TO_COME, &insert),
    )
    .await;
    pass(&mut driver, &mut server, &message(2, 0, 0, &find)).await;
    pass(
        &mut server,
        &mut driver,
        &message(3, 2, 0, &doc! { "ok": 1 }),
    )
    .await;

    assert_eq!((proxy.seen("insert"), proxy.seen("find")), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_message_ends_the_connection() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let proxy = Proxy::start(listener.local_addr().unwrap()).await;
    let (mut driver, mut server) = connected(&listener, &proxy).await;
    driver.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    assert!(matches!(server.read(&mut [0]).await, Ok(0) | Err(_)));
    drop(server);
    assert!(matches!(driver.read(&mut [0]).await, Ok(0) | Err(_)));
}
