//! Entries that the log lacks.

use std::collections::HashSet;

use futures_util::TryStreamExt;
use mongodb::bson::{Document, doc};
use monguard::prelude::*;
use monguard_tests::models::Tally;

use super::super::relay::stage::{LOG, Stage, carrying, idle};
use super::{crashed, fresh};

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_left_is_brought_and_brought_once() {
    let (stage, tallies) = crashed(7).await;
    let desk = stage.desk::<Tally>();
    desk.update(&tallies[0]).inc(|t| t.total, 1).await.unwrap();
    desk.delete(&tallies[1]).await.unwrap();
    let recovered = fresh(&stage).await.recover().await.unwrap();
    assert_eq!((recovered.documents, recovered.entries), (7, 9));
    assert_eq!((recovered.brought, recovered.too_old), (9, 0));
    assert_eq!(stage.logged(tallies[0].id()).await, [1, 2]);
    assert_eq!(stage.logged(tallies[1].id()).await, [1, 2]);
    let log = stage.log().await;

    let again = fresh(&stage).await.recover().await.unwrap();
    assert_eq!((again.documents, again.entries, again.brought), (7, 9, 0));
    assert_eq!(stage.log().await, log);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_recovery_brings_is_the_one_that_the_relay_brings() {
    let stage = Stage::of(idle).await;
    let desk = stage.desk::<Tally>().trace("req-1");
    let tally = stage.tally().await;
    let updated = desk.update(&tally).inc(|t| t.total, 1).await.unwrap();
    desk.delete(&updated).await.unwrap();
    // Into a log of its own, from what the document carries.
    let builder = carrying(stage.db.database()).audit_collection("other_log");
    let guard = builder.build().await.unwrap();
    let recovered = guard.collection::<Tally>().recover().await.unwrap();
    assert_eq!(recovered.brought, 3);
    let log = stage.db.database().collection::<Document>("other_log");
    let find = log.find(doc! {}).sort(doc! { "metadata.version": 1 });
    let brought: Vec<Document> = find.await.unwrap().try_collect().await.unwrap();
    stage.guard.flush().await.unwrap();
    assert_eq!(stage.log().await, brought);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_asked_once_for_each_batch_and_only_for_what_is_not_known() {
    let (stage, _) = crashed(30).await;
    let client = stage.db.connect().open().await;
    let guard = carrying(client.database()).build().await.unwrap();
    let tallies = guard.collection::<Tally>();
    let asked = || client.commands().count_on("find", LOG);
    let recovered = tallies.recover().batch(10).await.unwrap();
    assert_eq!(recovered.brought, 30);
    assert_eq!(asked(), 3);
    assert_eq!(client.commands().count_on("insert", LOG), 3);
    tallies.recover().batch(10).await.unwrap();
    assert_eq!(asked(), 3, "all of them are known by now");
    let (insert, batches) = (
        client.commands().count("insert"),
        client.commands().count("find"),
    );
    assert!(insert == 3 && batches <= 3 + 4 + 4, "{insert} {batches}");
}

#[tokio::test(flavor = "multi_thread")]
async fn recoveries_of_two_processes_and_a_writer_leave_each_entry_once() {
    let (stage, tallies) = crashed(60).await;
    let (one, two) = (fresh(&stage).await, fresh(&stage).await);
    let writer = {
        let desk = stage.other().await.collection::<Tally>().by("writer");
        let ids: Vec<_> = tallies.iter().map(Stored::id).collect();
        tokio::spawn(async move {
            for id in ids {
                desk.update_latest(id).inc(|t| t.total, 1).await.unwrap();
            }
            desk.collection().clone()
        })
    };
    let (first, second) = tokio::join!(one.recover().batch(7), two.recover().batch(11));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!((first.documents, second.documents), (60, 60));
    assert!(first.refused.is_empty() && second.refused.is_empty());
    writer.await.unwrap().recover().await.unwrap();
    let log = stage.log().await;
    let ids: HashSet<_> = log
        .iter()
        .map(|entry| entry.get("_id").unwrap().to_string())
        .collect();
    assert_eq!((log.len(), ids.len()), (120, 120));
    for tally in tallies {
        assert_eq!(stage.logged(tally.id()).await, [1, 2]);
    }
}
