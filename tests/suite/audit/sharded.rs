//! Documents that are sharded, and versions that are tokens, carry their entries like any other.

use mongodb::bson::{Bson, Document};
use monguard::prelude::*;
use monguard::{Audit, AuditEntry};
use monguard_tests::fixture::{TestClient, TestDb};
use monguard_tests::models::Booking;
use monguard_tests::targeting::assert_targeted;

use super::stage::{guard_through, log};

async fn carrying(client: &TestClient) -> (Monguard, Collection<Booking>) {
    let monguard = guard_through(client, Audit::carried()).await;
    let bookings = monguard.collection::<Booking>();
    bookings.ensure_indexes().await.unwrap();
    (monguard, bookings)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sharded_document_with_tokens_carries_its_entries_to_one_shard() {
    let db = TestDb::new().await;
    let client = db.connect().open().await;
    let (monguard, bookings) = carrying(&client).await;
    let desk = bookings.by("desk");
    client.commands().clear();

    let placed = desk.create(Booking::of(1, "r-1")).await.unwrap();
    let updated = desk.update(&placed).inc(|b| b.seats, 1).await.unwrap();
    let deleted = desk.delete(&updated).await.unwrap();
    let restored = desk.restore(&deleted).await.unwrap();
    let locator = restored.locator();
    let modify = desk.modify(locator, |_, update| update.inc(|b| b.seats, 1));
    let modified = modify.await.unwrap();
    desk.hard_delete(&modified).await.unwrap();
    monguard.flush().await.unwrap();

    let keys = [("tenantId", Bson::Int32(1)), ("day", Bson::Int64(0))];
    assert_targeted(&client.commands().all(), "bookings", &keys);
    assert_eq!(log(&db).await.len(), 6);
    let history = bookings.history(placed.id()).await.unwrap();
    assert_eq!(history.len(), 6);
    assert!(history.iter().all(AuditEntry::is_linked), "{history:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_sharded_documents_with_tokens_are_written_each_for_itself() {
    let db = TestDb::new().await;
    let client = db.connect().open().await;
    let (_monguard, bookings) = carrying(&client).await;
    let desk = bookings.by("desk");
    let mut made = Vec::new();
    for request in ["r-1", "r-2", "r-3"] {
        made.push(desk.create(Booking::of(1, request)).await.unwrap());
    }
    client.commands().clear();

    let update = desk.update_many(|b| b.tenant_id.eq(1));
    let report = update.inc(|b| b.seats, 1).await.unwrap();

    assert!(report.is_complete(), "{report:?}");
    assert_eq!((report.matched(), report.modified()), (3, 3));
    let sent = client.commands().named("update");
    assert_eq!(sent.len(), 1);
    let statements = sent[0].body.get_array("updates").unwrap();
    assert_eq!(statements.len(), 3);
    for statement in statements.iter().filter_map(Bson::as_document) {
        let filter = statement.get_document("q").unwrap();
        let field = |name: &str| filter.get(name).and_then(Bson::as_document).cloned();
        let equals = |value: Bson| Some(Document::from_iter([("$eq".to_owned(), value)]));
        assert_eq!(field("tenantId"), equals(1.into()), "{filter}");
        assert_eq!(field("day"), equals(Bson::Int64(0)), "{filter}");
        assert!(statement.get_document("u").is_ok(), "no pipeline");
    }
    for booking in made {
        let history = bookings.history(booking.id()).await.unwrap();
        assert_eq!(history.len(), 2);
        assert!(history.iter().all(AuditEntry::is_linked), "{history:#?}");
    }
}
