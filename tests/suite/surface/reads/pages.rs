//! Pages: cursors, and what they belong to.

use mongodb::bson::{Bson, doc};
use mongodb::options::Collation;
use monguard::error::{InvalidCursorReason, InvalidReadReason};
use monguard::prelude::*;
use monguard::{Cursor, Page};
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Order, OrderStatus, Tally};

use super::stage::{collection, insert, last};

async fn tallies(db: &TestDb) -> Collection<Tally> {
    let tallies = collection::<Tally>(db).await;
    for total in [1, 2, 3, 5, 8, 13] {
        tallies.by("desk").create(Tally { total }).await.unwrap();
    }
    tallies
}

async fn page(tallies: &Collection<Tally>, after: Option<&Cursor>) -> Page<i64> {
    let find = tallies
        .find(|t| t.total.lt(100))
        .sort(|t| t.total.ascending());
    let page = find.page(2).select(|t| t.total);
    match after {
        Some(cursor) => page.after(cursor.clone()).await.unwrap(),
        None => page.await.unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_end_where_the_documents_end() {
    let db = TestDb::new().await;
    let tallies = tallies(&db).await;
    let first = page(&tallies, None).await;
    assert_eq!(first.items, [1, 2]);
    assert!(first.previous.is_none());
    let second = page(&tallies, first.next.as_ref()).await;
    assert_eq!(second.items, [3, 5]);
    let third = page(&tallies, second.next.as_ref()).await;
    assert_eq!(third.items, [8, 13]);
    assert!(third.next.is_none());
    let back = tallies
        .find(|t| t.total.lt(100))
        .sort(|t| t.total.ascending());
    let back = back.page(3).before(third.previous.unwrap()).await.unwrap();
    let totals: Vec<i64> = back.items.iter().map(|tally| tally.total).collect();
    assert_eq!(totals, [2, 3, 5]);
    let rest = tallies
        .find(|t| t.total.lt(100))
        .sort(|t| t.total.ascending());
    let rest = rest.page(3).before(back.previous.unwrap()).await.unwrap();
    assert_eq!(rest.items.len(), 1);
    assert!(rest.previous.is_none() && rest.next.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_and_goes_between_pages_moves_nothing_else() {
    let db = TestDb::new().await;
    let tallies = tallies(&db).await;
    let desk = tallies.by("desk");
    let first = page(&tallies, None).await;
    // One before the cursor comes, the one at the cursor goes, one after it comes and one goes.
    desk.create(Tally { total: 0 }).await.unwrap();
    desk.create(Tally { total: 4 }).await.unwrap();
    for gone in [2, 3] {
        let tally = tallies
            .find_one(|t| t.total.eq(gone))
            .await
            .unwrap()
            .unwrap();
        desk.delete(&tally).await.unwrap();
    }
    let second = page(&tallies, first.next.as_ref()).await;
    assert_eq!(second.items, [4, 5]);
    let third = page(&tallies, second.next.as_ref()).await;
    assert_eq!(third.items, [8, 13]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_of_another_query_is_refused() {
    let db = TestDb::new().await;
    let tallies = tallies(&db).await;
    let cursor = page(&tallies, None).await.next.unwrap();
    let refused = |error: Error| match error {
        Error::InvalidCursor(error) => (error.reason(), error.to_string()),
        other => panic!("{other:?}"),
    };
    let all = || tallies.find(|t| t.total.lt(100));
    let down = all()
        .sort(|t| t.total.descending())
        .page(2)
        .after(cursor.clone());
    let unsorted = all().page(2).after(cursor.clone());
    let filtered = tallies
        .find(|t| t.total.lt(99))
        .sort(|t| t.total.ascending());
    let filtered = filtered.page(2).after(cursor.clone());
    let deleted = all().sort(|t| t.total.ascending()).including_deleted();
    let deleted = deleted.page(2).after(cursor.clone());
    for page in [down, unsorted, filtered, deleted] {
        let (reason, text) = refused(page.await.unwrap_err());
        assert_eq!(reason, InvalidCursorReason::OtherQuery);
        assert!(text.contains("`Tally` in `tallies`"), "{text}");
    }
    // Another size, another selection and other options are the same query.
    let same = all().sort(|t| t.total.ascending()).page(3).comment("x");
    assert_eq!(same.after(cursor.clone()).await.unwrap().items.len(), 3);
    let text = cursor.to_string();
    let parsed: Result<Cursor, _> = text[1..].parse();
    assert_eq!(
        parsed.unwrap_err().reason(),
        InvalidCursorReason::Unreadable
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_paged_is_refused() {
    let db = TestDb::new().await;
    let orders = collection::<Order>(&db).await;
    let reason = |error: Error| match error {
        Error::InvalidRead(error) => (error.path().to_owned(), error.reason().clone()),
        other => panic!("{other:?}"),
    };
    db.commands().clear();
    let all = || orders.find(|_| Filter::all());
    let hidden = all().sort(|o| o.card_token.ascending()).page(5).await;
    let hidden = reason(hidden.unwrap_err());
    assert_eq!(
        hidden,
        ("cardToken".to_owned(), InvalidReadReason::HiddenSort)
    );
    let empty = reason(all().page(0).await.unwrap_err());
    assert_eq!(empty.1, InvalidReadReason::EmptyPage);
    let collation = Collation::builder().locale("de").build();
    let collated = reason(all().collation(collation).page(5).await.unwrap_err());
    assert_eq!(collated.1, InvalidReadReason::Collation);
    assert_eq!(db.commands().count("find"), 0);

    let mut order = Order::placed("c-1");
    order.tags = vec!["a".to_owned()];
    orders.by("desk").create(order).await.unwrap();
    let list = all()
        .sort(|o| o.tags.ascending())
        .page(5)
        .await
        .unwrap_err();
    assert_eq!(
        reason(list),
        ("tags".to_owned(), InvalidReadReason::ListSort)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_asks_for_one_document_more_and_for_what_it_needs() {
    let db = TestDb::new().await;
    let orders = collection::<Order>(&db).await;
    let id = mongodb::bson::oid::ObjectId::new();
    let documents = (0..3)
        .map(|n| doc! { "amount": n, "status": "pending" })
        .collect();
    insert(&db, "orders", documents).await;
    let find = || {
        orders
            .find(|o| o.status.eq(OrderStatus::Pending))
            .sort(|o| o.amount.descending())
    };
    let page = find().page(1).select(|o| o.status).await.unwrap();
    let sent = last(&db, "find");
    assert_eq!(sent.get_i64("limit").unwrap(), 2);
    assert_eq!(
        sent.get_document("sort").unwrap(),
        &doc! { "amount": -1, "_id": -1 }
    );
    assert_eq!(
        sent.get_document("projection").unwrap(),
        &doc! { "_id": 1, "amount": 1, "status": 1 }
    );
    find()
        .page(1)
        .select(|o| o.status)
        .after(page.next.unwrap())
        .await
        .unwrap();
    let filter = last(&db, "find")
        .get_document("filter")
        .unwrap()
        .to_string();
    // Served by an index on the first key, whatever types there are.
    assert!(
        filter.contains(r#""amount": { "$not": { "$gt": 2 } }"#),
        "{filter}"
    );
    assert!(!filter.contains(&Bson::from(id).to_string()));
}
