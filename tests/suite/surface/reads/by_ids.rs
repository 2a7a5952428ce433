//! Documents by their ids.

use mongodb::bson::oid::ObjectId;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models::Tally;

use super::stage::{collection, insert};

#[tokio::test(flavor = "multi_thread")]
async fn documents_come_in_the_order_of_the_ids() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let desk = tallies.by("desk");
    let mut made = Vec::new();
    for total in 0..4 {
        made.push(desk.create(Tally { total }).await.unwrap().into_stored());
    }
    desk.delete(&made[3]).await.unwrap();
    let ids: Vec<ObjectId> = made.iter().map(Stored::id).collect();
    let asked = [ids[2], ObjectId::new(), ids[0], ids[3], ids[2]];
    let found = tallies.find_by_ids(asked).await.unwrap();
    let totals: Vec<i64> = found.iter().map(|tally| tally.total).collect();
    assert_eq!(totals, [2, 0]);
    let each = tallies
        .find_by_ids(asked)
        .select(|t| t.total)
        .each()
        .await
        .unwrap();
    assert_eq!(each, [Some(2), None, Some(0), None, Some(2)]);
    let deleted = tallies.find_by_ids(asked).including_deleted();
    assert_eq!(deleted.await.unwrap().len(), 3);
    assert!(tallies.find_by_ids([]).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn any_number_of_ids_can_be_asked_for() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let ids: Vec<ObjectId> = (0..2300).map(|_| ObjectId::new()).collect();
    let documents = ids.iter().zip(0_i64..);
    let documents = documents.map(|(id, total)| mongodb::bson::doc! { "_id": id, "total": total });
    insert(&db, "tallies", documents.collect()).await;
    db.commands().clear();
    let backwards = ids.iter().rev().copied();
    let found = tallies
        .find_by_ids(backwards)
        .select(|t| (t.id, t.total))
        .await
        .unwrap();
    assert_eq!(db.commands().count("find"), 3);
    assert_eq!(found.len(), 2300);
    assert_eq!(found.first(), Some(&(ids[2299], 2299)));
    assert!(found.windows(2).all(|pair| pair[0].1 == pair[1].1 + 1));
}
