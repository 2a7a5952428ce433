//! Both forms of an entry, chosen by model, for every kind of write.

use mongodb::bson::{Document, doc};
use monguard::Audit;
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};
use monguard_tests::models::Booking;

use super::flat::{PartOf, part};
use super::{entries, raw};

async fn write_everything(desk: &Writer<PartOf>) {
    let first = desk.create(part("n", doc! { "a": 1 })).await.unwrap();
    let first = first.into_stored();
    let mut to = (*first).clone();
    to.size.width_mm = 7;
    to.extra.clear();
    let second = desk.replace(&first, to).await.unwrap();
    let back = first.changes_since(&second).unwrap();
    desk.update(&second).apply(back).await.unwrap();
    desk.delete_latest(first.id()).await.unwrap();
    let meant = desk.update_latest(first.id()).including_deleted();
    meant.set(|p| p.name, "m").await.unwrap();
    desk.restore_latest(first.id()).await.unwrap();
    let last = desk.modify(first.id(), |_, update| update.inc(|p| p.size.width_mm, 1));
    let last = last.await.unwrap();
    desk.hard_delete(&last).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_that_a_model_chose_is_that_of_all_its_entries() {
    let (full, delta) = (Audit::after_write().full(), Audit::after_write().delta());
    for (own, others) in [(full, delta), (delta, full)] {
        let db = TestDb::new().await;
        let builder = after_write(db.database().clone()).audit(others);
        let guard = builder.audit_of::<PartOf>(own).build().await.unwrap();
        let parts = guard.collection::<PartOf>();
        write_everything(&parts.by("desk")).await;
        let entries = entries(&db).await;
        let actions: Vec<&str> = entries
            .iter()
            .map(|entry| entry.get_str("action").unwrap())
            .collect();
        let expected = [
            "create", "update", "update", "delete", "update", "restore", "update", "delete",
        ];
        assert_eq!(actions, expected);
        for (entry, action) in entries.iter().zip(actions) {
            let metadata = entry.get_document("metadata").unwrap();
            let has = |name| metadata.contains_key(name);
            if matches!(action, "update" | "restore") {
                assert_eq!(has("before") && has("after"), own == full, "{entry:#?}");
            }
            assert!(!format!("{entry:?}").contains("hunter2"), "{entry:#?}");
        }
        let id = entries[0].get_document("ref").unwrap().get_object_id("id");
        let history = parts.history(id.unwrap()).await.unwrap();
        assert_eq!(history.len(), 8);
        assert!(history.iter().all(monguard::AuditEntry::is_linked));
        let width = history[1].changed(|p| p.size.width_mm).unwrap().unwrap();
        assert_eq!((width.old, width.new), (1, 7));
    }
}

/// The creator was gone before it wrote its entry.
#[tokio::test(flavor = "multi_thread")]
async fn an_owed_entry_of_a_create_is_completed_in_either_form() {
    for own in [Audit::after_write().full(), Audit::after_write().delta()] {
        let db = TestDb::new().await;
        let builder = after_write(db.database().clone());
        let guard = builder.audit_of::<Booking>(own).build().await.unwrap();
        let bookings = guard.collection::<Booking>();
        bookings.ensure_indexes().await.unwrap();
        let desk = bookings.by("desk");
        desk.create(Booking::of(1, "r")).await.unwrap();
        let written = entries(&db).await;
        raw(&db, "audit_logs").delete_many(doc! {}).await.unwrap();
        let again = desk.create(Booking::of(1, "r")).await.unwrap();
        assert!(!again.is_new());
        assert_eq!(without_hints(entries(&db).await), without_hints(written));
    }
}

/// What the writer that completes an entry cannot know.
fn without_hints(entries: Vec<Document>) -> Vec<Document> {
    let strip = |mut entry: Document| {
        entry.remove("customData");
        entry.remove("traceId");
        entry
    };
    entries.into_iter().map(strip).collect()
}
