//! What growing logs come to.

use super::Measured;
use crate::measure::{Ratio, Rounds, to_float};
use crate::report::{Bound, Chapter, Chart, Goal, Table};

/// How much slower an update may be with the largest log.
const WANTED: f64 = 1.1;

/// Adds the table, the chart and the goals. `all`: by what is measured, then by the log.
pub(super) fn add(sizes: &[u32], all: &[Vec<Rounds>], chapter: &mut Chapter) {
    let table = table(sizes, all);
    eprintln!("{}", crate::report::rendered(&table));
    chapter.tables.push(table);
    chapter.charts.push(chart(sizes, all));
    let judged = [Measured::Carried, Measured::AfterWrite];
    let measured = Measured::ALL.into_iter().zip(all);
    let goals = measured.filter(|(measured, _)| judged.contains(measured));
    chapter
        .goals
        .extend(goals.filter_map(|(measured, rounds)| goal(sizes, measured, rounds)));
}

fn of_least(own: &Rounds, rounds: &[Rounds]) -> Ratio {
    own.ratio(&rounds[0], |round| round.p50)
}

fn table(sizes: &[u32], all: &[Vec<Rounds>]) -> Table {
    let rows = Measured::ALL.into_iter().zip(all);
    let rows = rows.flat_map(|(measured, rounds)| {
        sizes.iter().zip(rounds).map(move |(size, own)| {
            vec![
                format!("{}, {size} entries", measured.name()),
                format!("{:.0}", own.median(|round| round.p50)),
                format!("{:.0}", own.median(|round| round.p99)),
                of_least(own, rounds).to_string(),
            ]
        })
    });
    let against = format!("p50 : that of {} entries", sizes[0]);
    Table {
        caption: "By the number of entries in the log".to_owned(),
        head: ["", "p50 µs", "p99 µs", &against]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.collect(),
    }
}

fn chart(sizes: &[u32], all: &[Vec<Rounds>]) -> Chart {
    let lines = Measured::ALL
        .into_iter()
        .zip(all)
        .map(|(measured, rounds)| {
            let points = sizes.iter().zip(rounds).map(|(size, own)| {
                let ratio = of_least(own, rounds);
                (to_float(u64::from(*size)), ratio.median)
            });
            (measured.name().to_owned(), points.collect())
        });
    Chart {
        file: "growth-log".to_owned(),
        caption: "Latencies by the number of entries in the log".to_owned(),
        x: "entries in the log".to_owned(),
        y: format!("p50 : that of {} entries", sizes[0]),
        lines: lines.collect(),
    }
}

fn goal(sizes: &[u32], measured: Measured, rounds: &[Rounds]) -> Option<Goal> {
    let (least, most) = (sizes.first()?, sizes.last()?);
    let ratio = of_least(rounds.last()?, rounds);
    Some(Goal {
        what: format!(
            "{}, p50 with {most} entries in the log, against {least}",
            measured.name()
        ),
        bound: Bound::AtMost(WANTED),
        measured: ratio.median,
        unit: String::new(),
        note: format!("{:.2} to {:.2}", ratio.least, ratio.greatest),
    })
}
