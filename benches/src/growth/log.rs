//! Logs of more and more entries.

mod fill;
mod report;

use std::time::{Duration, Instant};

use mongodb::bson::oid::ObjectId;
use mongodb::{Client, Database};
use monguard::{Audit, Monguard};

use super::program::{Program, guard};
use crate::Outcome;
use crate::extent::Extent;
use crate::measure::{Clock, Latencies, Round, Rounds};
use crate::models::{Narrow, Sample};
use crate::report::Chapter;
use crate::stage::database_name;

/// What is measured with each log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measured {
    Floor,
    Carried,
    AfterWrite,
    History,
    Recovery,
}

impl Measured {
    const ALL: [Self; 5] = [
        Measured::Floor,
        Measured::Carried,
        Measured::AfterWrite,
        Measured::History,
        Measured::Recovery,
    ];

    fn name(self) -> &'static str {
        match self {
            Measured::Floor => "floor",
            Measured::Carried => "update, carried",
            Measured::AfterWrite => "update, after_write",
            Measured::History => "history of 20 entries",
            Measured::Recovery => "recovery of 500 documents",
        }
    }
}

/// A database with a log of some size, and what is done in it.
struct Site {
    database: Database,
    floor: Program<Narrow>,
    carried: Program<Narrow>,
    after_write: Program<Narrow>,
    guard: Monguard,
    /// The document whose history is read.
    told: ObjectId,
    lasting: Duration,
}

/// Updates, histories and recoveries beside logs of all counts.
///
/// # Errors
/// What a program says.
pub(super) async fn run(client: &Client, extent: Extent, chapter: &mut Chapter) -> Outcome<()> {
    let counts: &[u32] = extent.pick(&[1_000, 10_000, 100_000, 1_000_000], &[100, 1_000]);
    let lasting = extent.pick(Duration::from_millis(250), Duration::from_millis(20));
    let mut sites = Vec::new();
    for size in counts {
        sites.push(Site::open(client, *size, lasting).await?);
    }
    let mut all = vec![vec![Rounds::default(); sites.len()]; Measured::ALL.len()];
    for round in 0..extent.pick(15, 1) {
        for (measured, rounds) in Measured::ALL.into_iter().zip(&mut all) {
            for place in 0..sites.len() {
                let at = (place + round) % sites.len();
                rounds[at].0.push(sites[at].round(measured).await?);
            }
        }
    }
    for site in sites {
        site.database.drop().await?;
    }
    report::add(counts, &all, chapter);
    Ok(())
}

impl Site {
    async fn open(client: &Client, entries: u32, lasting: Duration) -> Outcome<Self> {
        let database = client.database(&database_name());
        let carried = guard(&database, Audit::carried()).await?;
        carried.collection::<Narrow>().ensure_indexes().await?;
        let writer = carried.collection::<Narrow>().by("desk");
        let mut stored = writer.create(Narrow::sample()).await?.into_stored();
        let told = stored.id();
        for value in 1..20 {
            stored = Narrow::set_counter(writer.update(&stored), value).await?;
        }
        // Each carries the entry of its creation.
        let values = (0..499).map(|_| Narrow::sample());
        if writer.create_many(values).await?.applied() != 499 {
            return Err("not all documents were created".into());
        }
        carried.flush().await?;
        let begun = Instant::now();
        fill::fill(&database, entries).await?;
        eprintln!("bench: {entries} entries in {:.1?}", begun.elapsed());
        let after_write = guard(&database, Audit::after_write()).await?;
        Ok(Site {
            floor: Program::floor(&database, Narrow::sample()).await?,
            after_write: Program::ours(&after_write, Narrow::sample()).await?,
            carried: Program::ours(&carried, Narrow::sample()).await?,
            guard: carried,
            told,
            database,
            lasting,
        })
    }

    async fn round(&mut self, measured: Measured) -> Outcome<Round> {
        match measured {
            Measured::Floor => self.floor.round(self.lasting).await,
            Measured::Carried => self.carried.round(self.lasting).await,
            Measured::AfterWrite => self.after_write.round(self.lasting).await,
            Measured::History => self.histories().await,
            Measured::Recovery => self.recoveries().await,
        }
    }

    async fn histories(&self) -> Outcome<Round> {
        let collection = self.guard.collection::<Narrow>();
        let clock = Clock::start();
        let mut latencies = Latencies::default();
        while clock.elapsed() < self.lasting {
            let begun = Instant::now();
            let entries = collection.history(self.told).await?;
            latencies.add(begun.elapsed());
            if entries.len() != 20 {
                return Err(format!("a history of {} entries", entries.len()).into());
            }
        }
        Ok(clock.stop(&latencies))
    }

    async fn recoveries(&self) -> Outcome<Round> {
        let clock = Clock::start();
        let mut latencies = Latencies::default();
        while clock.elapsed() < self.lasting {
            // One that remembers nothing of the log.
            let guard = guard(&self.database, Audit::carried()).await?;
            let begun = Instant::now();
            let recovered = guard.collection::<Narrow>().recover().await?;
            latencies.add(begun.elapsed());
            if recovered.brought != 0 || recovered.entries < 500 {
                return Err(format!("a recovery of {recovered:?}").into());
            }
        }
        Ok(clock.stop(&latencies))
    }
}
