//! Ids: given, left to monguard, taken, and used again.

use mongodb::bson::{Bson, doc};
use monguard::error::InvalidReason;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Badge, Invoice, Memo, Note, Ticket};
use tokio::task::JoinSet;

use super::stage::{Contents, collection, entries, raw, refusal, stored};

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_the_value_leaves_out_is_made() {
    let db = TestDb::new().await;
    let desk = collection::<Note>(&db).await.by("desk");
    let note = |text: &str| Note {
        id: None,
        text: text.to_owned(),
    };
    let one = desk.create(note("a")).await.unwrap();
    let two = desk.create(note("b")).await.unwrap();
    assert!(one.id.is_some() && one.id != two.id);
    assert_eq!(one.id(), one.id);
    let updated = desk.update(&one).set(|n| n.text, "c").await.unwrap();
    let mut edited = (*updated).clone();
    edited.text = "d".to_owned();
    let replaced = desk.replace(&updated, edited).await.unwrap();
    assert_eq!((replaced.id, replaced.version()), (one.id, 3.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_the_value_writes_as_null_is_made_too() {
    let db = TestDb::new().await;
    let desk = collection::<Memo>(&db).await.by("desk");
    for text in ["a", "b"] {
        let text = text.to_owned();
        let created = desk.create(Memo { id: None, text }).await.unwrap();
        assert!(created.is_new() && created.id.is_some());
    }
    let null = raw(&db, "memos").find_one(doc! { "_id": null }).await;
    assert!(null.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_creates_with_one_id_at_once_one_makes_the_document() {
    let db = TestDb::new().await;
    let tickets = collection::<Ticket>(&db).await;
    let mut creates = JoinSet::new();
    for n in 0..10 {
        let desk = tickets.by(n);
        let ticket = Ticket {
            number: 7,
            text: n.to_string(),
        };
        creates.spawn(async move { desk.create(ticket).await });
    }
    let (made, refused): (Vec<_>, Vec<_>) = creates
        .join_all()
        .await
        .into_iter()
        .partition(Result::is_ok);
    assert_eq!((made.len(), refused.len()), (1, 9));
    for result in refused {
        let Err(Error::DuplicateKey(error)) = result else {
            panic!("{result:?}")
        };
        assert_eq!(error.fields(), ["_id"]);
    }
    assert_eq!(entries(&db).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_hard_deletes_at_once_one_removes_the_document() {
    let db = TestDb::new().await;
    let tickets = collection::<Ticket>(&db).await;
    let text = "x".to_owned();
    let desk = tickets.by("desk");
    let placed = desk.create(Ticket { number: 7, text }).await.unwrap();
    let mut deletes = JoinSet::new();
    for n in 0..10 {
        let (desk, placed) = (tickets.by(n), placed.clone());
        deletes.spawn(async move { desk.hard_delete(&placed).await });
    }
    let (done, refused): (Vec<_>, Vec<_>) = deletes
        .join_all()
        .await
        .into_iter()
        .partition(Result::is_ok);
    assert_eq!((done.len(), refused.len()), (1, 9));
    for result in refused {
        assert!(matches!(result, Err(Error::NotFound(_))), "{result:?}");
    }
    let left = raw(&db, "tickets").count_documents(doc! {}).await.unwrap();
    assert_eq!((left, entries(&db).await.len()), (0, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_a_known_key_and_another_id_is_the_same_request() {
    let db = TestDb::new().await;
    let desk = collection::<Invoice>(&db).await.by("desk");
    desk.create(Invoice::of("i-1", "o-1")).await.unwrap();
    let contents = Contents::of(&db).await;
    let again = desk.create(Invoice::of("i-2", "o-1")).await.unwrap();
    assert!(!again.is_new() && again.was_compared());
    assert_eq!(again.number, "i-1");
    let same_id = desk.create(Invoice::of("i-1", "o-2")).await;
    let Err(Error::DuplicateKey(error)) = same_id else {
        panic!("{same_id:?}")
    };
    assert_eq!(error.fields(), ["_id"]);
    let again = desk.create(Invoice::of("i-1", "o-1")).await.unwrap();
    assert!(!again.is_new() && again.was_compared());
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_is_stored_under_an_older_name_moves_when_it_is_written() {
    let db = TestDb::new().await;
    let invoices = collection::<Invoice>(&db).await;
    let desk = invoices.by("desk");
    let old = |number: &str| doc! { "_id": number, "order": number, "sum": 5_i64, "__v": 1 };
    raw(&db, "invoices")
        .insert_many([old("a"), old("b"), old("c")])
        .await
        .unwrap();

    let raised = desk
        .update_latest("a".to_owned())
        .inc(|i| i.amount, 1)
        .await
        .unwrap();
    assert_eq!(raised.amount, 6);
    let found = invoices.find_by_id("b".to_owned()).await.unwrap().unwrap();
    let replaced = desk.replace(
        &found,
        Invoice {
            amount: 7,
            ..(*found).clone()
        },
    );
    assert_eq!(replaced.await.unwrap().amount, 7);
    for (number, amount) in [("a", 6), ("b", 7)] {
        let document = stored(&db, "invoices", number).await;
        assert!(!document.contains_key("sum"), "{document}");
        assert_eq!(document.get("amount"), Some(&Bson::Int64(amount)));
    }
    // The invoice could not be read without it.
    let unset = desk.update_latest("c".to_owned()).unset(|i| i.amount).await;
    assert_eq!(
        refusal(unset),
        (InvalidReason::Required, "amount".to_owned())
    );
    assert_eq!(stored(&db, "invoices", "c").await, old("c"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_cannot_be_made_is_asked_for() {
    let db = TestDb::new().await;
    let desk = collection::<Badge>(&db).await.by("desk");
    let contents = Contents::of(&db).await;
    let nameless = desk.create(Badge { name: None }).await;
    assert_eq!(refusal(nameless), (InvalidReason::NoId, "_id".to_owned()));
    contents.assert_kept(&db).await;
    let name = Some("n".to_owned());
    assert_eq!(
        desk.create(Badge { name: name.clone() })
            .await
            .unwrap()
            .id(),
        name
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_never_changes() {
    let db = TestDb::new().await;
    let desk = collection::<Ticket>(&db).await.by("desk");
    let text = "x".to_owned();
    let created = desk.create(Ticket { number: 1, text }).await.unwrap();
    let text = "y".to_owned();
    let moved = desk.replace(&created, Ticket { number: 2, text }).await;
    assert_eq!(refusal(moved), (InvalidReason::Immutable, "_id".to_owned()));
}
