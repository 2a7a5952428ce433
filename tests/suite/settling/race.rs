//! Many writers on one document, on a network that loses some of what they say.

use mongodb::bson::oid::ObjectId;
use monguard::Retry;
use monguard::error::Settled;
use monguard::prelude::*;
use monguard_tests::fixture::{Connect, after_write};
use monguard_tests::models::Tally;
use monguard_tests::proxy::Command;
use tokio::task::JoinSet;

use super::stage::{Stage, settled, without_retries};

const WRITERS: usize = 6;
const WRITES: usize = 4;

/// Increments by 1, several times. Returns how many increments were made, as far as it was told.
async fn increment(writer: Writer<Tally>, id: ObjectId) -> i32 {
    let mut made = 0;
    for _ in 0..WRITES {
        made += match writer.update_latest(id).inc(|t| t.total, 1).await {
            Ok(_) => 1,
            Err(Error::Driver(_)) => 0,
            Err(Error::Unsettled(unsettled)) => match settled(&unsettled).await {
                Settled::Landed => 1,
                _ => 0,
            },
            Err(error) => panic!("{error:?}"),
        };
    }
    made
}

/// A writer of its own, with its own connections.
async fn writer(connect: Connect) -> Writer<Tally> {
    let client = connect.open().await;
    let retry = Retry::default().attempts(1000);
    let guard = after_write(client.database().clone()).retry(retry);
    guard.build().await.unwrap().collection::<Tally>().by("us")
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_writers_each_is_told_the_truth() {
    let stage = Stage::new().await;
    let tally = stage.tally().await;
    let mut writers = Vec::new();
    for _ in 0..WRITERS {
        writers.push(writer(without_retries(stage.db.connect()).through(&stage.proxy)).await);
    }
    for lost in (4..90).step_by(8) {
        let commands = Command::any().in_database(stage.db.name());
        stage.proxy.on(commands.clone()).nth(lost).cut_after();
        stage.proxy.on(commands).nth(lost + 4).cut_before();
    }

    let mut increments = JoinSet::new();
    for writer in writers {
        increments.spawn(increment(writer, tally.id()));
    }
    let made: i32 = increments.join_all().await.into_iter().sum();

    stage.assert_tally(tally.id(), made + 1, made.into()).await;
}
