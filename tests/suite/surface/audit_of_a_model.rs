//! One model chooses the form of its entries for itself.

use mongodb::bson::Document;
use monguard::Audit;
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};
use monguard_tests::models::{Job, Tally};

use super::indexed::entries;

async fn write_both(monguard: &Monguard) {
    let (tallies, jobs) = (monguard.collection::<Tally>(), monguard.collection::<Job>());
    let tally = tallies.by("desk").create(Tally::default()).await.unwrap();
    tallies
        .by("desk")
        .update(&tally)
        .inc(|t| t.total, 1)
        .await
        .unwrap();
    let job = jobs.by("desk").create(Job::pending()).await.unwrap();
    jobs.by("desk")
        .update(&job)
        .inc(|j| j.phase, 1)
        .await
        .unwrap();
}

/// Whether the entry of the update in this collection holds whole images.
fn is_full(entries: &[Document], collection: &str) -> bool {
    let of = |entry: &&Document| {
        let reference = entry.get_document("ref").unwrap();
        reference.get_str("collection").unwrap() == collection
            && entry.get_str("action").unwrap() == "update"
    };
    let entry = entries.iter().find(of).expect(collection);
    let metadata = entry.get_document("metadata").unwrap();
    metadata.contains_key("before") && metadata.contains_key("after")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_choice_of_a_model_comes_before_that_of_the_guard() {
    let (full, delta) = (Audit::after_write().full(), Audit::after_write().delta());
    for own in [full, delta] {
        let others = if own == full { delta } else { full };
        let db = TestDb::new().await;
        let builder = after_write(db.database().clone());
        let monguard = builder.audit_of::<Tally>(own).audit(others).build().await;
        write_both(&monguard.unwrap()).await;
        let entries = entries(&db).await;
        assert_eq!(is_full(&entries, "tallies"), own == full);
        assert_eq!(is_full(&entries, "jobs"), own != full);
    }
}
