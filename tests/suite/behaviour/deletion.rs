//! Soft deletes, restores and hard deletes.

use mongodb::bson::{Bson, doc};
use monguard::prelude::*;
use monguard::{Revision, Version};
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Seat, SeatPlace, Tally, Ticket};

use super::stage::{Contents, collection, entries, raw, stored};

async fn ticket(tickets: &Collection<Ticket>, text: &str) -> Stored<Ticket> {
    let ticket = Ticket {
        number: 1,
        text: text.to_owned(),
    };
    tickets
        .by("desk")
        .create(ticket)
        .await
        .unwrap()
        .into_stored()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_document_is_shown_by_no_read_that_does_not_ask_for_it() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let desk = tallies.by("desk");
    let placed = desk.create(Tally { total: 7 }).await.unwrap().into_stored();
    let id = placed.id();
    let deleted = desk.delete(&placed).await.unwrap();
    assert_eq!(deleted.version(), 2);
    assert!(deleted.is_deleted() && !placed.is_deleted());

    assert!(tallies.find(|t| t.total.eq(7)).await.unwrap().is_empty());
    assert!(tallies.find_one(|t| t.total.eq(7)).await.unwrap().is_none());
    assert!(tallies.find_by_id(id).await.unwrap().is_none());
    assert_eq!(tallies.count(|t| t.total.eq(7)).await.unwrap(), 0);
    assert!(!tallies.exists(|t| t.total.eq(7)).await.unwrap());

    let all = tallies
        .find(|t| t.total.eq(7))
        .including_deleted()
        .await
        .unwrap();
    assert_eq!(all.len(), 1);
    assert!(all[0].is_deleted());
    let one = tallies.find_one(|t| t.total.eq(7)).including_deleted();
    assert_eq!(one.await.unwrap().unwrap().version(), 2);
    let by_id = tallies.find_by_id(id).including_deleted().await.unwrap();
    assert!(by_id.unwrap().is_deleted());
    let count = tallies.count(|t| t.total.eq(7)).including_deleted();
    assert_eq!(count.await.unwrap(), 1);
    assert!(
        tallies
            .exists(|t| t.total.eq(7))
            .including_deleted()
            .await
            .unwrap()
    );

    let document = stored(&db, "tallies", id).await;
    assert_eq!(document.get("deletedAt"), document.get("updatedAt"));
    assert_eq!(document.get_str("deletedBy").unwrap(), "desk");
    assert_eq!(document.get_i64("total").unwrap(), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_document_is_not_updated() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let desk = tallies.by("desk");
    let placed = desk.create(Tally::default()).await.unwrap();
    let deleted = desk.delete(&placed).await.unwrap();
    let contents = Contents::of(&db).await;
    let id = placed.id();
    for result in [
        desk.update(&placed).inc(|t| t.total, 1).await,
        desk.update(&deleted).inc(|t| t.total, 1).await,
        desk.update(&deleted).set(|t| t.total, 0).await,
        desk.update(deleted.revision()).inc(|t| t.total, 1).await,
        desk.replace(&deleted, Tally { total: 5 }).await,
        desk.update_latest(id).inc(|t| t.total, 1).await,
        desk.modify(id, |_, update| update.inc(|t| t.total, 1))
            .await,
        desk.delete(&placed).await,
    ] {
        let Err(Error::Deleted(error)) = result else {
            panic!("{result:?}")
        };
        assert_eq!(error.current_version(), Version::Number(2));
        assert_eq!(error.subject().id(), Some(&Bson::ObjectId(id)));
    }
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_document_is_as_it_was() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let desk = tallies.by("desk");
    let placed = desk.create(Tally { total: 7 }).await.unwrap().into_stored();
    let deleted = desk.delete(&placed).await.unwrap();
    let stale = desk.restore(&placed).await;
    assert!(stale.is_err_and(|error| error.is_conflict()));
    let restored = tallies.by("boss").restore(&deleted).await.unwrap();
    assert_eq!((restored.version(), restored.total), (3.into(), 7));
    assert!(!restored.is_deleted());
    let document = stored(&db, "tallies", placed.id()).await;
    assert!(!document.contains_key("deletedAt") && !document.contains_key("deletedBy"));
    assert_eq!(document.get_str("updatedBy").unwrap(), "boss");
    let again = desk.restore(&deleted).await;
    assert!(again.is_err_and(|error| error.is_conflict()));
}

#[tokio::test(flavor = "multi_thread")]
async fn live_and_soft_deleted_documents_are_removed_for_good() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let desk = tallies.by("desk");
    let live = desk.create(Tally::default()).await.unwrap();
    let soft = desk.create(Tally::default()).await.unwrap();
    let soft = desk.delete(&soft).await.unwrap();
    assert_eq!(*desk.hard_delete(&live).await.unwrap().version(), 2);
    assert_eq!(*desk.hard_delete(&soft).await.unwrap().version(), 3);
    let left = raw(&db, "tallies").count_documents(doc! {}).await.unwrap();
    assert_eq!(left, 0);
    for gone in [live.revision(), soft.revision()] {
        for result in [
            desk.hard_delete(gone).await.map(|_| ()),
            desk.delete(gone).await.map(|_| ()),
            desk.restore(gone).await.map(|_| ()),
            desk.update(gone).inc(|t| t.total, 1).await.map(|_| ()),
        ] {
            assert!(matches!(result, Err(Error::NotFound(_))), "{result:?}");
        }
    }
    assert_eq!(entries(&db).await.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hard_delete_is_checked_against_version_and_condition() {
    let db = TestDb::new().await;
    let desk = collection::<Tally>(&db).await.by("desk");
    let old = desk.create(Tally::default()).await.unwrap();
    let new = desk.update(&old).inc(|t| t.total, 1).await.unwrap();
    let contents = Contents::of(&db).await;
    let stale = desk.hard_delete(&old).await;
    assert!(stale.is_err_and(|error| error.is_conflict()));
    let failing = desk.hard_delete(&new).when(|t| t.total.eq(9)).await;
    assert!(
        matches!(failing, Err(Error::ConditionFailed(_))),
        "{failing:?}"
    );
    let failing = desk.delete(&new).when(|t| t.total.eq(9)).await;
    assert!(
        matches!(failing, Err(Error::ConditionFailed(_))),
        "{failing:?}"
    );
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_of_an_earlier_life_does_not_write_to_the_next() {
    let db = TestDb::new().await;
    let tickets = collection::<Ticket>(&db).await;
    let desk = tickets.by("desk");
    let first = ticket(&tickets, "first life").await;
    desk.hard_delete(&first).await.unwrap();
    let second = ticket(&tickets, "second life").await;
    assert_eq!((first.version(), second.version()), (1.into(), 1.into()));
    let contents = Contents::of(&db).await;

    for result in [
        desk.update(&first).set(|t| t.text, "x").await.map(|_| ()),
        desk.update(first.revision())
            .set(|t| t.text, "x")
            .await
            .map(|_| ()),
        desk.delete(&first).await.map(|_| ()),
        desk.hard_delete(&first).await.map(|_| ()),
    ] {
        let Err(Error::Conflict(conflict)) = result else {
            panic!("{result:?}")
        };
        assert_eq!(conflict.expected_version(), conflict.current_version());
        assert_eq!(conflict.current::<Ticket>().unwrap().text, "second life");
    }
    contents.assert_kept(&db).await;
    // A bare version number cannot tell the two lives apart, as its documentation says.
    let bare = Revision::<Ticket>::from_version(1, 1);
    let written = desk.update(bare).set(|t| t.text, "y").await.unwrap();
    assert_eq!(written.version(), 2);

    let history = tickets.history(1).await.unwrap();
    let lives: Vec<_> = history.iter().map(monguard::AuditEntry::life).collect();
    assert_eq!(lives, [0, 0, 1, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_with_a_struct_for_an_id_lives_the_whole_life() {
    let db = TestDb::new().await;
    let seats = collection::<Seat>(&db).await;
    let desk = seats.by("desk");
    let place = SeatPlace {
        row: "A".to_owned(),
        number: 7,
    };
    let seat = Seat {
        place: place.clone(),
        holder: None,
    };
    let created = desk.create(seat).await.unwrap();
    let taken = desk.update(&created).set(|s| s.holder, "h").await.unwrap();
    let deleted = desk.delete(&taken).await.unwrap();
    let restored = desk.restore(&deleted).await.unwrap();
    assert_eq!(restored.id(), place);
    let found = seats.find_by_id(place.clone()).await.unwrap().unwrap();
    assert_eq!(found.holder.as_deref(), Some("h"));
    desk.hard_delete(&found).await.unwrap();
    assert_eq!(seats.history(place).await.unwrap().len(), 5);
}
