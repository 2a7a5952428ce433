//! A recovery that stops goes on from where it was.

use std::time::Duration;

use mongodb::bson::oid::ObjectId;
use monguard::error::InvalidRecoveryTokenReason;
use monguard::prelude::*;
use monguard::{Recovered, RecoveryToken};
use monguard_tests::proxy::Command;

use super::super::relay::stage::{LOG, Stage, carrying};
use super::{crashed, fresh};

#[tokio::test(flavor = "multi_thread")]
async fn progress_is_told_after_each_batch() {
    let (stage, _) = crashed(10).await;
    let mut told: Vec<Recovered> = Vec::new();
    let tallies = fresh(&stage).await;
    let recovery = tallies
        .recover()
        .batch(4)
        .progress(|so_far| told.push(so_far.clone()));
    let recovered = recovery.await.unwrap();
    let documents: Vec<_> = told.iter().map(|so_far| so_far.documents).collect();
    assert_eq!(documents, [4, 8, 10]);
    assert_eq!(told[2].token, recovered.token);
    assert!(told.windows(2).all(|pair| pair[0].token != pair[1].token));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_that_is_stopped_goes_on_from_its_token_elsewhere() {
    let (stage, _) = crashed(10).await;
    let limit = Duration::from_millis(700);
    let guard = stage.guard.clone();
    let tallies = guard.collection::<monguard_tests::models::Tally>();
    let second_insert = Command::named("insert").on_collection(LOG);
    let cut = stage
        .proxy
        .on(second_insert)
        .skip(1)
        .times(1000)
        .cut_before();
    let stopped = tallies.recover().batch(3).time_limit(limit).await;
    let Err(error) = stopped else {
        panic!("{stopped:?}")
    };
    let Error::RecoveryStopped(stopped) = error else {
        panic!("{error}")
    };
    assert_eq!(
        (stopped.report().documents, stopped.report().brought),
        (6, 3)
    );
    assert!(matches!(
        monguard::error::RecoveryStopped::cause(&stopped),
        Error::AuditBacklog(_)
    ));
    assert_eq!(stage.log().await.len(), 3);
    cut.remove();

    // Kept as a text, by another process.
    let text = stopped.report().token.as_ref().unwrap().to_string();
    let token: RecoveryToken = text.parse().unwrap();
    let recovered = fresh(&stage).await.recover().resume(token).await.unwrap();
    assert_eq!((recovered.documents, recovered.brought), (7, 7));
    assert_eq!(stage.log().await.len(), 10);

    // Nothing is behind the end.
    let end = recovered.token.unwrap();
    let nothing = fresh(&stage)
        .await
        .recover()
        .resume(end.clone())
        .await
        .unwrap();
    assert_eq!((nothing.documents, nothing.token), (0, Some(end)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_another_collection_is_refused() {
    let (stage, _) = crashed(1).await;
    let token = fresh(&stage).await.recover().await.unwrap().token.unwrap();
    let jobs = stage.guard.collection::<monguard_tests::models::Job>();
    let Err(Error::InvalidRecoveryToken(error)) = jobs.recover().resume(token).await else {
        panic!("it is of another collection")
    };
    assert_eq!(error.reason(), InvalidRecoveryTokenReason::OtherCollection);
}

/// Documents with ids of several types, in one collection.
mod mixed {
    use super::{Auditable, Deserialize, ObjectId, Serialize, Versioned};

    macro_rules! with_id {
        ($name:ident, $id:ty) => {
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
            #[monguard(collection = "mixed")]
            pub(super) struct $name {
                #[serde(rename = "_id")]
                #[monguard(id)]
                pub(super) id: $id,
            }
        };
    }
    with_id!(ByNumber, i64);
    with_id!(ByText, String);
    with_id!(ByObjectId, ObjectId);
    with_id!(ByFlag, bool);
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_all_types_are_swept_however_small_the_batches() {
    let stage = Stage::new().await;
    stage.guard.shutdown().await.unwrap();
    for number in 0..3 {
        let desk = stage.desk::<mixed::ByNumber>();
        desk.create(mixed::ByNumber { id: number }).await.unwrap();
        let (desk, id) = (stage.desk::<mixed::ByText>(), format!("$t{number}"));
        desk.create(mixed::ByText { id }).await.unwrap();
        let (desk, id) = (stage.desk::<mixed::ByObjectId>(), ObjectId::new());
        desk.create(mixed::ByObjectId { id }).await.unwrap();
    }
    let desk = stage.desk::<mixed::ByFlag>();
    desk.create(mixed::ByFlag { id: true }).await.unwrap();
    let other = carrying(stage.db.database()).build().await.unwrap();
    let recovered = other
        .collection::<mixed::ByText>()
        .recover()
        .batch(1)
        .await
        .unwrap();
    assert_eq!((recovered.documents, recovered.brought), (10, 10));
    assert_eq!(stage.log().await.len(), 10);
}
