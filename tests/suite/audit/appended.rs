//! What a document carries is sent once, and is apart from it for who knows it.

use mongodb::bson::{Document, doc};
use monguard_tests::models::Tally;

use super::relay::stage::Stage;

/// The operators of the last change of a document.
fn last_write(stage: &Stage) -> Document {
    let writes = stage.commands().named("update");
    let body = &writes.last().expect("something was written").body;
    let statement = body.get_array("updates").unwrap()[0].as_document();
    statement.unwrap().get_document("u").unwrap().clone()
}

fn set(write: &Document) -> &Document {
    write.get_document("$set").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_appended_to_those_that_stay() {
    let stage = Stage::idle().await;
    let desk = stage.desk::<Tally>();
    let tally = stage.tally().await;
    // It puts in the image of the creation, so that all of it is written.
    let tally = desk.update(&tally).inc(|t| t.total, 1).await.unwrap();
    assert_eq!(
        set(&last_write(&stage)).get_array("__audit").unwrap().len(),
        2
    );

    let tally = desk.update(&tally).inc(|t| t.total, 1).await.unwrap();
    let write = last_write(&stage);
    assert!(!set(&write).contains_key("__audit"), "{write}");
    let push = write.get_document("$push").unwrap();
    let entry = push.get_document("__audit").unwrap();
    assert_eq!(entry.get_i32("v").unwrap(), 3);
    assert!(tally.document().get("__audit").unwrap().is_none());
    assert_eq!(stage.carried(tally.id()).await, [1, 2, 3]);

    // Read anew, it is known from the document.
    let tallies = stage.guard.collection::<Tally>();
    let read = tallies.find_by_id(tally.id()).await.unwrap().unwrap();
    assert!(read.document().get("__audit").unwrap().is_some());
    let tally = desk.update(&read).inc(|t| t.total, 1).await.unwrap();
    assert!(!set(&last_write(&stage)).contains_key("__audit"));
    assert_eq!(stage.carried(tally.id()).await, [1, 2, 3, 4]);

    // What is in the log is left out, so that all of the rest is written.
    stage.guard.flush().await.unwrap();
    let tally = desk.update(&tally).inc(|t| t.total, 1).await.unwrap();
    assert_eq!(
        set(&last_write(&stage)).get_array("__audit").unwrap().len(),
        1
    );
    assert_eq!(stage.carried(tally.id()).await, [5]);
    stage.assert_history(tally.id(), 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_appended_to_what_is_there_whatever_is_known_of_it() {
    let stage = Stage::idle().await;
    let desk = stage.desk::<Tally>();
    let tally = stage.tally().await;
    let tally = desk.update(&tally).inc(|t| t.total, 1).await.unwrap();
    let documents = stage.db.database().collection::<Document>("tallies");
    let other = doc! { "$set": { "__audit.1.by": "somebody" } };
    documents.update_one(doc! {}, other).await.unwrap();
    desk.update(&tally).inc(|t| t.total, 1).await.unwrap();
    let document = documents.find_one(doc! {}).await.unwrap().unwrap();
    let entries = document.get_array("__audit").unwrap().iter();
    let by = entries.map(|entry| entry.as_document().unwrap().get_str("by").unwrap());
    assert_eq!(by.collect::<Vec<_>>(), ["desk", "somebody", "desk"]);
}
