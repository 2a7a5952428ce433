//! Documents of more and more parts.

use std::time::Duration;

use mongodb::Client;
use monguard::Audit;
use monguard::prelude::*;

use super::program::{Program, guard};
use crate::Outcome;
use crate::extent::Extent;
use crate::measure::{Rounds, to_float};
use crate::models::Sample;
use crate::report::{Chapter, Chart, Table};
use crate::stage::database_name;

/// A document of so many parts, of about 100 bytes each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "grown")]
struct Grown {
    counter: i64,
    parts: Vec<Part>,
}

/// A part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
struct Part {
    name: String,
    amount: i64,
    text: String,
}

impl Sample for Grown {
    const LABEL: &'static str = "grown";

    fn sample() -> Self {
        Grown::of(1)
    }

    fn set_counter<U>(update: Update<Self, U>, value: i64) -> Update<Self, U> {
        update.set(|model| model.counter, value)
    }

    fn counter(&self) -> i64 {
        self.counter
    }
}

impl Grown {
    /// Of about so many thousands of bytes.
    fn of(kilobytes: u32) -> Self {
        let part = |number: u32| Part {
            name: format!("part {number:05}"),
            amount: i64::from(number),
            text: "runs away into the night".to_owned(),
        };
        Grown {
            counter: 0,
            parts: (0..kilobytes * 10).map(part).collect(),
        }
    }
}

const NAMES: [&str; 3] = ["floor", "carried", "after_write"];

/// Updates of documents of all sizes.
///
/// # Errors
/// What a program says.
pub(super) async fn run(client: &Client, extent: Extent, chapter: &mut Chapter) -> Outcome<()> {
    let sizes: &[u32] = extent.pick(&[1, 10, 100, 1000], &[1, 10]);
    let lasting = extent.pick(Duration::from_millis(500), Duration::from_millis(20));
    let mut all: Vec<Vec<Rounds>> = Vec::new();
    for size in sizes {
        let mut programs = programs(client, *size).await?;
        let mut rounds = vec![Rounds::default(); programs.len()];
        for round in 0..extent.pick(9, 1) {
            for place in 0..programs.len() {
                let at = (place + round) % programs.len();
                rounds[at].0.push(programs[at].round(lasting).await?);
            }
        }
        all.push(rounds);
    }
    let table = table(sizes, &all);
    eprintln!("{}", crate::report::rendered(&table));
    chapter.tables.push(table);
    chapter.charts.push(chart(sizes, &all));
    Ok(())
}

async fn programs(client: &Client, size: u32) -> Outcome<Vec<Program<Grown>>> {
    let database = || client.database(&database_name());
    let mut programs = vec![Program::floor(&database(), Grown::of(size)).await?];
    for audit in [Audit::carried(), Audit::after_write()] {
        let guard = guard(&database(), audit).await?;
        guard.collection::<Grown>().ensure_indexes().await?;
        programs.push(Program::ours(&guard, Grown::of(size)).await?);
    }
    Ok(programs)
}

fn table(sizes: &[u32], all: &[Vec<Rounds>]) -> Table {
    let rows = sizes.iter().zip(all).flat_map(|(size, rounds)| {
        let named = NAMES.iter().zip(rounds);
        named.map(move |(name, own)| {
            vec![
                format!("{size} KB, {name}"),
                format!("{:.0}", own.median(|round| round.p50)),
                format!("{:.0}", own.median(|round| round.p99)),
                format!("{:.0}", own.median(|round| round.cpu)),
                own.ratio(&rounds[0], |round| round.p50).to_string(),
                own.ratio(&rounds[0], |round| round.cpu).to_string(),
            ]
        })
    });
    let head = [
        "",
        "p50 µs",
        "p99 µs",
        "CPU µs",
        "p50 : floor",
        "CPU : floor",
    ];
    Table {
        caption: "Update of one small field, by the size of the document".to_owned(),
        head: head.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}

fn chart(sizes: &[u32], all: &[Vec<Rounds>]) -> Chart {
    let lines = NAMES.iter().enumerate().skip(1).map(|(at, name)| {
        let points = sizes.iter().zip(all).map(|(size, rounds)| {
            let ratio = rounds[at].ratio(&rounds[0], |round| round.p50);
            (to_float(u64::from(*size)), ratio.median)
        });
        ((*name).to_owned(), points.collect())
    });
    Chart {
        file: "growth-document".to_owned(),
        caption: "An update of one small field, by the size of the document".to_owned(),
        x: "KB".to_owned(),
        y: "p50 : floor".to_owned(),
        lines: lines.collect(),
    }
}
