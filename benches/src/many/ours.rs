//! The same with monguard.

use std::sync::Arc;
use std::time::Instant;

use mongodb::Client;
use monguard::prelude::*;
use monguard::{Audit, Monguard};

use super::contest::{Running, Subject};
use crate::Outcome;
use crate::measure::Clock;
use crate::models::{Narrow, Sample};
use crate::stage::{database_name, write_concern};

/// What is called.
#[derive(Clone, Copy, Debug)]
pub(super) enum Call {
    /// `update_many` of documents that were written since they were created.
    Many,
    /// `update_many` of documents as they were created: each still carries the entry of that.
    ManyNew,
    /// `bulk` of updates, each based on a state that was read.
    Bulk,
}

/// A program that uses monguard.
#[derive(Debug)]
pub(super) struct Ours {
    client: Client,
    audit: Audit,
    call: Call,
}

impl Ours {
    pub(super) fn new(client: &Client, audit: Audit, call: Call) -> Self {
        Ours {
            client: client.clone(),
            audit,
            call,
        }
    }
}

impl Subject for Ours {
    fn round(self: Arc<Self>, documents: u64) -> Running {
        Box::pin(async move {
            let database = self.client.database(&database_name());
            let monguard = Monguard::builder(database.clone())
                .audit(self.audit)
                .write_concern(write_concern())
                .build()
                .await?;
            monguard.collection::<Narrow>().ensure_indexes().await?;
            let writer = monguard.collection::<Narrow>().by("desk");
            let mut states = created(&writer, documents).await?;
            monguard.flush().await?;
            if !matches!(self.call, Call::ManyNew) {
                states = bulk(&writer, &states, 1).await?;
                monguard.flush().await?;
            }
            let clock = Clock::start();
            let begun = Instant::now();
            match self.call {
                Call::Bulk => drop(bulk(&writer, &states, 2).await?),
                Call::Many | Call::ManyNew => many(&writer, documents).await?,
            }
            let call = begun.elapsed();
            monguard.flush().await?;
            let drained = begun.elapsed();
            let round = clock.stop_after(documents, call);
            database.drop().await?;
            Ok((round, drained.saturating_sub(call)))
        })
    }
}

async fn created(writer: &Writer<Narrow>, documents: u64) -> Outcome<Vec<Stored<Narrow>>> {
    let values = (0..documents).map(|_| Narrow::sample());
    let report = writer.create_many(values).await?;
    stored(report, documents)
}

async fn bulk(
    writer: &Writer<Narrow>,
    states: &[Stored<Narrow>],
    value: i64,
) -> Outcome<Vec<Stored<Narrow>>> {
    let mut bulk = writer.bulk();
    for state in states {
        bulk = bulk.update(state, |update| Narrow::set_counter(update, value));
    }
    stored(bulk.await?, states.len() as u64)
}

fn stored(report: monguard::BulkReport<Narrow>, documents: u64) -> Outcome<Vec<Stored<Narrow>>> {
    let mut states = Vec::new();
    for outcome in report {
        match outcome {
            monguard::BulkOutcome::Applied(stored) => states.push(stored),
            other => return Err(format!("{other:?}").into()),
        }
    }
    if states.len() as u64 == documents {
        Ok(states)
    } else {
        Err("not all documents were written".into())
    }
}

async fn many(writer: &Writer<Narrow>, documents: u64) -> Outcome<()> {
    let update = writer.update_many(|_| Filter::all());
    let report = Narrow::set_counter(update, 2).await?;
    if report.modified() == documents {
        Ok(())
    } else {
        Err(format!("not all documents were written: {report}").into())
    }
}
