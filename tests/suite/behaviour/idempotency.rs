//! Creates that are sent more than once.

use mongodb::bson::{Bson, bson, doc};
use monguard::error::InvalidReason;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Order, OrderStatus, Payment, Request, Tally};
use tokio::task::JoinSet;

use super::stage::{Contents, collection, entries, guard, raw, refusal, stored};

fn is_compared<T: Versioned>(created: &Created<T>) -> bool {
    !created.is_new() && created.was_compared()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_again_finds_what_the_first_one_made() {
    let db = TestDb::new().await;
    let desk = collection::<Order>(&db).await.by("desk");
    let first = desk.create(Order::placed("c-1")).await.unwrap();
    assert!(first.is_new());
    let contents = Contents::of(&db).await;
    let again = desk.create(Order::placed("c-1")).await.unwrap();
    assert!(is_compared(&again), "{again:?}");
    assert_eq!((again.id(), again.version()), (first.id(), 1.into()));
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_finds_a_document_that_has_moved_on_or_is_deleted() {
    let db = TestDb::new().await;
    let desk = collection::<Order>(&db).await.by("desk");
    let first = desk.create(Order::placed("c-1")).await.unwrap();
    let second = desk.update(&first).set(|o| o.amount, 5).await.unwrap();
    let third = desk
        .update(&second)
        .set(|o| o.status, OrderStatus::Completed);
    let third = third.await.unwrap();
    let again = desk.create(Order::placed("c-1")).await.unwrap();
    assert!(is_compared(&again), "{again:?}");
    assert_eq!((again.amount, again.version()), (5, 3.into()));
    assert!(!again.is_deleted());

    desk.delete(&third).await.unwrap();
    let again = desk.create(Order::placed("c-1")).await.unwrap();
    assert!(is_compared(&again) && again.is_deleted());
    assert_eq!(again.version(), 4);
    assert_eq!(entries(&db).await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_request_with_the_key_is_a_mismatch_even_if_the_document_now_looks_like_it() {
    let db = TestDb::new().await;
    let desk = collection::<Order>(&db).await.by("desk");
    let first = desk.create(Order::placed("c-1")).await.unwrap();
    let mut other = Order::placed("c-1");
    other.amount = 5;
    desk.update(&first).set(|o| o.amount, 5).await.unwrap();
    let contents = Contents::of(&db).await;
    let result = desk.create(other).await;
    let Err(Error::IdempotencyMismatch(mismatch)) = result else {
        panic!("{result:?}")
    };
    assert_eq!(mismatch.field(), "checkoutId");
    assert_eq!(mismatch.subject().id(), Some(&Bson::ObjectId(first.id())));
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_the_request_is_stored_and_compared_without_ignored_fields() {
    let db = TestDb::new().await;
    let desk = collection::<Payment>(&db).await.by("desk");
    let first = desk
        .create(Payment::of(5))
        .idempotency_key("k-1")
        .await
        .unwrap();
    let document = stored(&db, "payments", first.id()).await;
    assert_eq!(document.get_str("idempotentKey").unwrap(), "k-1");
    let mut again = Payment::of(5);
    again.sent_from = "till-2".to_owned();
    let again = desk.create(again).idempotency_key("k-1").await.unwrap();
    assert!(is_compared(&again));
    assert_eq!(again.sent_from, "till-1");

    let different = desk.create(Payment::of(6)).idempotency_key("k-1").await;
    assert!(matches!(different, Err(Error::IdempotencyMismatch(_))));
    let other = desk
        .create(Payment::of(6))
        .idempotency_key(7)
        .await
        .unwrap();
    assert!(other.is_new());
    let contents = Contents::of(&db).await;
    let same_number = desk.create(Payment::of(6)).idempotency_key(7_i64).await;
    assert!(is_compared(&same_number.unwrap()));
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn creates_without_a_key_of_their_own_are_not_tied_together() {
    let db = TestDb::new().await;
    let desk = collection::<Payment>(&db).await.by("desk");
    for _ in 0..2 {
        assert!(desk.create(Payment::of(5)).await.unwrap().is_new());
    }
    let log = entries(&db).await;
    assert_eq!(log.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_takes_no_keys_refuses_one() {
    let db = TestDb::new().await;
    let desk = collection::<Tally>(&db).await.by("desk");
    let contents = Contents::of(&db).await;
    let result = desk.create(Tally::default()).idempotency_key("k").await;
    let refusal = refusal(result);
    assert_eq!(
        refusal,
        (InvalidReason::NoKeyField, "idempotentKey".to_owned())
    );
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_null_or_a_list_is_refused() {
    let db = TestDb::new().await;
    let requests = collection::<Request>(&db).await.by("desk");
    let payments = collection::<Payment>(&db).await.by("desk");
    let contents = Contents::of(&db).await;
    let request = Request {
        key: None,
        text: "t".to_owned(),
    };
    let result = requests.create(request).await;
    assert_eq!(refusal(result), (InvalidReason::NoKey, "key".to_owned()));
    let null = payments
        .create(Payment::of(1))
        .idempotency_key(Bson::Null)
        .await;
    assert_eq!(refusal(null).0, InvalidReason::NoKey);
    // A unique index holds the elements of a list apart, not the list.
    let list = payments
        .create(Payment::of(1))
        .idempotency_key(bson!([1, 2]))
        .await;
    assert_eq!(refusal(list).0, InvalidReason::KeyIsList);
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_without_a_fingerprint_exists_and_is_not_compared() {
    let db = TestDb::new().await;
    let desk = collection::<Order>(&db).await.by("desk");
    let document = doc! { "checkoutId": "c-1", "status": "completed", "amount": 1_i64,
    "fulfilment": { "validatedBy": null, "tracking": null }, "cardToken": null };
    raw(&db, "orders").insert_one(document).await.unwrap();
    let contents = Contents::of(&db).await;
    let found = desk.create(Order::placed("c-1")).await.unwrap();
    assert!(!found.is_new() && !found.was_compared());
    assert_eq!(found.amount, 1);
    assert!(found.version().is_absent());
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_without_its_index_names_what_makes_it() {
    let db = TestDb::new().await;
    let orders = guard(&db).await.collection::<Order>();
    let desk = orders.by("desk");
    for _ in 0..2 {
        let result = desk.create(Order::placed("c-1")).await;
        let Err(Error::MissingIndex(missing)) = &result else {
            panic!("{result:?}")
        };
        assert_eq!(missing.field(), "checkoutId");
        assert!(missing.to_string().contains("ensure_indexes"), "{missing}");
    }
    let payment = guard(&db).await.collection::<Payment>().by("desk");
    let result = payment.create(Payment::of(1)).idempotency_key("k").await;
    assert!(matches!(result, Err(Error::MissingIndex(_))), "{result:?}");
    assert_eq!(entries(&db).await.len(), 0);

    orders.ensure_indexes().await.unwrap();
    assert!(desk.create(Order::placed("c-1")).await.unwrap().is_new());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_creates_with_one_key_at_once_one_makes_the_document() {
    let db = TestDb::new().await;
    let orders = collection::<Order>(&db).await;
    let mut creates = JoinSet::new();
    for n in 0..10 {
        let desk = orders.by(n);
        creates.spawn(async move { desk.create(Order::placed("c-1")).await.unwrap() });
    }
    let results = creates.join_all().await;
    assert_eq!(results.iter().filter(|one| one.is_new()).count(), 1);
    assert_eq!(results.iter().filter(|one| is_compared(one)).count(), 9);
    assert!(results.iter().all(|one| one.id() == results[0].id()));
    assert_eq!(orders.count(|_| Filter::all()).await.unwrap(), 1);
    assert_eq!(entries(&db).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_never_changes_and_stays_out_of_other_documents_way() {
    let db = TestDb::new().await;
    let orders = collection::<Order>(&db).await;
    let desk = orders.by("desk");
    let first = desk.create(Order::placed("c-1")).await.unwrap();
    let mut renamed = (**first).clone();
    renamed.checkout_id = "c-2".to_owned();
    let result = desk.replace(&first, renamed).await;
    assert_eq!(
        refusal(result),
        (InvalidReason::Immutable, "checkoutId".to_owned())
    );
    desk.hard_delete(&first).await.unwrap();
    let again = desk.create(Order::placed("c-1")).await.unwrap();
    assert!(again.is_new());
    assert_ne!(again.id(), first.id());
}
