//! What the derives cost the compiler.

use std::time::Duration;

use monguard_ui_tests::compiler::Dependencies;
use monguard_ui_tests::cost::{Crate, DERIVES, Derives, Times, measure};

use crate::Outcome;
use crate::extent::Extent;
use crate::measure::to_float;
use crate::report::{Chapter, Chart, Table};

const TEXT: &str = "
Programs of nothing but models, checked by `rustc` alone: its dependencies are built, and nothing is
kept from the last time. The model is the one of the budget of generated lines: six fields, one of them
a struct of two, and an enum. Each program is checked with the derives `Debug`, `Clone` and `PartialEq`
alone, with serde's beside them, and with monguard's beside these. Times are medians over the rounds,
in each of which every program is checked once. Code that is generated for a release is no part of
this: most of both derives is generic, and is compiled where it is used.
";

/// Enough for a median that stands still on a quiet machine.
const ROUNDS: usize = 5;

/// Crates of more and more models.
///
/// # Errors
/// The dependencies or the models do not compile.
pub async fn run(extent: Extent) -> Outcome<Chapter> {
    tokio::task::spawn_blocking(move || measured(extent)).await?
}

fn measured(extent: Extent) -> Outcome<Chapter> {
    let mut chapter = Chapter {
        title: "What the compiler takes".to_owned(),
        text: TEXT.to_owned(),
        ..Chapter::default()
    };
    if extent == Extent::Smoke {
        let skipped = "a smoke run does not wait until what the programs depend on is built";
        chapter.skipped.push(skipped.to_owned());
        return Ok(chapter);
    }
    let dependencies = Dependencies::build()?;
    let mut all = Vec::new();
    for models in [1, 10, 100].map(Crate::of_six_fields) {
        all.push((models, measure(&models, ROUNDS, &dependencies)?));
    }
    let table = table(&all);
    eprintln!("{}", crate::report::rendered(&table));
    chapter.tables.push(table);
    chapter.charts.push(chart(&all));
    Ok(chapter)
}

fn table(all: &[(Crate, Times)]) -> Table {
    let rows = all.iter().map(|(models, times)| {
        let wall = DERIVES.map(|derives| format!("{:.0}", milliseconds(times.wall(derives))));
        let processor = |derives| milliseconds(times.processor(derives));
        let [std, serde, ours] = DERIVES.map(processor);
        let mut row = vec![models.models.to_string()];
        row.extend(wall);
        row.push(format!("{:.2}", ours / serde));
        row.push(format!("{:.1}", (serde - std) / to_count(*models)));
        row.push(format!("{:.1}", (ours - serde) / to_count(*models)));
        row
    });
    let head = [
        "models",
        "std's, ms",
        "and serde's, ms",
        "and monguard's, ms",
        "CPU, monguard's : serde's",
        "CPU a model, serde's share, ms",
        "CPU a model, monguard's share, ms",
    ];
    Table {
        caption: "`rustc --emit metadata`, models of six fields".to_owned(),
        head: head.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}

fn chart(all: &[(Crate, Times)]) -> Chart {
    let lines = DERIVES.map(|derives| {
        let point = |(models, times): &(Crate, Times)| {
            (to_count(*models), milliseconds(times.processor(derives)))
        };
        (name(derives).to_owned(), all.iter().map(point).collect())
    });
    Chart {
        file: "compile".to_owned(),
        caption: "Checking a crate of models".to_owned(),
        x: "models".to_owned(),
        y: "processor time of rustc, ms".to_owned(),
        lines: lines.to_vec(),
    }
}

fn name(derives: Derives) -> &'static str {
    match derives {
        Derives::Std => "Debug, Clone, PartialEq",
        Derives::Serde => "and serde's",
        Derives::Monguard => "and monguard's",
    }
}

fn to_count(models: Crate) -> f64 {
    to_float(u64::try_from(models.models).unwrap_or(u64::MAX))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
