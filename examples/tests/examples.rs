//! The examples run, and the longest one tells what it should.

// The programs themselves, as modules: what they run is what is tested.
#[allow(dead_code, reason = "`main` and what it alone needs")]
#[path = "../examples/order_fulfilment/main.rs"]
mod order_fulfilment;
#[allow(dead_code, reason = "`main`")]
#[path = "../examples/quickstart.rs"]
mod quickstart;
#[allow(dead_code, reason = "`main`")]
#[path = "../examples/transfer.rs"]
mod transfer;

use mongodb::bson::oid::ObjectId;
use mongodb::bson::{Document, doc};
use mongodb::{Client, Database};
use monguard::prelude::*;
use monguard_test_server::Server;

async fn database() -> Database {
    let server = Server::shared().unwrap_or_else(|error| panic!("{error}"));
    let client = Client::with_uri_str(server.uri())
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    client.database(&format!("examples_{}", ObjectId::new()))
}

#[tokio::test(flavor = "multi_thread")]
async fn quickstart_ends_at_version_three() {
    let database = database().await;
    quickstart::run(database.clone()).await.unwrap();
    let accounts = database.collection::<Document>("accounts");
    let account = accounts.find_one(doc! {}).await.unwrap().unwrap();
    assert_eq!(account.get_i32("__v").unwrap(), 3);
    assert_eq!(account.get_i64("balance").unwrap(), 30);
    let log = database.collection::<Document>("audit_logs");
    assert_eq!(log.count_documents(doc! {}).await.unwrap(), 3);
    database.drop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_is_made_once_and_as_a_whole() {
    use transfer::{Account, Bank, InsufficientFunds, Transfer};

    let server = Server::shared().unwrap_or_else(|error| panic!("{error}"));
    if server.topology() == monguard_test_server::Topology::Standalone {
        return;
    }
    let database = database().await;
    transfer::run(database.clone()).await.unwrap();
    let bank = Bank::open(database.clone()).await.unwrap();
    let accounts = bank.accounts.collection();
    let balance = async |number: &str| {
        let found = accounts.find_by_id(number.to_owned()).await.unwrap();
        found.map(|account: Stored<Account>| (account.balance, account.version()))
    };
    assert_eq!(balance("anna").await, Some((20, 2.into())));
    assert_eq!(balance("ben").await, Some((80, 2.into())));
    let lines = bank.ledger.collection().find(|t| t.amount.gt(0));
    assert_eq!(lines.await.unwrap().len(), 1);
    let too_much = Transfer {
        reference: "all".to_owned(),
        from: "ben".to_owned(),
        to: "anna".to_owned(),
        amount: 81,
    };
    let refused = bank.transfer(&too_much).await;
    let Err(Error::Abort(reason)) = refused else {
        panic!("{refused:?}")
    };
    let reason = reason.downcast_ref::<InsufficientFunds>();
    assert_eq!(reason, Some(&InsufficientFunds { asked: 81 }));
    database.drop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn order_fulfilment_tells_its_story() {
    let database = database().await;
    let monguard = Monguard::builder(database.clone()).build().await.unwrap();
    let mut told = Vec::new();
    order_fulfilment::scenario::play(&monguard, &mut told)
        .await
        .unwrap();
    database.drop().await.unwrap();
    let told = String::from_utf8(told).unwrap();
    assert!(!told.contains("tok_"), "the card token shows:\n{told}");
    assert_eq!(
        settled(&told),
        include_str!("order_fulfilment.txt"),
        "\n{told}"
    );
}

/// The story with what differs from run to run replaced at the same width: the times, and who won
/// the race.
fn settled(told: &str) -> String {
    let [first, second] = if told.contains("warehouse-001 has packed it") {
        ["001", "002"]
    } else {
        ["002", "001"]
    };
    // The second warehouse's own request wrote nothing.
    let request = if first == "001" {
        "req-1003"
    } else {
        "req-1004"
    };
    without_times(told)
        .replace(&format!("warehouse-{first}"), "warehouse-1st")
        .replace(&format!("warehouse-{second}"), "warehouse-2nd")
        .replace(&format!("TRK-{first}"), "TRK-1st")
        .replace(request, "req-_1st")
}

fn without_times(text: &str) -> String {
    const SHAPE: &str = "0000-00-00 00:00:00.000";
    const TIME: &str = "<--------- time ------>";
    let mut rest = text;
    let mut without = String::new();
    while let Some(next) = rest.chars().next() {
        let is_time = rest.get(..SHAPE.len()).is_some_and(|start| {
            let shape = |c: char| if c.is_ascii_digit() { '0' } else { c };
            start.chars().map(shape).eq(SHAPE.chars())
        });
        let length = if is_time {
            SHAPE.len()
        } else {
            next.len_utf8()
        };
        without.push_str(if is_time { TIME } else { &rest[..length] });
        rest = &rest[length..];
    }
    without
}
