use mongodb::bson::{Document, doc};
use monguard_tests::fixture::TestDb;
use monguard_tests::proxy::Command;

/// Within the header, at its end, within the flags, within the document, and all but one byte.
const LENGTHS: [usize; 6] = [0, 7, 16, 18, 40, usize::MAX];

#[tokio::test(flavor = "multi_thread")]
async fn part_of_a_request_has_no_effect() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let flaky = db
        .connect()
        .through(&proxy)
        .retry_writes(false)
        .open()
        .await;
    let through = flaky.database().collection("orders");
    let orders = db.database().collection::<Document>("orders");
    for length in LENGTHS {
        let rule = proxy.on(Command::named("insert")).partial_request(length);
        assert!(through.insert_one(doc! { "_id": 1 }).await.is_err());
        assert_eq!(rule.times_fired(), 1);
        assert_eq!(
            orders.find_one(doc! {}).await.unwrap(),
            None,
            "{length} bytes"
        );
    }
    through.insert_one(doc! { "_id": 1 }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn part_of_a_reply_is_an_error_after_the_effect() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let flaky = db
        .connect()
        .through(&proxy)
        .retry_writes(false)
        .open()
        .await;
    let through = flaky.database().collection("orders");
    let orders = db.database().collection::<Document>("orders");
    for length in LENGTHS {
        let rule = proxy.on(Command::named("insert")).partial_reply(length);
        assert!(
            through.insert_one(doc! { "_id": 1 }).await.is_err(),
            "{length} bytes"
        );
        assert_eq!(rule.times_fired(), 1);
        assert_eq!(orders.delete_many(doc! {}).await.unwrap().deleted_count, 1);
    }
    through.insert_one(doc! { "_id": 1 }).await.unwrap();
}
