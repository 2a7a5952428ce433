//! Diffs of two states of one document: ours, and those that crates make of JSON. A program of its
//! own, since it counts allocations: `bench-diff [--smoke]` prints a line of JSON for each.

mod subjects;

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde::Serialize;

use monguard_benches::Outcome;
use monguard_benches::models::Order;
use subjects::{Data, Subject};

/// Shipments, and lines of each, for the sizes that are measured.
const SIZES: [(usize, usize); 3] = [(1, 2), (4, 10), (20, 20)];
/// How many fields of lines are changed. A line is as deep as a delta goes: it is held as a whole.
const CHANGES: [usize; 4] = [0, 1, 10, 100];

/// One subject on one pair of documents.
#[derive(Serialize)]
struct Measured {
    subject: &'static str,
    /// Of the document in BSON.
    bytes: usize,
    changes: usize,
    /// Whether it is a field of the document itself that is changed, and not one of a line.
    is_near: bool,
    /// What the subject found.
    found: usize,
    allocations: u64,
    allocated: u64,
    /// Nanoseconds of one run, round by round.
    rounds: Vec<f64>,
}

fn main() -> Outcome<()> {
    let is_smoke = std::env::args().any(|argument| argument == "--smoke");
    let (rounds, lasting) = if is_smoke {
        (1, Duration::from_micros(200))
    } else {
        (15, Duration::from_millis(4))
    };
    for (shipments, lines) in SIZES {
        let order = Order::of(shipments, lines);
        let far = CHANGES.map(|count| Some((count, false, order.with_changes(count)?)));
        let near = Some((1, true, order.with_total()));
        for (changes, is_near, changed) in far.into_iter().chain([near]).flatten() {
            let data = Data::of(&order, &changed)?;
            for measured in measure(&data, (changes, is_near), rounds, lasting) {
                println!("{}", serde_json::to_string(&measured)?);
            }
        }
    }
    Ok(())
}

fn measure(
    data: &Data,
    (changes, is_near): (usize, bool),
    rounds: usize,
    lasting: Duration,
) -> Vec<Measured> {
    let all = Subject::ALL.map(|subject| {
        let found = subject.prepare(data)();
        let run = subject.prepare(data);
        let info = allocation_counter::measure(|| {
            black_box(run());
        });
        let measured = Measured {
            subject: subject.name,
            bytes: data.bytes,
            changes,
            is_near,
            found,
            allocations: info.count_total,
            allocated: info.bytes_total,
            rounds: Vec::with_capacity(rounds),
        };
        (subject, measured)
    });
    let mut all = Vec::from(all);
    for _ in 0..rounds {
        // One right after the other, so that what slows the machine down slows all of them.
        for (subject, measured) in &mut all {
            measured.rounds.push(round(subject, data, lasting));
        }
    }
    all.into_iter().map(|(_, measured)| measured).collect()
}

/// Nanoseconds of one run, over as many as the time allows.
fn round(subject: &Subject, data: &Data, lasting: Duration) -> f64 {
    /// What a subject consumes is made so many times before the clock starts.
    const BATCH: u32 = 8;
    let (mut spent, mut runs) = (Duration::ZERO, 0);
    while spent < lasting {
        let batch: Vec<_> = (0..BATCH).map(|_| subject.prepare(data)).collect();
        let begun = Instant::now();
        for run in batch {
            black_box(run());
        }
        spent += begun.elapsed();
        runs += BATCH;
    }
    spent.as_secs_f64() * 1e9 / f64::from(runs)
}
